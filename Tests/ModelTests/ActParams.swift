import JSONRPC

extension Act {
    /// Good params. A promise and an accountability are named by their own number, everything else by the case's.
    func params(_ number: String, matter: String = "", into master: String = "", at now: Moment) -> JSONValue {
        if case .settlePromise = self { return object([("promiseId", JSONValue(matter))] + members(master, now)) }
        if case .recordAccountability = self { return object([("id", JSONValue(matter))] + members(master, now)) }
        return object([("caseNumber", JSONValue(number))] + members(master, now))
    }

    private func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(members.map { JSONMember(JSONString($0.0), $0.1) })
    }

    private static let person: JSONValue = ["name": "王主任", "title": "科长"]
    private static let leader: JSONValue = ["name": "赵书记", "title": "书记"]
    private static let reply = "经查，该工地已于当日停止夜间施工，并责令整改，欢迎继续监督。"
    static let unitText = "有群众反映夜间施工噪声。"
    static let petitioner = "张三丰"

    private static func ground(_ isGiven: Bool) -> [(String, JSONValue)] {
        isGiven ? [("conflictGround", "别无单位负责")] : []
    }

    private func members(_ master: String, _ now: Moment) -> [(String, JSONValue)] {
        switch self {
        case .classify(let urgency, let unitText):
            [("category", "urban.noise")] + (urgency.map { [("urgency", JSONValue($0.rawValue))] } ?? [])
                + (unitText ? [("unitText", JSONValue(Self.unitText))] : [])
        case .sort(let about, let confidential):
            (about.map { [("about", .array($0.map { JSONValue($0) }))] } ?? [])
                + (confidential.map { [("confidential", JSONValue($0))] } ?? [])
        case .proposeDecline: [("ground", "settled"), ("explanation", "已办结")]
        case .recall, .unmerge, .withdraw, .withdrawApproval: [("reason", "有误")]
        case .merge: [("into", JSONValue(master))]
        case .supplement: [("text", "昨夜仍在施工")]
        case .dispatch(let unit, let parts, let onGround):
            [("leadUnitId", JSONValue(unit)), ("coUnits", .array(parts.map { object($0.members) }))]
                + Self.ground(onGround)
        case .claim: [("responsiblePerson", Self.person)]
        case .changeResponsible: [("responsiblePerson", ["name": "周主任", "title": "科长"]), ("reason", "岗位调整")]
        case .requestReturn: [("ground", "不属于本单位职责"), ("dutyClause", "《三定规定》第二条")]
        case .decideReturn(.deny, _): [("decision", "deny"), ("ground", "属于其职责")]
        case .decideReturn(.toRegistry, _): [("decision", "acceptToRegistry"), ("ground", "无单位负责")]
        case .decideReturn(.toUnit(let unit), let onGround):
            [("decision", "acceptToUnit"), ("leadUnitId", JSONValue(unit)), ("ground", "属于该单位")]
                + Self.ground(onGround)
        case .reassign(let unit, let onGround):
            [("leadUnitId", JSONValue(unit)), ("ground", "wrongUnit"), ("note", "改派")] + Self.ground(onGround)
        case .requestExtension(let day, let byStatute):
            [
                ("until", JSONValue(Moment.date(day))), ("reason", "案情复杂"),
                ("legalBasis", byStatute ? "《信访工作条例》第三十四条" : "规定第五条"),
                ("interimReply", "正在核查现场，请耐心等待"),
            ]
        case .decideExtension(let grant): [("decision", grant ? "grant" : "refuse"), ("ground", "经研究")]
        case .addCoOrder(let part): part.members
        case .withdrawCoOrder(let unit): [("unitId", JSONValue(unit)), ("reason", "不再需要")]
        case .objectCoOrder: [("ground", "不属于本单位职责")]
        case .decideCoObjection(let unit, let accept):
            [("unitId", JSONValue(unit)), ("decision", accept ? "accept" : "deny")]
        case .changeUrgency(let urgency): [("urgency", JSONValue(urgency.rawValue)), ("ground", "影响面广")]
        case .instruct: [("text", "从速办理"), ("leader", Self.leader)]
        case .fileOpinion: [("opinion", "拟现场核查")]
        case .addProgress: [("note", "已现场核查"), ("public", true)]
        case .askPetitioner: [("question", "请问在几号楼？")]
        case .resume, .confirmWithdrawal: [("note", "已经核实")]
        case .fileCoResult: [("account", "已配合核查")]
        case .fileResult(let units, let day, let naming):
            [
                ("factual", true), ("resolution", "resolved"), ("internalAccount", "现场核查，已责令停工。"),
                ("publicReply", JSONValue(naming ? "\(Self.petitioner)，您好。\(Self.reply)" : Self.reply)),
                ("signedBy", ["name": "吴局长", "title": "局长"]),
                ("overdueCoUnits", .array(units.map { JSONValue($0) })),
                ("promises", .array(day.map { [["commitment": "修复路面", "dueOn": JSONValue(Moment.date($0))]] } ?? [])),
            ]
        case .approve: [("decision", "approve"), ("comment", "同意"), ("reviewer", Self.leader)]
        case .sendBack(let units):
            [
                ("decision", "sendBack"), ("comment", "答复不具体"), ("reviewer", Self.leader),
                ("reopenCoOrders", .array(units.map { JSONValue($0) })),
            ]
        case .confirmPublication(let onBoard):
            [("way", onBoard ? "board" : "phone"), ("at", JSONValue(now.description))]
                + (onBoard
                    ? [
                        ("url", "https://example.org/reply"),
                        ("sha256", JSONValue(String(repeating: "0", count: 64))),
                    ] : [])
        case .recordFollowUp(let asked, let visit, let isFalse):
            [("method", visit ? "openVisit" : "phone"), ("satisfaction", JSONValue(asked.rawValue))]
                + (asked == .unreachable ? [] : [("resolution", "resolved")])
                + (visit ? [("falseCompletion", JSONValue(isFalse))] : [])
        case .rate(let asked): [("satisfaction", JSONValue(asked.rawValue)), ("resolution", "partly")]
        case .ruleRound(let another):
            [("decision", another ? "anotherRound" : "closeExplained"), ("ground", "经研究")]
                + (another ? [("leader", Self.leader)] : [])
        case .reopen(let entry):
            [("reason", "问题反弹")] + (entry.map { [("instructionSeq", JSONValue($0))] } ?? [])
        case .urge: [("text", "请从速")]
        case .requestExclusion: [("measures", ["responseRate"]), ("ground", "法定期限更长")]
        case .decideExclusion: [("decision", "grant"), ("ground", "属实")]
        case .openAccountability:
            [("unitId", "housing"), ("accountable", ["name": "吴局长", "title": "局长"]), ("ground", "虚报办结")]
        case .recordAccountability: [("outcome", "诫勉"), ("decidedBy", "市纪委"), ("documentNumber", "〔2026〕1号")]
        case .settlePromise(let outcome): outcome.members
        case .confirmDecline, .seal: []
        }
    }
}

extension Act.Part {
    fileprivate var members: [(String, JSONValue)] {
        [("unitId", JSONValue(unit)), ("task", "配合核查"), ("required", JSONValue(isRequired))]
    }
}

extension Act.Outcome {
    fileprivate var members: [(String, JSONValue)] {
        switch self {
        case .kept: [("outcome", "kept"), ("evidence", "已现场核实")]
        case .broken: [("outcome", "broken"), ("evidence", "未见动工")]
        case .moved(let day): [("outcome", "moved"), ("evidence", "天气原因"), ("newDueOn", JSONValue(Moment.date(day)))]
        }
    }
}

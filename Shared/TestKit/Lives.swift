import Domain
import JSONRPC

/// Cases taken to a status by the steps that lead there.
extension City {
    /// What the steps on the way need to know; every field has a usual value.
    public struct Life: Sendable {
        public var lead = "housing"
        public var coUnits: [String] = []
        public var type = "complaint"
        public var urgency = "ordinary"
        public var channel = "board"
        public var petitioner: JSONValue = ["name": "张三丰", "phone": "13900001234", "account": "user-1"]
        /// What the message says; `nil` for a text that no other has, so that no two are on the same matter.
        public var body: String?
        public var more: [String: JSONValue] = [:]

        public init() {}
    }

    /// Registers a case. Each has an external id of its own.
    public func register(_ life: Life = Life()) async throws -> (number: String, code: String) {
        let id = "x-\(Int.random(in: 0...Int.max))"
        let place = String((0..<12).map { _ in "甲乙丙丁戊己庚辛".randomElement() ?? "甲" })
        let body = life.body ?? "工地夜里十一点以后还在打桩，老人小孩无法入睡，请查处。地点：\(place)。"
        var params: [JSONMember] = [
            JSONMember("channel", JSONValue(life.channel)), JSONMember("externalId", JSONValue(id)),
            JSONMember("title", "小区夜间施工噪声扰民"), JSONMember("body", JSONValue(body)),
            JSONMember("type", JSONValue(life.type)), JSONMember("urgency", JSONValue(life.urgency)),
            JSONMember("petitioner", life.petitioner),
        ]
        params += life.more.map { JSONMember(JSONString($0.key), $0.value) }
        let result = try await call("intake.register", .object(params), as: .registrar)
        return (result["caseNumber"]?.stringValue ?? "", result["trackingCode"]?.stringValue ?? "")
    }

    /// Registers a case and takes it to `status`, one step after the other. Serves the statuses that this version reaches.
    public func bring(to status: CaseStatus, _ life: Life = Life()) async throws -> String {
        let (number, _) = try await register(life)
        let path: [CaseStatus] = [
            .registered, .dispatched, .claimed, .reported, .approved, .replied, .closed, .archived,
        ]
        if status == .declined {
            try await call(
                "intake.proposeDecline", ["caseNumber": JSONValue(number), "ground": "settled", "explanation": "已办结"],
                as: .registrar)
            try await call("intake.confirmDecline", ["caseNumber": JSONValue(number)], as: .office)
            return number
        }
        switch status {
        case .awaitingPetitioner:
            let number = try await bring(to: .claimed, life)
            try await step(number, to: .awaitingPetitioner, life)
            return number
        case .merged:
            let master = try await bring(to: .registered, life)
            try await call(
                "intake.merge", ["caseNumber": JSONValue(number), "into": JSONValue(master)], as: .registrar)
            return number
        case .withdrawn:
            try await call(
                "intake.withdraw", ["caseNumber": JSONValue(number), "reason": "已自行解决"], as: .registrar)
            return number
        default: break
        }
        if status == .returning {
            let number = try await bring(to: .dispatched, life)
            try await step(number, to: .returning, life)
            return number
        }
        guard let end = path.firstIndex(of: status) else { preconditionFailure("\(status) cannot be reached yet") }
        for next in path[1...max(1, end)] where end >= 1 { try await step(number, to: next, life) }
        return number
    }

    /// The one step that leads to `status` from the status before it.
    public func step(_ number: String, to status: CaseStatus, _ life: Life = Life()) async throws {
        let c = JSONValue(number)
        switch status {
        case .dispatched:
            if life.type == "report" || life.petitioner["confidential"]?.boolValue == true {
                try await call("intake.classify", ["caseNumber": c, "unitText": "有群众反映夜间施工噪声。"], as: .registrar)
            }
            let coUnits = life.coUnits.map { ["unitId": JSONValue($0), "task": "配合核查"] as JSONValue }
            try await call(
                "assignment.dispatch",
                ["caseNumber": c, "leadUnitId": JSONValue(life.lead), "coUnits": .array(coUnits)], as: .office)
        case .returning:
            try await call("assignment.requestReturn", Self.returned(number), as: .unit(life.lead))
        case .claimed:
            try await call(
                "assignment.claim", ["caseNumber": c, "responsiblePerson": ["name": "周主任", "title": "科长"]],
                as: .unit(life.lead))
        case .awaitingPetitioner:
            try await call(
                "handling.askPetitioner", ["caseNumber": c, "question": "请问具体在几号楼？"], as: .unit(life.lead))
        case .reported:
            try await call("handling.fileResult", Self.result(number), as: .unit(life.lead))
        case .approved:
            try await call("handling.review", Self.review(number, "approve"), as: .office)
        case .replied:
            try await call(
                "handling.confirmPublication",
                ["caseNumber": c, "way": "phone", "at": JSONValue(clock.now.description)], as: .registrar)
        case .closed:
            try await call("supervision.recordFollowUp", Self.followUp(number, "satisfied"), as: .supervisor)
        case .archived:
            try await call("archive.seal", ["caseNumber": c], as: .admin)
        case .registered, .declined, .merged, .withdrawn:
            preconditionFailure("no step leads to \(status)")
        }
    }

    /// Params of a return.
    public static func returned(_ number: String) -> JSONValue {
        ["caseNumber": JSONValue(number), "ground": "不属于本单位职责", "dutyClause": "《三定规定》第二条"]
    }

    public static func result(_ number: String, reply: String = "经查，该工地已于当日停止夜间施工，并责令整改，欢迎继续监督。") -> JSONValue {
        [
            "caseNumber": JSONValue(number), "factual": true, "resolution": "resolved",
            "internalAccount": "现场核查，已责令停工。",
            "publicReply": JSONValue(reply), "signedBy": ["name": "吴局长", "title": "局长"],
        ]
    }

    public static func review(_ number: String, _ decision: String) -> JSONValue {
        [
            "caseNumber": JSONValue(number), "decision": JSONValue(decision), "comment": "审定意见",
            "reviewer": ["name": "郑主任", "title": "副主任"],
        ]
    }

    public static func followUp(_ number: String, _ satisfaction: String, method: String = "phone") -> JSONValue {
        [
            "caseNumber": JSONValue(number), "method": JSONValue(method), "satisfaction": JSONValue(satisfaction),
            "resolution": "resolved",
        ]
    }

    public func get(_ number: String, as who: Who = .office) async throws -> JSONValue {
        try await call("intake.get", ["caseNumber": JSONValue(number)], as: who)
    }
}

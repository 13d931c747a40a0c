/// The words of the domain, as they travel in JSON and stand in the database. The Chinese term is in each comment.
///
/// `Word` marks the enums whose raw values are fixed by the contract.
public protocol Word: RawRepresentable<String>, CaseIterable, Codable, Hashable, Sendable {}

/// 类型 — what kind of message it is.
public enum CaseType: String, Word {
    /// 咨询, 求助, 投诉, 举报, 建议, 表扬
    case consultation, help, complaint, report, suggestion, praise

    /// Whether a follow-up asks if the matter was resolved.
    public var asksResolution: Bool {
        switch self {
        case .help, .complaint, .report: true
        case .consultation, .suggestion, .praise: false
        }
    }
}

/// 紧急程度, from the mildest to the gravest.
public enum Urgency: String, Word, Comparable {
    /// 一般, 重要, 重大敏感
    case ordinary, important, critical

    public var chinese: String {
        switch self {
        case .ordinary: "一般"
        case .important: "重要"
        case .critical: "重大敏感"
        }
    }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    public static func < (a: Urgency, b: Urgency) -> Bool { a.rank < b.rank }
}

/// 不予受理的理由 — grounds on which a message may be declined.
public enum DeclineGround: String, Word {
    case outsideJurisdiction, otherOrgan, military, emergencyLine, inProcedure, settled, againstLaw, noContent, repeated

    public var chinese: String {
        switch self {
        case .outsideJurisdiction: "不属于本地管辖范围"
        case .otherOrgan: "依法应由法院、检察院、人大或党的机关处理"
        case .military: "涉及军队事务"
        case .emergencyLine: "属于紧急警务、消防、急救事项，已转紧急热线"
        case .inProcedure: "正在诉讼、仲裁、行政复议、纪检监察或信访程序中"
        case .settled: "已经依法办结"
        case .againstLaw: "违反法律法规或公序良俗"
        case .noContent: "没有具体的诉求内容"
        case .repeated: "重复反映且没有新的事实"
        }
    }
}

/// 退单裁定 — what the office decides when a unit hands a case back.
public enum ReturnDecision: String, Word {
    case acceptToUnit, acceptToRegistry, deny
}

/// 改派的理由
public enum ReassignGround: String, Word {
    case wrongUnit, conflictOfInterest, leaderInstruction, unitAbolished

    public var chinese: String {
        switch self {
        case .wrongUnit: "承办单位有误"
        case .conflictOfInterest: "须回避"
        case .leaderInstruction: "按领导批示"
        case .unitAbolished: "原承办单位已撤销"
        }
    }
}

/// 延期审批
public enum ExtensionDecision: String, Word {
    case grant, refuse
}

/// 协办异议裁定
public enum ObjectionDecision: String, Word {
    case accept, deny
}

/// 满意度 — what the petitioner says of the reply.
public enum Satisfaction: String, Word {
    case satisfied, basicallySatisfied, dissatisfied, unreachable
}

/// 解决情况
public enum Resolution: String, Word {
    case resolved, partly, unresolved
}

/// 回访方式
public enum FollowUpMethod: String, Word {
    case phone, openVisit, hiddenVisit

    public var isVisit: Bool { self != .phone }
}

/// 反馈方式 — how a reply reached the petitioner.
public enum PublicationWay: String, Word {
    case board, phone, sms, letter, inPerson
}

/// 审定意见
public enum ReviewDecision: String, Word {
    case approve, sendBack
}

/// Why somebody reads a petitioner's name and phone.
public enum IdentityPurpose: String, Word {
    case contact, followUp, transfer
}

/// The level of a unit.
public enum UnitLevel: String, Word {
    case city, county, township
}

/// 灯 — how much of the holder's time is left.
public enum Lamp: String, Word {
    case green, yellow, red, grey
}

/// Who holds a case (custody): exactly one party at every moment.
public enum Party: String, Word {
    case registry, office, leadUnit, petitioner, publisher, supervision, archive

    public var chinese: String {
        switch self {
        case .registry: "网管中心"
        case .office: "两办"
        case .leadUnit: "主办单位"
        case .petitioner: "来信人"
        case .publisher: "发布方"
        case .supervision: "督查部门"
        case .archive: "档案"
        }
    }
}

/// What has become of a co-unit's part.
public enum CoOrderStatus: String, Word {
    case open, done, withdrawn
}

/// A rule said no. Nothing failed; the request was understood and declined, and nothing has changed.
public struct Refusal: Error, Equatable, Sendable {
    /// The codes of the contract that a rule may answer with; the raw value is the wire's.
    public enum Code: Int, Sendable {
        case badParams = -32602
        case unauthenticated = -32001
        case notAllowed = -32003
        case busy = -32005
        case keyInUse = -32009
        case keyReused = -32022
        case notFound = 1001
        case wrongStatus = 1002
        case staleVersion = 1003
        case alreadyClaimed = 1004
        case tooLate = 1005
        case limitReached = 1006
        case conflictOfInterest = 1007
        case coOrdersOpen = 1008
        case unknownReference = 1009
        case sealed = 1010
        case notAccepted = 1011
    }

    /// What the answer shows beside code and reason.
    public enum Facts: Equatable, Sendable {
        case none
        /// A path such as `petitioner.phone` and what is wrong there.
        case field(path: String, problem: String)
        case status(CaseStatus, allowed: [String])
        case version(Int)
        case holder(String)
        case units([UnitID])
        case retryAfter(milliseconds: Int)
    }

    public let code: Code
    /// A stable word for programs.
    public let reason: String
    /// A Chinese sentence for people. Never another person's data.
    public let detail: String
    public let facts: Facts

    public init(_ code: Code, _ reason: String, _ detail: String, _ facts: Facts = .none) {
        self.code = code
        self.reason = reason
        self.detail = detail
        self.facts = facts
    }
}

extension Refusal {
    public static let notFound = Refusal(.notFound, "notFound", "没有这一事项，或无权查看")
    public static let sealed = Refusal(.sealed, "sealed", "该件已经归档，不得改动")
    public static let notLeadUnit = Refusal(.notAllowed, "notLeadUnit", "只有主办单位可以办理")

    public static func field(_ path: String, _ problem: String) -> Refusal {
        Refusal(.badParams, "badParams", "参数有误：\(path)", .field(path: path, problem: problem))
    }
    public static func unknown(_ path: String) -> Refusal {
        Refusal(.unknownReference, "unknownReference", "引用的对象不存在：\(path)", .field(path: path, problem: "unknown"))
    }
    public static func notAccepted(_ reason: String, _ detail: String) -> Refusal {
        Refusal(.notAccepted, reason, detail)
    }
    public static func tooLate(_ detail: String) -> Refusal { Refusal(.tooLate, "tooLate", detail) }

    public static func wrongStatus(_ status: CaseStatus, for role: Role) -> Refusal {
        Refusal(
            .wrongStatus, "wrongStatus", "事项当前的状态不允许这一操作",
            .status(status, allowed: StatusTable.methods(in: status, for: role)))
    }
}

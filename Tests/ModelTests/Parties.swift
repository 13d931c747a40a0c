import TestKit

/// Who holds a case.
enum Holder: Hashable, Sendable {
    case registry, office, petitioner, publisher, supervision, archive
    case unit(String)
    /// Whoever holds the master, one of the history's cases.
    case master(Int)
}

/// Why the model says no, or cannot say.
enum Verdict: Error, Hashable {
    case refused(Int, String)
    /// The text leaves it open, and nothing is tried.
    case open

    static let notFound = Verdict.refused(1001, "notFound")
    static let notLeadUnit = Verdict.refused(-32003, "notLeadUnit")
    static func notAccepted(_ reason: String) -> Verdict { .refused(1011, reason) }
    static let badParams = Verdict.refused(-32602, "badParams")
    static let conflictOfInterest = Verdict.refused(1007, "conflictOfInterest")
    static let tooLate = Verdict.refused(1005, "tooLate")
    /// Where an act breaks two rules of the same step, the text does not say which is named.
    static func throwOnly(_ faults: [Verdict]) throws(Verdict) {
        if faults.count > 1 { throw .open }
        if let fault = faults.first { throw fault }
    }
    static let limitReached = Verdict.refused(1006, "limitReached")
}

/// The sample city's units: 块, the chain of parents.
enum Units {
    private static let known = [
        "housing": "city", "housing-roads": "housing", "transport": "city", "north": "city", "north-town": "north",
        "north-housing": "north",
    ]
    /// 条: whom a unit answers to by line of business.
    private static let lines = ["north-housing": "housing"]
    static let all = ["city"] + known.keys.sorted()
    /// A history's own unit is beneath the city.
    static let own = "own-"

    private static func parent(of unit: String) -> String? { unit.hasPrefix(own) ? "city" : known[unit] }

    /// The unit, and all above it by 块 or 条.
    static func superiors(of unit: String) -> Set<String> {
        [parent(of: unit), lines[unit]].compactMap { $0 }.reduce(into: [unit]) { $0.formUnion(superiors(of: $1)) }
    }

    /// Whether the first is the second or above it.
    static func isAtOrAbove(_ upper: String, _ lower: String) -> Bool {
        var unit: String? = lower
        while let next = unit {
            if next == upper { return true }
            unit = parent(of: next)
        }
        return false
    }

    static func beneath(_ unit: String) -> [String] { all.filter { $0 != unit && isAtOrAbove(unit, $0) } }
}

extension Who {
    /// The word for the role in the table; a unit's depends on the case.
    var word: String {
        switch self {
        case .source, .otherSource: "source"
        case .registrar: "registrar"
        case .office: "office"
        case .leader, .northLeader: "leader"
        case .supervisor: "supervisor"
        case .auditor: "auditor"
        case .observer: "observer"
        case .admin: "admin"
        case .unit: "unit"
        case .service, .nobody: ""
        }
    }
}

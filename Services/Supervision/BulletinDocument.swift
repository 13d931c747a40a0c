import Domain
import Ledger

/// 通报 — what a month's bulletin says. It names units and those responsible, and of cases nothing but their numbers.
struct BulletinDocument: Codable, Sendable {
    /// The version of the formulas (docs/domain.md, Measures).
    static let formula = "1"
    /// Longer lists are cut and give their length.
    static let listMax = 200

    struct Share: Codable, Sendable, Hashable {
        /// `null`: not classified.
        @Nullable var code: String?
        var name: String
        var cases: Int
    }

    /// What was registered in the month.
    struct Volume: Codable, Sendable {
        var registered: Int
        var byChannel: [Share]
        var byCategory: [Share]
        var byUrgency: [Share]
        var byType: [Share]
    }

    /// The city, or a unit.
    struct Line: Codable, Sendable {
        var measures: Measures
        var counts: [Count]
        var bounds: Bounds?

        init(_ figures: [Measure: Rules.Histogram]) {
            (measures, counts, bounds) = (Measures(figures), Count.all(figures), Bounds(figures))
        }
    }

    /// What the follow-ups said that closed cases in the month.
    struct FollowUps: Codable, Sendable {
        var satisfied: Int
        var basicallySatisfied: Int
        var dissatisfied: Int
    }

    struct UnitLine: Codable, Sendable {
        /// Absent: 件数不足.
        var rank: Int?
        var unitId: UnitID
        var name: String
        /// Due in the month.
        var cases: Int
        var line: Line
    }

    struct Group: Codable, Sendable {
        var level: UnitLevel
        /// The least number of cases; absent: 件数不足, not ranked.
        var from: Int?
        var units: [UnitLine]
    }

    struct Mention: Codable, Sendable {
        var unitId: UnitID
        var name: String
        var responseRate: Double
        /// The lower of a praised unit, the upper of a criticised one.
        var bound: Double
        var cases: Int
        /// 情况说明 — a criticised unit owes an explanation by this day.
        var explanationDueOn: Day?
    }

    struct List<Item: Codable & Sendable>: Codable, Sendable {
        var total: Int
        var items: [Item]
    }

    struct Overdue: Codable, Sendable {
        var caseNumber: CaseNumber
        var unitId: UnitID
        var unitName: String
        var responsiblePerson: Person?
        var dueAt: Instant
        /// Absent: still to be filed, or the unit lost the case.
        var filedAt: Instant?
    }

    /// 热点 — a matter with many petitioners.
    struct Cluster: Codable, Sendable {
        /// The master's.
        var caseNumber: CaseNumber
        var category: String?
        var unitId: UnitID?
        var unitName: String?
        var urgency: Urgency
        /// Messages, the master's among them.
        var cases: Int
    }

    struct Oddity: Codable, Sendable {
        var caseNumber: CaseNumber
        var unitId: UnitID
    }

    /// Cases whose replies say the same, word for word.
    struct SameReply: Codable, Sendable {
        var cases: Int
        /// The first 20.
        var caseNumbers: [CaseNumber]
    }

    struct Oddities: Codable, Sendable {
        var sameReplies: [SameReply]
        var lastMinuteResults: List<Oddity>
        var lastMinuteExtensions: List<Oddity>
        var loweredUrgencies: List<Oddity>
        var contradicted: List<Oddity>
        var differingPublications: List<Oddity>
    }

    /// 解释办结 — closed as explained after the second "no".
    struct Explained: Codable, Sendable {
        var caseNumber: CaseNumber
        var unitId: UnitID?
        var at: Instant
        /// Absent for reports and confidential cases. Phone and identity numbers are masked.
        var ground: String?
    }

    struct Exclusion: Codable, Sendable {
        var caseNumber: CaseNumber
        var rulingNumber: String
        var measures: [Measure]
    }

    /// The root over a day's sealed files.
    struct Root: Codable, Sendable {
        var day: Day
        var root: String
        var files: Int
    }

    var month: Month
    var formula = Self.formula
    var compiledAt: Instant
    var volume: Volume
    var city: Line
    var followUps: FollowUps
    var groups: [Group]
    var praise: [Mention]
    var criticism: [Mention]
    var overdue: List<Overdue>
    var clusters: [Cluster]
    var oddities: Oddities
    var explained: List<Explained>
    var exclusions: List<Exclusion>
    var roots: [Root]
}

/// The numbers of a bulletin (policy `bulletin`).
struct BulletinPolicy: Codable, Sendable {
    /// Fewer cases are not ranked.
    var casesMin: Int
    /// The least numbers of cases of the groups, the greatest first.
    var volumeBands: [Int]
    var praised: Int
    var criticised: Int
    var explanationWorkingDays: Int
    /// Messages that make a cluster hot.
    var clusterMin: Int
    var repeatedReplyMin: Int
    /// A result filed so few minutes before its due date, and an extension asked for so few hours before it, are odd.
    var lastMinutes: Int
    var lastHoursOfExtension: Int
}

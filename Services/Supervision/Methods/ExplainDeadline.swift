import Domain
import Ledger
import ServiceKit

/// 时限说明 — why the result is due when it is: the facts, the policy, and each day with whether it counts.
enum ExplainDeadline: Method {
    static let name = "supervision.explainDeadline"
    static let roles = Role.callers
    static let kind = MethodKind.read
    static let summary = "时限说明：why the result is due when it is, day by day"

    struct Params: Codable, Sendable { var caseNumber: CaseNumber }

    struct Result: Codable, Sendable {
        struct PolicyUsed: Codable, Sendable {
            var name: String
            var effectiveFrom: Day
            var urgency: Urgency
            var term: Term
        }
        /// `null` before the case was dispatched.
        @Nullable var dueAt: Instant?
        var policy: PolicyUsed
        var calendarVersion: Int
        var provisional: Bool
        var days: [Rules.CountedDay]
        var facts: [ClockFact]
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> Result {
        let record = try work.find(params.caseNumber)
        // Its clocks stopped being its own with its release.
        if work.caller.isFormerLead(of: record) { throw Refusal.notFound }
        let facts = try ClockFacts.all(of: record.id, work.db)
        let policies = try work.book().policies
        let calendars = try Dictionary(
            Set(facts.map(\.calendarVersion)).map { ($0, try work.calendar($0)) },
            uniquingKeysWith: { first, _ in first })
        let clocks = Clocks(facts, policies) { calendars[$0] ?? WorkCalendar(version: $0, years: [:]) }
        // The fact that gave the term: the last that starts, reworks or re-urges the result. Others moved the date since.
        let setting = facts.last {
            [.start, .rework, .sendBack].contains($0.kind) && $0.stage == .result || $0.kind == .urgency
        }
        let last = facts.last { $0.stage == .result && $0.kind != .stop || $0.stage == nil } ?? setting
        let calendar = try last.map { try work.calendar($0.calendarVersion) } ?? work.book().calendar
        let policy = policies.policy(at: setting?.at ?? record.registeredAt)
        let urgency = setting?.urgency ?? record.urgency
        let terms = policy.terms(urgency)
        let isRework = setting?.kind == .rework || setting?.kind == .sendBack
        let result = clocks[.result]
        return Result(
            dueAt: result?.dueAt,
            policy: .init(
                name: "clocks", effectiveFrom: policy.effectiveFrom, urgency: urgency,
                term: isRework ? terms.rework : terms.result),
            calendarVersion: calendar.version, provisional: result?.provisional ?? false,
            days: result.map { Rules.days(of: $0, urgency, calendar) } ?? [], facts: facts)
    }
}

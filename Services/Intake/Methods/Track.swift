import Domain
import Ledger
import ServiceKit

/// 查询进度 — the petitioner looks at their case with its number and tracking code. A wrong code and a case that does not
/// exist are the same answer, and wrong codes are limited per case and address.
enum Track: Method {
    static let name = "intake.track"
    static let roles: Set<Role> = []
    static let kind = MethodKind.recordedRead
    static let summary = "查询进度：a case by its number and tracking code; open to anyone"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var trackingCode: Name
    }

    struct Found: Codable, Sendable {
        var status: CaseStatus
        var holder: CaseView.Holder
        @Nullable var dueAt: Instant?
        var reply: String?
        var timeline: [CaseView.Entry]
    }
    typealias Result = Found?

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> Found? {
        let limits = try work.book().limits
        let address = work.address ?? "direct"
        let failures = try Store.failures(
            params.caseNumber, from: address, windowMinutes: limits.trackWindowMinutes, at: work.now, work.db)
        guard failures < limits.trackFailuresMax else {
            throw Refusal(
                .busy, "tooManyFailures", "查询失败次数过多，请稍后再试",
                .retryAfter(milliseconds: limits.trackWindowMinutes * 60_000))
        }
        guard intake.secrets.isTrackingCode(params.trackingCode.text, of: params.caseNumber),
            let record = try work.findForPetitioner(params.caseNumber)
        else {
            try Store.countFailure(
                params.caseNumber, from: address, windowMinutes: limits.trackWindowMinutes, at: work.now, work.db)
            work.refusalAfterCommit = .notFound
            return nil
        }
        let entries = try Timeline.entries(of: record.id, work.db)
        let names = try CaseView.names(for: [record], entries, work.db)
        var petitioner = Caller(clientId: 0, role: .source)
        petitioner.channels = [record.channel]
        let view = CaseView(record, for: petitioner, names: names, calendar: try work.book().calendar, at: work.now)
        return Found(
            status: view.status, holder: view.holder, dueAt: view.dueAt,
            reply: record.isAnswered ? view.publicReply : nil, timeline: CaseView.entries(entries, isPublic: true))
    }
}

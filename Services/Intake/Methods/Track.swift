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
        try work.admitTrackingCode(of: params.caseNumber)
        guard intake.secrets.isTrackingCode(params.trackingCode.text, of: params.caseNumber),
            let record = try work.findForPetitioner(params.caseNumber)
        else {
            try work.refuseTrackingCode(of: params.caseNumber)
            return nil
        }
        let entries = try Timeline.entries(of: record.id, work.db)
        let names = try CaseView.names(for: [record], entries, work.db)
        var petitioner = Caller(clientId: 0, role: .source)
        petitioner.channels = [record.channel]
        let own = CaseView(record, for: petitioner, names: names, calendar: try work.book().calendar, at: work.now)
        let view = try work.follow(own, record, isPublic: true)
        return Found(
            status: view.status, holder: view.holder, dueAt: view.dueAt,
            reply: record.isAnswered ? view.publicReply : nil, timeline: CaseView.entries(entries, isPublic: true))
    }
}

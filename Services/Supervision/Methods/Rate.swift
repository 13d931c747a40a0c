import Domain
import Ledger
import ServiceKit

/// 评价 — the petitioner rates the reply through a channel. The source that owns the case's channel needs no code.
enum Rate: Method {
    static let name = "supervision.rate"
    static let roles = StatusTable.roles(of: .rate)
    static let kind = MethodKind.caseMutation
    static let summary = "评价：the petitioner's rating, passed on by a source"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var trackingCode: Name?
        var satisfaction: Satisfaction
        var resolution: Resolution?
        var reason: Note?
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> CaseChange? {
        if params.satisfaction == .unreachable { throw Refusal.field("satisfaction", "a rating has been reached") }
        if let code = params.trackingCode {
            try work.admitTrackingCode(of: params.caseNumber)
            guard supervision.secrets.isTrackingCode(code.text, of: params.caseNumber) else {
                try work.refuseTrackingCode(of: params.caseNumber)
                return nil
            }
        }
        let record = try work.take(params.caseNumber, for: .rate, isEntitled: params.trackingCode != nil)
        // With a code it came through one of the caller's channels.
        let channels = work.caller.channels.contains(record.channel) ? [record.channel] : Array(work.caller.channels)
        let isOwn = try Store.areOwnChannels(channels, of: record.leadUnitId, work.db)
        let counts = Rules.counts(record, isOwnChannel: isOwn)
        let finding = Rules.Finding(satisfaction: params.satisfaction, note: params.reason?.text)
        let step = try Rules.rate(record, finding, counts: counts, try work.book().limits, at: work.now)
        let change = try Closing.save(step, .rate, in: work)
        let followUp = Store.FollowUp(
            isRating: true, satisfaction: params.satisfaction, resolution: params.resolution, note: params.reason,
            falseCompletion: false, counts: counts)
        try Store.insert(followUp, round: record.round, change, at: work.now, work.db)
        return change
    }
}

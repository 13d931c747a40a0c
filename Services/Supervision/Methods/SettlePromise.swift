import Domain
import Ledger
import ServiceKit

/// 销号 — supervision settles a promise: kept, broken (the case is reopened), or moved once.
enum SettlePromise: Method {
    static let name = "supervision.settlePromise"
    static let roles = StatusTable.roles(of: .settlePromise)
    static let kind = MethodKind.caseMutation
    static let summary = "销号：a promise was kept, was broken (which reopens the case), or is moved, once"

    enum Outcome: String, Word { case kept, broken, moved }

    struct Params: Codable, Sendable {
        var promiseId: MatterID
        var outcome: Outcome
        var evidence: Note
        /// With moved, and only then.
        var newDueOn: Day?
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> CaseChange {
        let settlement = try settlement(params, at: work.now)
        guard let id = params.promiseId.id, let seen = try PromiseStore.promise(id, forUpdate: false, work.db) else {
            throw Refusal.notFound
        }
        // The case is locked first, as everywhere.
        let record = try work.take(seen.caseNumber, for: .settlePromise)
        guard let held = try PromiseStore.promise(id, forUpdate: true, work.db) else { throw Refusal.notFound }
        let step = try Rules.settle(record, held.promise, settlement, evidence: params.evidence)
        let change = try work.save(step, .settlePromise)
        try PromiseStore.settle(
            id, as: params.outcome, evidence: params.evidence, newDueOn: params.newDueOn, seq: change.version,
            at: work.now, work.db)
        return change
    }

    private static func settlement(_ params: Params, at now: Instant) throws -> Rules.Settlement {
        guard params.outcome == .moved else {
            if params.newDueOn != nil { throw Refusal.field("newDueOn", "only with moved") }
            return params.outcome == .kept ? .kept : .broken
        }
        guard let day = params.newDueOn else { throw Refusal.field("newDueOn", "required") }
        guard day >= now.day else { throw Refusal.field("newDueOn", "lies in the past") }
        return .moved(to: day)
    }
}

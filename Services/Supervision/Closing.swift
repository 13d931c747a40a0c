import Domain
import Ledger

/// 办结 — a case that closes opens what its result promised (挂账): until that is settled it is answered, not resolved. One
/// whose reply was not accepted the second time has its card at once.
enum Closing {
    /// Saves a step, whether it closes the case or not.
    static func save(_ step: Step, _ action: CaseAction, in work: Work) throws -> CaseChange {
        guard step.record.status == .closed, step.events.contains(.caseClosed) else {
            let change = try work.save(step, action)
            if step.record.awaitsRuling, step.clocks.contains(.start(.ruling)) {
                try Ladder.look(at: change.caseNumber, in: work)
            }
            return change
        }
        let promised = try PromiseStore.promised(in: step.record.id, work.db)
        var step = step
        step.record.proceedings.openMatters += promised.count
        let change = try work.save(step, action)
        try PromiseStore.open(promised, change, at: work.now, work.db)
        return change
    }
}

import Domain
import Ledger
import ServiceKit

/// 每日根值 — keeps the root of each day that is over. From then on no file joins that day, whoever's clock is behind, and
/// what is changed in it later no longer fits its root.
enum DayRoots: Sweep {
    static let name = "dayRoots"

    static func run(upTo limit: Int, in work: Work, of archive: Archive) throws -> Int {
        let today = work.now.day
        guard try RootStore.toClose(before: today, work.db) != nil, try RootStore.takeTurn(work.db) else { return 0 }
        var closed = 0
        while closed < limit, let day = try RootStore.toClose(before: today, work.db) {
            try RootStore.keep(try Chain.root(of: day, work.db), at: work.now, work.db)
            closed += 1
        }
        return closed
    }
}

import Domain
import Ledger
import ServiceKit

/// 随主件审定 — when a master's reply is approved, its members have it too, a few in each unit of work.
enum Follow: Sweep {
    static let name = "follow"

    static func run(upTo limit: Int, in work: Work, of intake: Intake) throws -> Int {
        var found = 0
        for number in try ClusterStore.answered(upTo: limit, work.db) where found < limit {
            let master = try work.find(number)
            let members = try ClusterStore.members(of: number, upTo: limit - found, work.db)
            let supplemented = try ClusterStore.supplemented(members, since: master.approvedAt, work.db)
            for member in members {
                let record = try work.take(member, for: .follow)
                let step = Rules.follow(record, master, isSupplemented: supplemented.contains(member))
                try work.save(step, .follow)
            }
            found += members.count
            if let id = number.id { try ClusterStore.forget(id, work.db) }
        }
        return found
    }
}

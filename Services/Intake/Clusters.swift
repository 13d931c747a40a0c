import Domain
import Ledger
import Postgres

/// 并件 — what merging does beside the two steps.
enum Clusters {
    /// The lead, the co-units and every unit above them by 块 or 条.
    static func superiors(of record: CaseRecord, _ db: Connection) throws -> Set<UnitID> {
        let coUnits = record.coOrders.filter { $0.status != .withdrawn }.map(\.unitId)
        let units = [record.leadUnitId].compactMap { $0 } + coUnits
        return try Reference.units(units, db).values.reduce(into: []) { $0.formUnion($1.superiors) }
    }

    /// Merges one case that was taken into another. Enough different petitioners raise the master.
    static func merge(
        _ member: CaseRecord, into master: CaseRecord, _ work: Work
    ) throws -> CaseChange {
        let steps = try Rules.merge(
            member, into: master, hasMembers: try work.hasMembers(member),
            superiors: try superiors(of: master, work.db))
        let change = try work.save(steps.member, .merge)
        if member.proceedings.isExclusionAsked {
            try ClusterStore.voidExclusion(of: member.id, seq: change.version, at: work.now, work.db)
        }
        try work.saveBeside(steps.master, .merge)
        try ClusterStore.note(master.id, work.db)
        guard steps.master.record.urgency == .ordinary, let now = try work.takeBeside(master.number) else {
            return change
        }
        let count = Rules.petitioners(try ClusterStore.marks(of: master.id, work.db))
        if let step = Rules.raise(now, petitioners: count, try work.book().limits) {
            try work.asSystem { _ = try work.saveBeside(step, .changeUrgency) }
        }
        return change
    }
}

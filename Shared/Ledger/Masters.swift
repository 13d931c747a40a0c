import Domain
import Postgres

/// 并件 — what the ledger knows of masters and their members.
extension Work {
    /// Locks cases in ascending order of their numbers, as every act on several does.
    public func lock(_ numbers: [CaseNumber]) throws {
        _ = try db.rows(
            """
            SELECT case_id
            FROM ledger.cases
            WHERE case_id = ANY (\(numbers.compactMap(\.id))::bigint[])
            ORDER BY case_id
            FOR UPDATE
            """
        ) { try $0["case_id"] as Int64 }
    }

    /// Whether cases are merged into this one that have yet to follow it.
    public func hasMembers(_ record: CaseRecord) throws -> Bool {
        try db.value(
            "SELECT EXISTS (SELECT FROM ledger.cases WHERE master = \(record.id) AND status = 'merged')")
    }

    /// The unit that answers for the master reads its members too.
    func seesThroughMaster(_ record: CaseRecord) throws -> Bool {
        guard caller.role == .unit, record.status == .merged, let id = record.master?.id,
            let master = try CaseRow.find(id, db)
        else { return false }
        return caller.sees(master) && !caller.isFormerLead(of: master)
    }

    /// A merged case is held by its master's holder, and its petitioner waits for the master's reply.
    ///
    /// - Parameter isPublic: shown to the petitioner, or to the source.
    public func follow(
        _ views: [CaseView], _ records: [CaseRecord], isPublic: Bool = false
    ) throws -> [CaseView] {
        let ids = records.filter { $0.status == .merged }.compactMap { $0.master?.id }
        guard !ids.isEmpty else { return views }
        let masters = try db.rows(
            "SELECT \(sql: CaseRow.columns) FROM ledger.cases c WHERE c.case_id = ANY (\(ids)::bigint[])", CaseRow.read)
        let names = try CaseView.names(for: masters, [], db)
        return zip(views, records).map { view, record in
            guard record.status == .merged, let master = masters.first(where: { $0.number == record.master }) else {
                return view
            }
            var view = view
            let unit = master.holder == .leadUnit ? master.leadUnitId : nil
            view.holder = CaseView.Holder(master.holder, unit, names)
            if isPublic || caller.role == .source { view.dueAt = master.clocks[.reply]?.runningDue }
            return view
        }
    }
}

extension Clock {
    /// When it runs out; `nil` when it has stopped.
    var runningDue: Instant? { isRunning ? dueAt : nil }
}

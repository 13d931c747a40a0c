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
        guard caller.role == .unit, record.status == .merged, let id = record.master?.id else { return false }
        return caller.seesThrough(try CaseRow.find(id, db), record)
    }

    /// The masters with which some of the cases run now.
    func masters(of records: [CaseRecord]) throws -> [CaseNumber?: CaseRecord] {
        let ids = Set(records.filter { $0.status == .merged }.compactMap { $0.master?.id })
        guard !ids.isEmpty else { return [:] }
        let masters = try db.rows(
            "SELECT \(sql: CaseRow.columns) FROM ledger.cases c WHERE c.case_id = ANY (\(Array(ids))::bigint[])",
            CaseRow.read)
        return Dictionary(uniqueKeysWithValues: masters.map { ($0.number, $0) })
    }

    /// A merged case is held by its master's holder, and its petitioner waits for the master's reply.
    ///
    /// - Parameter isPublic: shown to the petitioner, or to the source.
    public func follow(_ view: CaseView, _ record: CaseRecord, isPublic: Bool = false) throws -> CaseView {
        try follow([view], [record], masters(of: [record]), isPublic: isPublic)[0]
    }

    func follow(
        _ views: [CaseView], _ records: [CaseRecord], _ masters: [CaseNumber?: CaseRecord], isPublic: Bool = false
    ) throws -> [CaseView] {
        guard !masters.isEmpty else { return views }
        let names = try CaseView.names(for: Array(masters.values), [], db)
        return zip(views, records).map { view, record in
            guard record.status == .merged, let master = masters[record.master] else { return view }
            var view = view
            let unit = master.holder == .leadUnit ? master.leadUnitId : nil
            view.holder = CaseView.Holder(master.holder, unit, names)
            if isPublic || caller.role == .source { view.dueAt = master.clocks[.reply]?.runningDue }
            return view
        }
    }
}

extension Caller {
    /// Whether the caller answers for the master with which the case runs now.
    func seesThrough(_ master: CaseRecord?, _ record: CaseRecord) -> Bool {
        guard role == .unit, record.status == .merged, let master else { return false }
        return sees(master) && !isFormerLead(of: master)
    }
}

extension Clock {
    /// When it runs out; `nil` when it has stopped.
    var runningDue: Instant? { isRunning ? dueAt : nil }
}

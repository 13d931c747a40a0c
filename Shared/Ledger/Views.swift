import Domain
import Postgres

extension Work {
    /// The list views of these cases for the caller.
    public func views(_ records: [CaseRecord]) throws -> [CaseView] {
        guard !records.isEmpty else { return [] }
        let names = try CaseView.names(for: records, [], db)
        let calendar = try book().calendar
        let masters = try masters(of: records)
        let views = records.map { record in
            let isPart = caller.isFormerLead(of: record) && !caller.seesThrough(masters[record.master], record)
            return CaseView(
                isPart ? record.afterRelease : record, for: caller, names: names, calendar: calendar, at: now)
        }
        return try follow(views, records, masters)
    }

    /// The whole view of a case for the caller.
    public func view(_ record: CaseRecord) throws -> CaseView {
        var (record, entries) = (record, try Timeline.entries(of: record.id, db))
        if caller.isFormerLead(of: record), !(try seesThroughMaster(record)) {
            entries = CaseView.part(of: entries, led: caller.subtree)
            record = record.afterRelease
            record.clocks = try clocks(of: record.id, before: entries.last?.seq ?? 0)
        }
        let masters = try record.proceedings.masters.map { try Timeline.entries(of: $0.id ?? 0, db) }
        let names = try CaseView.names(for: [record], entries + masters.joined(), db)
        var view = CaseView(record, for: caller, names: names, calendar: try book().calendar, at: now)
        view.complete(record, for: caller, timeline: entries, masters: masters, names: names)
        return try follow(view, record)
    }

    /// The clocks of a case as they stood before the entry `seq`.
    private func clocks(of id: Int64, before seq: Int) throws -> Clocks {
        let book = try book()
        return try ClockFacts.all(of: id, before: seq, db).reduce(into: Clocks()) { clocks, fact in
            clocks.apply(fact, book.policies, try calendar(fact.calendarVersion))
        }
    }

    /// A list asked for another unit's is not found; one asked for a unit that does not exist is an unknown reference.
    public func checkListed(unit: UnitID?) throws {
        guard let unit else { return }
        if caller.role == .unit, !caller.subtree.contains(unit) { throw Refusal.notFound }
        try Reference.check(units: [("unitId", unit)], db)
    }
}

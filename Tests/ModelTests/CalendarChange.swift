import JSONRPC
import TestKit
import Testing

/// A working day of this year becomes a day off while cases are open.
struct CalendarChange: Sendable {
    let at: Moment
    let dayOff: Int

    /// How many histories share a city and its calendar.
    static let groupSize = 100

    /// In every fifth group of histories.
    init?(seed: Int) {
        let group = (seed - 1) / Self.groupSize
        guard group % 5 == 2 else { return nil }
        at = Moment(day: 100 + group * 7 % 200, hour: 10)
        dayOff = WorkDays.day(4, after: at.day)
    }

    private var params: JSONValue {
        [
            "year": 2026, "off": .array((WorkDays.off + [dayOff]).map { JSONValue(Moment.date($0)) }),
            "work": .array(WorkDays.makeUpDays.subtracting([dayOff]).sorted().map { JSONValue(Moment.date($0)) }),
            "source": "通知",
        ]
    }

    /// The preview lists exactly the cases whose dates move, and the sweep moves exactly these.
    func make(in city: City, _ histories: inout [History]) async throws {
        city.clock.set(at.description)
        var moved: Set<String> = []
        for index in histories.indices { moved.formUnion(histories[index].moveDates(past: dayOff, at: at)) }
        var (listed, cursor) = ([String](), JSONValue.null)
        repeat {
            let page = try await city.call(
                "supervision.previewCalendar", params.setting("cursor", to: cursor).setting("limit", to: 7), as: .admin)
            #expect(page["total"]?.intValue == moved.count)
            listed += page["items"]?.elements?.compactMap { $0["caseNumber"]?.stringValue } ?? []
            cursor = page["nextCursor"] ?? .null
        } while !cursor.isNull
        #expect(listed == moved.sorted())
        let saved = try await city.call("supervision.saveCalendar", params, as: .admin)
        #expect(saved["toMove"]?.intValue == moved.count)
        try await city.sweep()
    }
}

extension ModelCase {
    /// Every date that is counted in working days and lies on the day or after it is a working day later. What somebody
    /// decided stays, and what follows from that.
    ///
    /// - Returns: whether any moved.
    mutating func moveDates(past day: Int, at now: Moment) -> Bool {
        let isFixed = fixedOn.map { $0 >= day } ?? false
        // What is counted in hours stays too, and the desks' days after it.
        let isResultByHour = dates[.result].map { !$0.isEndOfDay && $0.day >= day } ?? false
        var moves: [Stage: Moment] = [:]
        for stage in running {
            if isFixed, stage == .result || stage == .reply { continue }
            if hasFollowed || isResultByHour, stage == .reply { continue }
            guard let due = dates[stage], due.isEndOfDay, due.day >= day else { continue }
            moves[stage] = .end(of: WorkDays.day(1, after: due.day))
        }
        guard !moves.isEmpty else { return false }
        dates.merge(moves) { $1 }
        timeline.append(Entry(at: now, actor: "system", verb: "saveCalendar", from: status, to: status))
        return true
    }
}

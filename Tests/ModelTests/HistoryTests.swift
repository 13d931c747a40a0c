import Foundation
import TestKit
import Testing

/// Random histories of cases, held step by step against a model that was written from the rules' text alone.
///
/// `HISTORIES=10000` runs more of them, `SEED=123` one alone.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct HistoryTests {
    private static let environment = ProcessInfo.processInfo.environment

    @Test func theSystemDoesAsTheModelSays() async throws {
        let seeds: [Int]
        if let seed = Self.environment["SEED"].flatMap({ Int($0) }) {
            seeds = [seed]
        } else {
            seeds = Array(1...(Self.environment["HISTORIES"].flatMap { Int($0) } ?? 2_000))
        }
        let groups = stride(from: 0, to: seeds.count, by: CalendarChange.groupSize).map {
            Array(seeds[$0..<min($0 + CalendarChange.groupSize, seeds.count)])
        }
        var coverage = Coverage()
        try await withThrowingTaskGroup(of: Coverage.self) { tasks in
            var waiting = groups[...]
            for group in waiting.prefix(4) { tasks.addTask { try await Self.run(group) } }
            waiting = waiting.dropFirst(4)
            for try await part in tasks {
                coverage.add(part)
                if let group = waiting.popFirst() { tasks.addTask { try await Self.run(group) } }
            }
        }
        #expect(coverage.histories == seeds.count)
        if seeds.count >= 2_000 { Self.check(coverage) }
    }

    /// The run has been everywhere: every action of the two tables, every way from one status to another and no other, and
    /// more wrong steps than histories, of every kind.
    private static func check(_ coverage: Coverage) {
        let verbs = Set(Table.rows.keys.compactMap { $0.split(separator: ".").last.map(String.init) })
        #expect(Set(coverage.verbs.keys) == verbs.union(["register", "lapse", "follow", "saveCalendar"]))
        #expect(coverage.moves == Table.moves.filter { !$0.value.isEmpty })
        let reached = coverage.moves.values.reduce(into: Set([Status.registered])) { $0.formUnion($1) }
        #expect(reached == Set(Status.allCases))
        #expect(Set(coverage.moves.keys) == Set(Status.allCases).subtracting([.archived]))
        #expect(coverage.refusals.values.reduce(0, +) >= coverage.histories)
        #expect(
            coverage.refusals.keys.sorted() == [
                -32602, -32003, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1010, 1011,
            ])
        print(
            "\(coverage.histories) histories, \(coverage.verbs.values.reduce(0, +)) steps, refusals \(coverage.refusals)"
        )
    }

    /// Lets histories run side by side in one city, which may have another calendar in the middle of them.
    private static func run(_ seeds: [Int]) async throws -> Coverage {
        try await City.with { city in
            var histories = seeds.map(History.init)
            // Before anybody calls: what is beneath a unit is remembered with its token for some seconds.
            for unit in histories.compactMap(\.own) { try await city.addUnit(unit, beneath: "city") }
            if let change = seeds.first.flatMap(CalendarChange.init) {
                try await live(&histories, in: city, until: change.at)
                try await WorkDays.$dayOff.withValue(change.dayOff) {
                    try await change.make(in: city, &histories)
                    try await live(&histories, in: city)
                    try await end(&histories, in: city)
                }
            } else {
                try await live(&histories, in: city)
                try await end(&histories, in: city)
            }
            return histories.reduce(into: Coverage()) { $0.add($1.coverage) }
        }
    }

    /// Always the one whose next moment is the earliest.
    private static func live(_ histories: inout [History], in city: City, until: Moment? = nil) async throws {
        while let index = histories.indices.filter({ histories[$0].wakesAt != nil }).min(by: {
            (histories[$0].wakesAt ?? Moment(0)) < (histories[$1].wakesAt ?? Moment(0))
        }), let now = histories[index].wakesAt, until.map({ now <= $0 }) ?? true {
            city.clock.set(now.description)
            do {
                try await histories[index].wake(in: city, at: now)
            } catch let difference as History.Difference {
                Issue.record("\(difference)")
            }
        }
    }

    /// Everything is over at last.
    private static func end(_ histories: inout [History], in city: City) async throws {
        let end = Moment(day: 640, hour: 12)
        try await city.deliverEvents()
        try await city.restart()
        city.clock.set(end.description)
        try await city.sweep()
        for index in histories.indices where !histories[index].hasFailed {
            do {
                try await histories[index].finish(in: city, at: end)
            } catch let difference as History.Difference {
                Issue.record("\(difference)")
            }
        }
    }
}

import Domain
import JSONRPC
@testable import Ledger
import Postgres
import TestKit
import Testing

/// What must hold of every case, whatever became of it: custody without gap, clocks that are the fold of their facts, a
/// timeline that counts up.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct LifeTests {
    /// Cases of all kinds, an hour and a half between any two steps.
    private static func lives(_ city: City) async throws -> [String] {
        var numbers: [String] = []
        for urgency in ["ordinary", "important", "critical"] {
            var life = City.Life()
            (life.urgency, life.coUnits) = (urgency, urgency == "critical" ? [] : ["transport"])
            let (number, _) = try await city.register(life)
            numbers.append(number)
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            func call(_ method: String, _ params: JSONValue, _ who: Who) async throws {
                city.clock.advance(seconds: 5400)
                try await city.call(method, params, as: who)
            }
            func step(_ status: CaseStatus) async throws {
                city.clock.advance(seconds: 5400)
                try await city.step(number, to: status, life)
            }
            try await call("intake.classify", c.with(["category": "urban"]), .registrar)
            try await call(
                "intake.classify", c.with(["urgency": urgency == "ordinary" ? "important" : "critical"]), .registrar)
            try await step(.dispatched)
            try await call("supervision.urge", c.with(["text": "请办"]), .supervisor)
            try await step(.claimed)
            try await call("handling.fileOpinion", c.with(["opinion": "拟查处"]), .unit("housing"))
            if !life.coUnits.isEmpty {
                try await call("handling.fileCoResult", c.with(["account": "配合"]), .unit("transport"))
            }
            try await step(.reported)
            try await call("handling.review", City.review(number, "sendBack"), .office)
            for status in [CaseStatus.reported, .approved] { try await step(status) }
            try await call("handling.withdrawApproval", c.with(["reason": "重看"]), .office)
            for status in [CaseStatus.approved, .replied] { try await step(status) }
            try await call("supervision.recordFollowUp", City.followUp(number, "dissatisfied"), .supervisor)
            for status in [CaseStatus.reported, .approved, .replied] { try await step(status) }
            try await call("supervision.rate", c.with(["satisfaction": "dissatisfied"]), .source)
            let leader: JSONValue = ["name": "何", "title": "市长"]
            try await call(
                "supervision.ruleRound", c.with(["decision": "anotherRound", "ground": "再办", "leader": leader]), .office
            )
            for status in [CaseStatus.reported, .approved, .replied, .closed] { try await step(status) }
            if urgency == "ordinary" { continue }
            try await call("supervision.rate", c.with(["satisfaction": "dissatisfied"]), .source)
            for status in [CaseStatus.reported, .approved, .replied, .closed, .archived] { try await step(status) }
        }
        for status in [
            CaseStatus.registered, .dispatched, .claimed, .reported, .approved, .replied, .closed, .declined, .archived,
        ] {
            numbers.append(try await city.bring(to: status))
        }
        return numbers
    }

    @Test func custodyCoversEveryLifeWithoutGap() async throws {
        try await City.with { city in
            for number in try await Self.lives(city) {
                let view = try await city.get(number)
                let custody = view["custody"]?.elements ?? []
                #expect(custody.first?["from"] == view["registeredAt"])
                #expect(custody.last?["to"] == .null)
                #expect(custody.last?["holder"] == view["holder"])
                for (one, next) in zip(custody, custody.dropFirst()) {
                    #expect(one["to"] == next["from"] && one["to"] != .null)
                    #expect(one["holder"] != next["holder"])
                }
                let timeline = view["timeline"]?.elements ?? []
                #expect(timeline.compactMap { $0["seq"]?.intValue } == Array(1...(view["version"]?.intValue ?? 0)))
                let times = timeline.compactMap { $0["at"]?.stringValue.flatMap(Instant.init) }
                #expect(times == times.sorted())
                for (one, next) in zip(timeline, timeline.dropFirst()) { #expect(one["to"] == next["from"]) }
                #expect(timeline.last?["to"] == view["status"])
            }
        }
    }

    @Test func theHolderIsTheOneThatTheStatusSays() async throws {
        try await City.with { city in
            let holders: [(CaseStatus, String)] = [
                (.registered, "registry"), (.dispatched, "leadUnit"), (.claimed, "leadUnit"), (.reported, "office"),
                (.approved, "publisher"),
                (.replied, "supervision"), (.closed, "archive"), (.declined, "archive"), (.archived, "archive"),
            ]
            for (status, holder) in holders {
                let view = try await city.get(try await city.bring(to: status))
                #expect(view["holder"]?["party"] == JSONValue(holder), "\(status)")
                #expect((view["holder"]?["unitId"] == "housing") == (holder == "leadUnit"), "\(status)")
            }
        }
    }

    @Test func foldingTheFactsAnewGivesTheClocksOfTheRow() async throws {
        try await City.with { city in
            let numbers = try await Self.lives(city)
            for number in numbers {
                let (record, folded, due) = try await Self.fold(number, city)
                #expect(folded == record.clocks, "\(number) \(record.status)")
                #expect(due == record.holderClock?.dueAt, "\(number) \(record.status)")
                let running = record.clocks.all.filter(\.isRunning)
                if record.status.isOpen {
                    #expect(record.holderClock?.isRunning == true, "\(number) \(record.status)")
                } else {
                    #expect(running.isEmpty, "\(number) \(record.status) \(running.map(\.stage))")
                }
            }
        }
    }

    /// The case, its clocks folded anew from the facts, and the due date in the row.
    private static func fold(_ number: String, _ city: City) async throws -> (CaseRecord, Clocks, Instant?) {
        try await city.sql { db in
            let books = RuleBooks()
            let book = try books.current(db, at: city.clock.now)
            guard let record = try CaseRow.find(CaseNumber(unchecked: number).id ?? 0, db) else {
                throw Refusal.notFound
            }
            let facts = try ClockFacts.all(of: record.id, db)
            var calendars: [Int: WorkCalendar] = [:]
            for version in facts.map(\.calendarVersion) { calendars[version] = try books.calendar(version, db) }
            let known = calendars
            let due: Instant? = try db.value("SELECT due_at FROM ledger.cases WHERE case_id = \(record.id)")
            return (record, Clocks(facts, book.policies) { known[$0] ?? book.calendar }, due)
        }
    }
}

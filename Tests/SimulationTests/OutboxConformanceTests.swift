import Domain
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Ledger
@testable import ServiceKit

/// Does the same at random to the modelled outbox and to the real one, and compares every answer and every row: what the
/// simulation shows of the model holds of the SQL. Each run is one transaction, in which the database's clock stands
/// still; time passes by moving all rows.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct OutboxConformanceTests {
    private static let stepsCount = 150

    @Test(arguments: 0..<12) func theModelAndTheDatabaseDoTheSame(seed: Int) async throws {
        try await City.with { city in
            try await city.sql { db in
                try db.transaction { db in
                    var run = Run(seed: UInt64(seed))
                    for step in 0..<Self.stepsCount {
                        try run.doSomething(db)
                        #expect(try Run.rows(db) == run.expected, "seed \(seed), step \(step)")
                    }
                }
            }
        }
    }

    /// A row as both see it.
    private struct Line: Equatable {
        var id: String
        var text: String
        var readyMs: Int
    }

    private struct Run {
        private static let owners = [MessageID.make(), MessageID.make()]
        private static let consumers = ["archive", "intake"]
        private var dice: Dice
        private var model = OutboxModel()
        private var inbox = InboxModel()
        private var ids: [Int: String] = [:]
        private var versions: [String: Int] = [:]
        /// What was handed to senders at some time, long since taken from them or not.
        private var events: [(row: OutboxRow, event: OutgoingEvent, owner: String)] = []

        init(seed: UInt64) { dice = Dice(seed: seed) }

        var expected: [Line] {
            model.rows.map { row in
                Line(
                    id: ids[row.id] ?? "",
                    text: "\(row.consumer) \(row.caseId) \(row.version) \(row.owner ?? "-") \(row.attempt) \(row.tries)"
                        + " \(row.isDead)", readyMs: Int((row.readyAt * 1000).rounded()))
            }.sorted { $0.id < $1.id }
        }

        static func rows(_ db: Connection) throws -> [Line] {
            try db.rows(
                """
                SELECT msg_id, concat_ws(' ', consumer, case_id, version, coalesce(owner::text, '-'), attempt, tries,
                        CASE WHEN dead_reason IS NULL THEN 'false' ELSE 'true' END) AS line,
                    round(extract(epoch FROM ready_at - now()) * 1000)::int AS ready
                FROM ledger.outbox
                """
            ) { Line(id: try $0["msg_id"], text: try $0["line"], readyMs: try $0["ready"]) }.sorted { $0.id < $1.id }
        }

        mutating func doSomething(_ db: Connection) throws {
            let owner = Self.owners[dice.below(2)]
            let consumer = Self.consumers[dice.below(2)]
            switch dice.below(10) {
            case 0, 1, 2: try insert(consumer, owner, db)
            case 3, 4: try acknowledge(owner, db)
            case 5: try sweep(owner, db)
            case 6: try postpone(db)
            case 7: try fail(db)
            case 8:
                try Outbox.hasten(consumer, db)
                model.hasten(consumer, at: 0)
            default: try pass(Double(1 + dice.below(16)), db)
            }
        }

        /// Time passes.
        private mutating func pass(_ seconds: Double, _ db: Connection) throws {
            try db.execute("UPDATE ledger.outbox SET ready_at = ready_at - make_interval(secs => \(seconds))")
            for index in model.rows.indices { model.rows[index].readyAt -= seconds }
        }

        private mutating func insert(_ consumer: String, _ owner: String, _ db: Connection) throws {
            let caseId = 202603 * 1_000_000_000 + 1 + dice.below(3)
            let before = versions["\(consumer) \(caseId)"] ?? 0
            let version = before + 1 + dice.below(2)
            versions["\(consumer) \(caseId)"] = version
            let made = try db.one(
                """
                SELECT \(MessageID.make()) AS msg_id, \(consumer) AS consumer, 'x.y' AS method, \(Int64(caseId)) AS case_id,
                    \(version)::int AS version, 1 AS ordinal, '{}' AS params, 1 AS attempt
                """, OutgoingEvent.init(row:))
            let isLeased: Bool = try db.one(Outbox.insert(made, owner: owner)) { try $0["leased"] }
            let row = model.insert(consumer, caseId: caseId, version: version, after: before, owner: owner, at: 0)
            ids[row.id] = made.messageId
            #expect(isLeased == (row.owner != nil))
            if isLeased { events.append((row, made, owner)) }
        }

        private mutating func acknowledge(_ owner: String, _ db: Connection) throws {
            var chosen: [(row: OutboxRow, event: OutgoingEvent, owner: String)] = []
            for _ in 0...dice.below(3) where !events.isEmpty { chosen.append(events[dice.below(events.count)]) }
            for each in chosen { try deliver(each.row, db) }
            let real = try Outbox.acknowledge(chosen.map(\.event), owner: owner, db)
            try take(real, model.acknowledge(chosen.map(\.row.id), owner: owner, at: 0), owner)
        }

        /// The receiver's side, on the way.
        private mutating func deliver(_ row: OutboxRow, _ db: Connection) throws {
            let number = String("\(row.caseId)".prefix(6)) + "-" + String("\(row.caseId)".suffix(9))
            let caseNumber = try #require(CaseNumber(number))
            let after = row.after == 0 ? nil : EventPosition(version: row.after, ordinal: 1)
            let params = EventParams(
                caseNumber: caseNumber, place: EventPosition(version: row.version, ordinal: 1), after: after)
            let id = ids[row.id] ?? ""
            var real = InboxModel.Arrival.early
            do {
                switch try Inbox.arrive(id, params, consumer: row.consumer, db) {
                case .next:
                    real = .next
                    try db.later(
                        Inbox.store(Array(#"{"of":"\#(id)"}"#.utf8), id, params, consumer: row.consumer))
                case .known(let response):
                    real = .known
                    #expect(String(decoding: response, as: UTF8.self) == #"{"of":"\#(id)"}"#)
                }
            } catch let refusal as Refusal {
                #expect(refusal.code == .keyInUse)
            }
            let wanted = inbox.arrive(row.consumer, caseId: row.caseId, version: row.version, after: row.after)
            #expect(real == wanted)
        }

        private mutating func sweep(_ owner: String, _ db: Connection) throws {
            let room = Dictionary(uniqueKeysWithValues: Self.consumers.map { ($0, [1, 2, 100][dice.below(3)]) })
            let due = Self.consumers.reduce(into: [String: [Int]]()) { $0[$1] = model.due($1, at: 0) }
            let real = try Outbox.sweep(owner: owner, room: room, db)
            var taken: [Int] = []
            for consumer in Self.consumers {
                let ids = real.filter { $0.consumer == consumer }.compactMap { event in
                    self.ids.first { $0.value == event.messageId }?.key
                }
                // Of those due at one moment the database may take any.
                #expect(ids.count == min(room[consumer] ?? 0, due[consumer]?.count ?? 0))
                #expect(Set(ids).isSubset(of: due[consumer] ?? []))
                taken += ids
            }
            try take(real, model.lease(taken, owner: owner, at: 0), owner)
        }

        private mutating func take(_ real: [OutgoingEvent], _ rows: [OutboxRow], _ owner: String) throws {
            #expect(
                Set(real.map { "\($0.messageId) \($0.attempt)" })
                    == Set(rows.map { "\(ids[$0.id] ?? "") \($0.attempt)" }))
            for row in rows {
                let event = try #require(real.first { $0.messageId == ids[row.id] })
                events.append((row, event, owner))
            }
        }

        private mutating func postpone(_ db: Connection) throws {
            guard !events.isEmpty else { return }
            let (row, event, owner) = events[dice.below(events.count)]
            let sayer = dice.below(4) == 0 ? Self.owners[dice.below(2)] : owner
            try Outbox.postpone([event], owner: sayer, db)
            let seconds = try readySeconds(event, db)
            let before = model.rows
            model.postpone(row, owner: sayer, seconds: seconds ?? 0, at: 0)
            if model.rows != before { #expect((0.5...1.5).contains(seconds ?? 0)) }
        }

        private mutating func fail(_ db: Connection) throws {
            guard !events.isEmpty else { return }
            let (row, event, owner) = events[dice.below(events.count)]
            let sayer = dice.below(4) == 0 ? Self.owners[dice.below(2)] : owner
            let isPermanent = dice.below(12) == 0
            let tries = model.rows.first { $0.id == row.id }?.tries ?? 0
            let isDead = try Outbox.fail(event, owner: sayer, reason: "x", isPermanent: isPermanent, db)
            let seconds = try readySeconds(event, db)
            let before = model.rows
            #expect(isDead == model.fail(row, owner: sayer, isPermanent: isPermanent, backoff: seconds ?? 0, at: 0))
            let longest = min(Double(1 << min(tries + 1, 9)), 300)
            if model.rows != before { #expect((longest / 2...longest).contains(seconds ?? 0)) }
        }

        /// As the database has it, or drew it.
        private func readySeconds(_ event: OutgoingEvent, _ db: Connection) throws -> Double? {
            try db.value(
                "SELECT extract(epoch FROM ready_at - now())::float8 FROM ledger.outbox WHERE msg_id = \(event.messageId)::uuid"
            )
        }
    }
}

import Domain
import JSONRPC
@testable import Ledger
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct OutboxTests {
    private static let (me, other) = (MessageID.make(), MessageID.make())

    private static func sweep(_ city: City, _ owner: String = me, limit: Int = 100) async throws -> [OutgoingEvent] {
        try await city.sql { db in
            try db.transaction {
                try Outbox.sweep(owner: owner, room: ["intake": limit, "supervision": limit, "archive": limit], $0)
            }
        }
    }

    /// Lets all leases and back-offs end.
    private static func expire(_ city: City) async throws {
        try await city.sql { db in try db.execute("UPDATE ledger.outbox SET ready_at = now() - interval '1 second'") }
    }

    private static func row(_ city: City, _ id: String) async throws -> String {
        try await city.sql { db in
            try db.one(
                "SELECT concat_ws(' ', owner, attempt, tries, dead_reason, ready_at > now()) AS line FROM ledger.outbox WHERE msg_id = \(id)::uuid"
            ) { try $0["line"] as String }
        }
    }

    @Test func eventsAreWrittenWithTheChangeAndNoneWithARefusal() async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            #expect(try await city.count("ledger.outbox") == 0)
            #expect(
                await city.code(
                    "assignment.dispatch", ["caseNumber": JSONValue(number), "leadUnitId": "nobody"], as: .office)
                    == 1009)
            #expect(try await city.count("ledger.outbox") == 0)
            for status in [CaseStatus.dispatched, .claimed, .reported, .approved, .replied, .closed] {
                try await city.step(number, to: status)
            }
            let rows = try await city.sql { db in
                try db.rows(
                    """
                    SELECT concat_ws(' ', method, version, ordinal, owner IS NOT NULL, attempt) AS line FROM ledger.outbox
                    ORDER BY version, consumer
                    """
                ) { try $0["line"] as String }
            }
            // Leased at birth, but for the one behind a row of the same case and consumer.
            #expect(
                rows == [
                    "supervision.caseDispatched 2 1 t 1", "intake.replyPublished 6 1 t 1",
                    "supervision.replyPublished 6 1 f 0", "archive.caseClosed 7 1 t 1",
                ])
            let params = try await city.sql { db in
                try db.rows("SELECT params FROM ledger.outbox WHERE consumer = 'supervision' ORDER BY version") {
                    try $0["params"] as String
                }
            }
            #expect(
                try params.map { try JSONValue(parsing: Array($0.utf8)) } == [
                    ["caseNumber": JSONValue(number), "place": ["version": 2, "ordinal": 1]],
                    [
                        "caseNumber": JSONValue(number), "place": ["version": 6, "ordinal": 1],
                        "after": ["version": 2, "ordinal": 1],
                    ],
                ])
        }
    }

    @Test func theNextEventIsLeasedWhenTheOneBeforeItIsAcknowledged() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .replied)
            #expect(try await Self.sweep(city).isEmpty)
            try await Self.expire(city)
            let first = try await Self.sweep(city)
            #expect(first.map(\.method).sorted() == ["intake.replyPublished", "supervision.caseDispatched"])
            #expect(first.allSatisfy { $0.attempt == 2 })
            // The later one waits even though nobody holds it.
            #expect(try await Self.sweep(city).isEmpty)
            let next = try await city.sql { db in
                try db.transaction { try Outbox.acknowledge(first, owner: Self.me, $0) }
            }
            #expect(next.map(\.method) == ["supervision.replyPublished"] && next[0].attempt == 1)
            #expect(try await Self.row(city, next[0].messageId) == "\(Self.me) 1 0 t")
            #expect(
                try await city.sql { db in try db.transaction { try Outbox.acknowledge(first, owner: Self.other, $0) } }
                    .isEmpty)
            _ = try await city.sql { db in try db.transaction { try Outbox.acknowledge(next, owner: Self.me, $0) } }
            #expect(try await city.count("ledger.outbox") == 0)
        }
    }

    @Test func whoLostTheLeaseChangesNothing() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .dispatched)
            try await Self.expire(city)
            let mine = try #require(try await Self.sweep(city).first)
            try await Self.expire(city)
            let theirs = try #require(try await Self.sweep(city, Self.other).first)
            let before = try await Self.row(city, mine.messageId)
            #expect(before == "\(Self.other) 3 0 t")
            try await city.sql { db in
                try Outbox.postpone([mine], owner: Self.me, seconds: 0, db)
                try Outbox.postpone([mine], owner: Self.other, seconds: 0, db)
                try Outbox.fail(mine, owner: Self.me, reason: "x", isPermanent: true, db)
            }
            #expect(try await Self.row(city, mine.messageId) == before)
            try await city.sql { db in try Outbox.postpone([theirs], owner: Self.other, seconds: 30, db) }
            #expect(try await Self.row(city, mine.messageId) == "3 0 t")
            #expect(try await Self.sweep(city).isEmpty)
        }
    }

    @Test func onlyCountedTriesMakeARowDeadAndADeadRowStopsItsCase() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .replied)
            for tries in 1...Outbox.countedTriesMax {
                try await Self.expire(city)
                let event = try #require(try await Self.sweep(city).first { $0.consumer == "supervision" })
                try await city.sql { db in
                    try Outbox.fail(event, owner: Self.me, reason: "internalError", isPermanent: false, db)
                }
                let dead = tries == Outbox.countedTriesMax
                #expect(try await city.count("ledger.outbox WHERE tries = \(tries) AND owner IS NULL") == 1)
                #expect(try await city.count("ledger.outbox WHERE dead_reason = 'internalError'") == (dead ? 1 : 0))
                #expect(try await city.count("ledger.outbox WHERE ready_at > now() + interval '301 seconds'") == 0)
            }
            try await Self.expire(city)
            #expect(try await Self.sweep(city).map(\.consumer) == ["intake"])
        }
    }

    @Test func aPermanentRefusalIsDeadAtOnceAndNothingIsSentBehindIt() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .replied)
            try await Self.expire(city)
            let all = try await Self.sweep(city)
            let event = try #require(all.first { $0.consumer == "supervision" })
            try await city.sql { db in try Outbox.fail(event, owner: Self.me, reason: "notFound", isPermanent: true, db)
            }
            #expect(try await city.count("ledger.outbox WHERE dead_reason = 'notFound'") == 1)
            let rest = try await city.sql { db in
                try db.transaction {
                    try Outbox.acknowledge(all.filter { $0.consumer == "intake" }, owner: Self.me, $0)
                }
            }
            #expect(rest.isEmpty)
            try await Self.expire(city)
            #expect(try await Self.sweep(city).isEmpty)
        }
    }

    @Test func twoSweepsAtOnceTakeNothingTwice() async throws {
        try await City.with { city in
            for _ in 0..<6 { _ = try await city.bring(to: .dispatched) }
            try await Self.expire(city)
            let (one, two) = try await city.sql { db in
                let second = try Connection(city.database)
                return try db.transaction { first in
                    let mine = try Outbox.sweep(owner: Self.me, room: ["supervision": 4], first)
                    let theirs = try second.transaction {
                        try Outbox.sweep(owner: Self.other, room: ["supervision": 4], $0)
                    }
                    return (mine.map(\.messageId), theirs.map(\.messageId))
                }
            }
            #expect(one.count == 4 && two.count == 2 && Set(one).isDisjoint(with: two))
        }
    }

    @Test func whatIsReadyForOneConsumerIsFoundBehindMuchOfAnother() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .replied)
            try await Self.expire(city)
            let taken = try await city.sql { db in
                try db.transaction { try Outbox.sweep(owner: Self.me, room: ["intake": 1, "archive": 5], $0) }
            }
            #expect(taken.map(\.consumer) == ["intake"])
        }
    }

    @Test func anInstanceThatAppearsHastensWhatWasPutBackAndNotWhatWasRefused() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .replied)
            try await Self.expire(city)
            let events = try await Self.sweep(city)
            let (first, second) = (try #require(events.first), try #require(events.last))
            try await city.sql { db in
                try Outbox.postpone([first], owner: Self.me, db)
                try db.execute(
                    "UPDATE ledger.outbox SET tries = 2 WHERE msg_id = \(second.messageId)::uuid")
                #expect(try !Outbox.fail(second, owner: Self.me, reason: "x", isPermanent: false, db))
                for event in [first, second] { try Outbox.hasten(event.consumer, db) }
            }
            #expect(try await Self.sweep(city).map(\.messageId) == [first.messageId])
        }
    }
}

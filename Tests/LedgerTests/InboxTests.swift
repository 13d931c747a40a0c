import Domain
import JSONRPC
import Ledger
import Postgres
import ServiceKit
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct InboxTests {
    private static func params(_ number: String, _ version: Int, after: Int? = nil) -> JSONValue {
        let place: JSONValue = ["version": JSONValue(version), "ordinal": 1]
        let params: JSONValue = ["caseNumber": JSONValue(number), "place": place]
        guard let after else { return params }
        return params.with(["after": ["version": JSONValue(after), "ordinal": 1]])
    }

    @discardableResult
    private static func deliver(_ city: City, _ id: String, _ params: JSONValue) async throws -> JSONValue {
        var headers = Headers()
        headers.msgId = id
        return try await city.call("supervision.caseDispatched", params, as: .service, headers: headers)
    }

    private static func code(_ city: City, _ id: String, _ params: JSONValue) async throws -> Int? {
        do { try await deliver(city, id, params) } catch let error as RPCError { return error.code }
        return nil
    }

    @Test func aRedeliveryIsAnsweredFromTheInboxAndHasNoEffect() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            let id = MessageID.make()
            let first = try await Self.deliver(city, id, Self.params(number, 2))
            try await city.sql { db in
                try db.execute("UPDATE ledger.cases SET look_at = NULL")
                try db.execute("UPDATE ledger.inbox SET response = '{\"stored\":true}'")
            }
            #expect(first == [:])
            #expect(try await Self.deliver(city, id, Self.params(number, 2)) == ["stored": true])
            // The same place under another id was applied too.
            #expect(try await Self.deliver(city, MessageID.make(), Self.params(number, 2)) == [:])
            #expect(try await city.count("ledger.cases WHERE look_at IS NOT NULL") == 0)
            #expect(try await city.count("ledger.inbox") == 1)
        }
    }

    @Test func anEventWhosePredecessorIsMissingIsTriedLater() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .replied)
            let before = try await city.everything()
            #expect(try await Self.code(city, MessageID.make(), Self.params(number, 6, after: 2)) == -32009)
            #expect(try await city.everything() == before)
            #expect(try await Self.code(city, MessageID.make(), Self.params(number, 2)) == nil)
            #expect(try await Self.code(city, MessageID.make(), Self.params(number, 9, after: 6)) == -32009)
            #expect(try await Self.code(city, MessageID.make(), Self.params(number, 6, after: 2)) == nil)
            #expect(try await Self.code(city, MessageID.make(), Self.params(number, 9, after: 6)) == nil)
            let place = try await city.sql { db in
                try db.one("SELECT version, ordinal FROM ledger.inbox_positions") {
                    "\(try $0["version"] as Int).\(try $0["ordinal"] as Int)"
                }
            }
            #expect(place == "9.1")
        }
    }

    @Test func anEventOfAnUnknownCaseLeavesNothing() async throws {
        try await City.with { city in
            for number in ["202603-999999999", "x"] {
                let code = try await Self.code(city, MessageID.make(), Self.params(number, 2))
                #expect(code == 1001)
            }
            #expect(try await city.count("ledger.inbox") == 0)
            #expect(try await city.count("ledger.inbox_positions") == 0)
        }
    }

    @Test func aMessageIdThatIsNoneIsRefusedAndNotAFault() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            for id in ["", "x", "'; DROP TABLE ledger.inbox; --"] {
                #expect(try await Self.code(city, id, Self.params(number, 2)) == -32602, "\(id)")
            }
        }
    }

    @Test func twinsAtOnceAreAppliedOnce() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            let id = MessageID.make()
            let codes = try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 0..<8 { group.addTask { try await Self.code(city, id, Self.params(number, 2)) } }
                return try await group.reduce(into: Set<Int?>()) { $0.insert($1) }
            }
            #expect(codes == [nil])
            #expect(try await city.count("ledger.inbox") == 1)
        }
    }

    @Test func neighboursMaySendNamesThatThisVersionDoesNotKnow() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            #expect(try await Self.code(city, MessageID.make(), Self.params(number, 2).with(["colour": "red"])) == nil)
        }
    }
}

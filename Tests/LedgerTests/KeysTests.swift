import Domain
import JSONRPC
@testable import Ledger
import Postgres
import ServiceKit
import Synchronization
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct KeysTests {
    /// Leaves a mark that can be counted.
    private static func mark(_ work: Work, _ name: String = "x") throws {
        try work.db.execute(
            """
            INSERT INTO ledger.track_failures (case_number, address, failures, since)
            VALUES (\(name), \(MessageID.make()), 1, now())
            """)
    }

    private static func marks(_ city: City) async throws -> Int { try await city.count("ledger.track_failures") }

    @Test func aKeyAnswersTheStoredBytesAndDoesNothingAgain() async throws {
        try await City.with { city in
            try await Stage.with(city) { stage in
                let text = #"{"b": 1.0, "a":"😀\u00e9\n", "n":null }"#
                let runs = Atomic(0)
                for _ in 0..<3 {
                    let (result, events) = try await stage.ledger.change(Stage.request("k")) { work in
                        runs.add(1, ordering: .relaxed)
                        try Self.mark(work)
                        return Array(text.utf8)
                    }
                    #expect(String(decoding: result, as: UTF8.self) == text && events.isEmpty)
                }
                #expect(runs.load(ordering: .relaxed) == 1)
                #expect(try await Self.marks(city) == 1)
                // 90 days from now, for the sweep.
                #expect(
                    try await city.count(
                        "ledger.idempotency_keys WHERE expires_at BETWEEN now() + interval '89 days' AND now() + interval '91 days'"
                    ) == 1)
            }
        }
    }

    /// Whoever stored the answer may still be waiting for a standby; only a COMMIT that writes waits behind it.
    @Test func aStoredAnswerIsGivenByATransactionThatWrites() async throws {
        try await City.with { city in
            try await Stage.with(city) { stage in
                let request = Stage.request("k")
                _ = try await stage.ledger.change(request) { _ in Array("1".utf8) }
                let (stored, writes) = try await stage.ledger.database.transaction { db -> ([UInt8], Bool) in
                    guard case .known(let stored) = try Keys.claim(try #require(request.key), request, db) else {
                        return ([], false)
                    }
                    return (stored, try db.value("SELECT pg_current_xact_id_if_assigned() IS NOT NULL") as Bool)
                }
                #expect(stored == Array("1".utf8) && writes)
            }
        }
    }

    @Test func aKeyThatWasUsedForSomethingElseIsRefused() async throws {
        try await City.with { city in
            try await Stage.with(city) { stage in
                _ = try await stage.ledger.change(Stage.request("k")) { _ in Array("1".utf8) }
                for other in [Stage.request("k", #"{"a":1}"#), Stage.request("k", method: "test.other")] {
                    let error = await #expect(throws: Refusal.self) {
                        try await stage.ledger.change(other) { work in
                            try Self.mark(work)
                            return []
                        }
                    }
                    #expect(error?.code == .keyReused)
                }
                #expect(try await Self.marks(city) == 0)
                // Another client's keys are its own.
                _ = try await stage.ledger.change(Stage.request("k", #"{"a":1}"#, client: 2)) { _ in Array("2".utf8) }
            }
        }
    }

    @Test func aRefusalIsNotStoredAndIsDecidedAnew() async throws {
        try await City.with { city in
            try await Stage.with(city) { stage in
                await #expect(throws: Refusal.notFound) {
                    try await stage.ledger.change(Stage.request("k")) { work in
                        try Self.mark(work)
                        throw Refusal.notFound
                    }
                }
                #expect(try await Self.marks(city) == 0)
                #expect(try await city.count("ledger.idempotency_keys") == 0)
                let (result, _) = try await stage.ledger.change(Stage.request("k", #"{"other":1}"#)) { _ in
                    Array("1".utf8)
                }
                #expect(result == Array("1".utf8))
            }
        }
    }

    @Test func aRefusalThatLeavesATraceGivesItsKeyBack() async throws {
        try await City.with { city in
            try await Stage.with(city) { stage in
                for _ in 0..<2 {
                    await #expect(throws: Refusal.notFound) {
                        try await stage.ledger.change(Stage.request("k")) { work in
                            try Self.mark(work)
                            work.refusalAfterCommit = .notFound
                            return Array("null".utf8)
                        }
                    }
                }
                let (marks, keys) = (try await Self.marks(city), try await city.count("ledger.idempotency_keys"))
                #expect(marks == 2 && keys == 0)
            }
        }
    }

    @Test func twinsAtOnceHaveOneEffect() async throws {
        try await City.with { city in
            try await Stage.with(city, connections: 8) { stage in
                let answers = try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
                    for index in 0..<16 {
                        group.addTask {
                            do {
                                return try await stage.ledger.change(Stage.request("k")) { work in
                                    try Self.mark(work)
                                    return Array("\(index)".utf8)
                                }.result
                            } catch let refusal as Refusal where refusal.code == .keyInUse {
                                return nil
                            }
                        }
                    }
                    return try await group.reduce(into: [[UInt8]]()) { all, answer in
                        if let answer { all.append(answer) }
                    }
                }
                #expect(Set(answers).count == 1)
                #expect(try await Self.marks(city) == 1)
            }
        }
    }

    @Test func aTwinThatTakesLongIsSaidToBeWorkedOn() async throws {
        try await City.with { city in
            try await Stage.with(city, lockTimeout: 50) { stage in
                let request = Stage.request("k")
                let held = try Connection(city.database)
                try held.script("BEGIN")
                try held.execute(
                    """
                    INSERT INTO ledger.idempotency_keys (client_id, key, method, digest, expires_at)
                    VALUES (1, 'k', 'test.method', '\\x00', now())
                    """)
                let error = await #expect(throws: Refusal.self) { try await stage.ledger.change(request) { _ in [] } }
                #expect(error?.code == .keyInUse && error?.facts == .retryAfter(milliseconds: 1000))
                try held.script("ROLLBACK")
                _ = try await stage.ledger.change(request) { _ in Array("1".utf8) }
            }
        }
    }

    // MARK: Through a method

    private static func supplement(_ number: String, _ more: KeyValuePairs<String, JSONValue> = [:]) -> JSONValue {
        (["caseNumber": JSONValue(number), "text": "补充", "idempotencyKey": "k"] as JSONValue).with(more)
    }

    @Test func orderOfMembersAndTheExpectedVersionDoNotMakeAnotherRequest() async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            let first = try await city.call(
                "intake.supplement", Self.supplement(number, ["expectedVersion": 1]), as: .source)
            let turned: JSONValue = [
                "idempotencyKey": "k", "text": "补充", "expectedVersion": 9, "caseNumber": JSONValue(number),
            ]
            #expect(try await city.call("intake.supplement", turned, as: .source) == first)
            #expect(try await city.call("intake.supplement", Self.supplement(number), as: .source) == first)
            for more in [["text": "另一"], ["person": ["name": "甲", "title": "乙"]], ["attachments": []]]
                as [KeyValuePairs<String, JSONValue>]
            {
                #expect(
                    await city.code("intake.supplement", Self.supplement(number, more), as: .source) == -32022,
                    "\(more)")
            }
            #expect(
                await city.code(
                    "intake.classify", ["caseNumber": JSONValue(number), "idempotencyKey": "k"], as: .registrar) == nil)
            #expect(try await city.count("intake.supplements") == 1)
        }
    }

    @Test func theStoredAnswerComesBeforeSightAndStatus() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .replied)
            let params = City.followUp(number, "satisfied").with(["idempotencyKey": "k", "expectedVersion": 6])
            let first = try await city.call("supervision.recordFollowUp", params, as: .supervisor)
            try await city.step(number, to: .archived)
            #expect(try await city.call("supervision.recordFollowUp", params, as: .supervisor) == first)
            // Params are checked before the key.
            let bad = params.with(["satisfaction": "glad"])
            #expect(await city.code("supervision.recordFollowUp", bad, as: .supervisor) == -32602)
        }
    }

    @Test func theKeyOfTheHeaderIsTheSameKey() async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            let first = try await city.call("intake.supplement", Self.supplement(number), as: .source)
            let bare: JSONValue = ["caseNumber": JSONValue(number), "text": "补充"]
            var headers = Headers()
            headers.idempotencyKey = "k"
            #expect(try await city.call("intake.supplement", bare, as: .source, headers: headers) == first)
            headers.idempotencyKey = "other"
            await #expect(throws: RPCError.self) {
                try await city.call("intake.supplement", Self.supplement(number), as: .source, headers: headers)
            }
            // A key that the gateway minted is another one than the caller's own, and is kept a day.
            var minted = Headers()
            minted.idem = "k"
            #expect(try await city.call("intake.supplement", bare, as: .source, headers: minted)["version"] == 3)
            #expect(try await city.call("intake.supplement", bare, as: .source, headers: minted)["version"] == 3)
            #expect(try await city.count("ledger.idempotency_keys WHERE expires_at < now() + interval '2 days'") == 1)
        }
    }
}

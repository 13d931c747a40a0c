import Domain
import JSONRPC
import Postgres
import ServiceKit
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct RegisterBatchTests {
    private static func batch(_ cases: [JSONValue], _ more: KeyValuePairs<String, JSONValue> = [:]) -> JSONValue {
        (["cases": .array(cases)] as JSONValue).with(more)
    }

    @Test func anItemsErrorCarriesTheRequestsTraceId() async throws {
        try await City.with { city in
            var headers = Headers()
            headers.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            let answer = try await city.call(
                "intake.registerBatch", ["cases": [["channel": "board"]]], as: .source, headers: headers)
            #expect(answer["results"]?[0]?["error"]?["data"]?["traceId"] == "4bf92f3577b34da6a3ce929d0e0e4736")
        }
    }

    @Test func whatIsWrongWithOneIsSaidOfItAndHindersNoOther() async throws {
        try await City.with { city in
            let lone = try JSONValue(
                parsing: Array(#"{"channel":"board","externalId":"s","title":"\ud800","body":"x"}"#.utf8))
            let items: [(JSONValue, code: Int?, paths: [String])] = [
                (Message.params("1"), nil, []), (Message.params("2", ["title": ""]), -32602, ["title"]),
                (Message.params("3", ["channel": "nowhere"]), 1009, ["channel"]),
                (Message.params("4", ["channel": "mailbox"]), -32003, []), (1, -32602, [""]), (.null, -32602, [""]),
                (Message.params("5", ["colour": "red"]), -32602, ["colour"]),
                (Message.params("6", ["relatedTo": "202603-999999999"]), 1009, ["relatedTo"]),
                (Message.params("7", ["body": "a\u{0}b"]), -32602, ["body"]), (lone, -32602, ["title"]),
                (Message.params("8", ["idempotencyKey": ""]), -32602, ["idempotencyKey"]),
                (Message.params("9", ["postedAt": "2027-01-01T00:00:00Z"]), -32602, ["postedAt"]),
                (Message.params("10"), nil, []),
            ]
            let results =
                try await city.call("intake.registerBatch", Self.batch(items.map(\.0)), as: .source)["results"]?
                .elements ?? []
            #expect(results.count == items.count)
            for (index, (result, item)) in zip(results, items).enumerated() {
                let error = result["error"].flatMap { RPCError($0) }
                #expect(error?.code == item.code, "\(index)")
                #expect(error?.paths ?? [] == item.paths, "\(index)")
                #expect((result["caseNumber"] != nil) == (item.code == nil), "\(index)")
                if let error {
                    #expect(!error.reason.isEmpty && !error.traceId.isEmpty && !error.detail.isEmpty, "\(index)")
                }
            }
            #expect(try await city.count("ledger.cases") == 2)
            #expect(try await city.count("ledger.natural_keys") == 2)
        }
    }

    @Test func fiveHundredAreTakenAndOneMoreIsNot() async throws {
        try await City.with { city in
            let cases = (0..<501).map { Message.params("\($0)") }
            for wrong in [cases, []] {
                let error = await city.refusal("intake.registerBatch", Self.batch(wrong), as: .source)
                #expect(error?.code == -32602 && error?.paths == ["cases"], "\(wrong.count)")
            }
            #expect(try await city.count("ledger.cases") == 0)
            let results = try await city.call("intake.registerBatch", Self.batch(Array(cases.dropLast())), as: .source)[
                "results"]
            #expect(results?.elements?.count { $0["replayed"] == false } == 500)
            #expect(try await city.count("ledger.cases") == 500)
        }
    }

    @Test func twoOfOneMessageAreOneCase() async throws {
        try await City.with { city in
            let cases = [Message.params("x"), Message.params("x"), Message.params("x", ["body": "还是不亮"])]
            let results =
                try await city.call("intake.registerBatch", Self.batch(cases), as: .source)["results"]?.elements ?? []
            #expect(Set(results.compactMap { $0["caseNumber"]?.stringValue }).count == 1)
            #expect(results.map { $0["replayed"] } == [false, true, true])
            #expect(results.map { $0["changed"] } == [nil, nil, true])
            #expect(results.last?["version"] == 2)
        }
    }

    @Test func anItemsKeyCountsAsIfItHadBeenCalledByItself() async throws {
        try await City.with { city in
            let keyed = Message.params("1", ["idempotencyKey": "own-1"])
            let first =
                try await city.call("intake.registerBatch", Self.batch([keyed, keyed]), as: .source)["results"]?
                .elements ?? []
            #expect(first.count == 2 && first[0] == first[1] && first[0]["replayed"] == false)
            let single = try await city.call("intake.register", keyed, as: .source)
            #expect(single == first[0])
            let other = Message.params("2", ["idempotencyKey": "own-1"])
            let second = try await city.call(
                "intake.registerBatch", Self.batch([other, Message.params("3")]), as: .source)["results"]
            #expect(second?[0]?["error"]?["code"] == -32022)
            #expect(second?[1]?["replayed"] == false)
            // What is refused is decided anew under the same key.
            let bad = Message.params("4", ["channel": "nowhere", "idempotencyKey": "own-2"])
            let good = Message.params("4", ["idempotencyKey": "own-2"])
            let refused = try await city.call("intake.registerBatch", Self.batch([bad, good]), as: .source)["results"]
            #expect(refused?[0]?["error"]?["code"] == 1009)
            #expect(refused?[1]?["replayed"] == false)
        }
    }

    @Test func aBatchUnderOneKeyIsAnsweredAgain() async throws {
        try await City.with { city in
            let params = Self.batch(
                [Message.params("1"), Message.params("2", ["title": ""])], ["idempotencyKey": "batch-1"])
            let first = try await city.call("intake.registerBatch", params, as: .source)
            let before = try await city.everything()
            #expect(try await city.call("intake.registerBatch", params, as: .source) == first)
            #expect(try await city.everything() == before)
            let other = Self.batch([Message.params("1")], ["idempotencyKey": "batch-1"])
            #expect(await city.code("intake.registerBatch", other, as: .source) == -32022)
        }
    }

    @Test func twoBatchesOfTheSameMessagesAtOnceMakeThemOnce() async throws {
        try await City.with { city in
            let cases = (0..<40).map { Message.params("\($0)") }
            let answers = try await city.atOnce(4) { index in
                try await city.call(
                    "intake.registerBatch", Self.batch(index.isMultiple(of: 2) ? cases : cases.reversed()), as: .source)
            }
            let made = answers.flatMap { $0["results"]?.elements ?? [] }.count { $0["replayed"] == false }
            #expect(made == 40)
            #expect(try await city.count("ledger.cases") == 40)
        }
    }

    @Test func aMessageThatSomebodyElseHoldsHindersNoOther() async throws {
        try await City.with { city in
            let name = city.database["dbname"] ?? ""
            let number = try await city.bring(to: .registered)
            let id = try await city.get(number)["externalId"] ?? .null
            // New connections wait for a lock no longer than this.
            try await city.sql { db in
                try db.execute("ALTER ROLE renling_intake IN DATABASE \(raw: name) SET lock_timeout = '50ms'")
                try db.execute(
                    """
                    SELECT pg_terminate_backend(pid)
                    FROM pg_stat_activity
                    WHERE usename = 'renling_intake' AND datname = \(name)
                    """)
            }
            let other = try Connection(city.database)
            try other.script(
                """
                BEGIN;
                INSERT INTO ledger.natural_keys VALUES ('board', 'held', 1, '\\x00');
                SELECT FROM ledger.cases FOR UPDATE
                """)
            let cases = [
                Message.params("1"), Message.params("held"), Message.params("", ["externalId": id]),
                Message.params("2"),
            ]
            let results = try await city.call("intake.registerBatch", Self.batch(cases), as: .source)["results"]
            #expect(results?.elements?.map { $0["error"]?["code"] } == [nil, -32009, -32050, nil])
            #expect(results?[1]?["error"]?["data"]?["retryable"] == true)
            #expect(results?[2]?["error"]?["data"]?["retryable"] == true)
            try other.script("ROLLBACK")
            let again = try await city.call("intake.registerBatch", Self.batch(cases), as: .source)["results"]
            #expect(again?.elements?.map { $0["replayed"] } == [true, false, true, true])
            #expect(again?[2]?["changed"] == true)
        }
    }
}

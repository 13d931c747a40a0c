import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct SettlePromiseTests {
    /// The promise that is due first.
    private static func promise(_ city: City) async throws -> JSONValue {
        let items = try await city.call("supervision.promises", ["status": "open"], as: .supervisor)["items"]
        return items?[0]?["promiseId"] ?? .null
    }

    private static func params(
        _ id: JSONValue, _ outcome: String, _ more: KeyValuePairs<String, JSONValue> = [:]
    ) -> JSONValue {
        (["promiseId": id, "outcome": JSONValue(outcome), "evidence": "现场照片3张"] as JSONValue).with(more)
    }

    @Test func whenAllAreKeptTheFileMayBeSealed() async throws {
        try await City.with { city in
            let number = try await PromisesTests.closed(city)
            try await city.deliverEvents()
            for _ in 0..<2 {
                let answer = try await city.call(
                    "supervision.settlePromise", Self.params(try await Self.promise(city), "kept"), as: .supervisor)
                #expect(answer["caseNumber"]?.stringValue == number && answer["status"] == "closed")
            }
            city.clock.advance(days: 40)
            try await city.sweep()
            #expect(try await city.get(number)["status"] == "archived")
            let file = try await city.call("archive.get", ["caseNumber": JSONValue(number)], as: .auditor)
            let papers = file["document"]?["papers"]?.elements?.filter { $0["kind"] == "promise" }
            #expect(papers?.count == 2 && papers?.first?["paper"]?["status"] == "kept")
        }
    }

    @Test func aBrokenOneReopensTheCaseHoweverLongAgoItWasClosed() async throws {
        try await City.with { city in
            let number = try await PromisesTests.closed(city)
            city.clock.set("2026-05-06T09:00:00+08:00")
            let answer = try await city.call(
                "supervision.settlePromise", Self.params(try await Self.promise(city), "broken"), as: .supervisor)
            #expect(answer["status"] == "claimed")
            let view = try await city.get(number)
            #expect(view["round"] == 2 && view["holder"]?["unitId"] == "housing")
            #expect(view["timeline"]?.elements?.last?["action"] == "settlePromise")
            // The other one is settled while the case is at work, and reopens nothing any more.
            let other = try await city.call(
                "supervision.settlePromise", Self.params(try await Self.promise(city), "broken"), as: .supervisor)
            #expect(other["status"] == "claimed")
            #expect(try await city.get(number)["round"] == 2)
            #expect(try await city.count("ledger.cases WHERE proceedings @> '{\"openMatters\": 0}'") == 1)
        }
    }

    @Test func oneIsMovedOnceAndToALaterDay() async throws {
        try await City.with { city in
            let number = try await PromisesTests.closed(city)
            let id = try await Self.promise(city)
            let before = try await city.everything()
            for (day, path) in [("2026-04-30", "newDueOn"), ("2026-03-01", "newDueOn")] {
                let error = await city.refusal(
                    "supervision.settlePromise", Self.params(id, "moved", ["newDueOn": JSONValue(day)]), as: .supervisor
                )
                #expect(error?.paths == [path])
            }
            #expect(
                await city.refusal("supervision.settlePromise", Self.params(id, "moved"), as: .supervisor)?.paths
                    == ["newDueOn"])
            #expect(
                await city.refusal(
                    "supervision.settlePromise", Self.params(id, "kept", ["newDueOn": "2026-07-01"]), as: .supervisor)?
                    .paths == ["newDueOn"])
            #expect(try await city.everything() == before)
            try await city.call(
                "supervision.settlePromise", Self.params(id, "moved", ["newDueOn": "2026-07-31"]), as: .supervisor)
            let item = try await city.call("supervision.promises", ["caseNumber": JSONValue(number)], as: .office)[
                "items"]?
                .elements?.first { $0["promiseId"] == id }
            #expect(item?["dueOn"] == "2026-07-31" && item?["movedFrom"] == "2026-04-30" && item?["status"] == "open")
            let again = await city.refusal(
                "supervision.settlePromise", Self.params(id, "moved", ["newDueOn": "2026-08-31"]), as: .supervisor)
            #expect(again?.code == 1006)
        }
    }

    @Test func whatIsSettledStays() async throws {
        try await City.with { city in
            _ = try await PromisesTests.closed(city)
            let id = try await Self.promise(city)
            let keyed = Self.params(id, "kept", ["idempotencyKey": "p"])
            let first = try await city.call("supervision.settlePromise", keyed, as: .supervisor)
            #expect(try await city.call("supervision.settlePromise", keyed, as: .supervisor) == first)
            let error = await city.refusal("supervision.settlePromise", Self.params(id, "broken"), as: .supervisor)
            #expect(error?.code == 1011 && error?.reason == "promiseSettled")
            for wrong in ["0", "999", "x"] {
                #expect(
                    await city.code(
                        "supervision.settlePromise", Self.params(JSONValue(wrong), "kept"), as: .supervisor) == 1001)
            }
            #expect(await city.code("supervision.settlePromise", Self.params(id, "kept"), as: .office) == -32003)
        }
    }
}

import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

/// The chain over real sockets: HTTP, ZeroMQ, PostgreSQL, with the events between the services.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct SocketChainTests {
    @Test func aCaseGoesThroughTheChainAndItsEventsArrive() async throws {
        try await RunningCity.with { city in
            let registered = try await city.call(
                "intake.register",
                [
                    "channel": "board", "externalId": "e-1", "title": "路灯不亮", "body": "人民路路灯已经坏了一周。",
                    "petitioner": ["name": "张三丰", "phone": "13900001234"],
                ], as: .source)
            let number = registered["caseNumber"] ?? .null
            try await city.call("intake.classify", ["caseNumber": number, "category": "urban"], as: .registrar)
            try await city.call("assignment.dispatch", ["caseNumber": number, "leadUnitId": "housing"], as: .office)
            try await city.call(
                "assignment.claim", ["caseNumber": number, "responsiblePerson": ["name": "周主任", "title": "科长"]],
                as: .unit("housing"))
            try await city.call("handling.fileResult", City.result(number.stringValue ?? ""), as: .unit("housing"))
            try await city.call("handling.review", City.review(number.stringValue ?? "", "approve"), as: .office)
            try await city.call(
                "handling.confirmPublication",
                ["caseNumber": number, "way": "phone", "at": JSONValue(city.clock.now.description)], as: .source)
            try await city.call("supervision.rate", ["caseNumber": number, "satisfaction": "satisfied"], as: .source)
            let tracked = try await city.call(
                "intake.track", ["caseNumber": number, "trackingCode": registered["trackingCode"] ?? .null], as: .nobody
            )
            #expect(tracked["status"] == "closed")
            // Every event arrives: the outbox empties, and each consumer has answered.
            while try await city.sql({ db in try db.value("SELECT count(*) FROM ledger.outbox") as Int }) > 0 {
                await Task.yield()
            }
            let answered = try await city.sql { db in
                try db.rows("SELECT consumer FROM ledger.inbox ORDER BY consumer") { try $0["consumer"] as String }
            }
            #expect(answered == ["archive", "intake", "supervision", "supervision"])
        }
    }
}

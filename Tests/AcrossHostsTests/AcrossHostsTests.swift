import Foundation
import JSONRPC
import TestKit
import Testing

/// The system on four hosts: links are cut and healed, a service moves. Real processes, real TCP, CURVE between them.
@Suite(
    .serialized, .timeLimit(.minutes(15)), .enabled(if: Hosts.isPossible, "\(Hosts.absence)"),
    .enabled(if: Hosts.programs != nil, "needs RENLING_PROGRAMS"))
struct AcrossHostsTests {
    @Test func linksAreCutAndHealedAndAServiceMoves() async throws {
        let programs = try #require(Hosts.programs)
        try await Hosts.with(["db", "front", "west", "east"]) { hosts in
            try await ScatteredCity.with(hosts, programs: programs) { city in
                for service in ["intake", "assignment"] { try await city.start(service, on: "west") }
                for service in ["handling", "supervision", "archive"] { try await city.start(service, on: "east") }
                try await city.start("gateway", on: "front")
                try await registers("before", city)
                let number = try #require(await register("a case", city)?["caseNumber"])

                // A service's host is cut off: what needs it fails in words, the rest is served.
                try await hosts.cut("west")
                #expect(await attempt("cut", city) == .refused)
                #expect(
                    await city.call(
                        "handling.fileOpinion", ["caseNumber": number, "opinion": "x"], as: .unit("housing"))
                        == .refused(1001))
                try await hosts.heal("west")
                try await registers("cut", city)
                #expect(try await city.count("ledger.natural_keys WHERE external_id = 'cut'") == 1)

                // The database is cut off, with a case's event on its way.
                try await hosts.cut("db")
                #expect(await attempt("dark", city) == .refused)
                try await hosts.heal("db")
                try await registers("dark", city)
                #expect(try await city.count("ledger.natural_keys WHERE external_id = 'dark'") == 1)

                // A service moves to another host, at another address, without the others being told.
                await city.kill("intake")
                try await city.start("intake", on: "east")
                try await registers("moved", city)

                // The gateway's host is cut off while events travel; afterwards nothing is left over.
                try await hosts.cut("front")
                try await hosts.heal("front")
                try await comesTrue {
                    if case .result? = await city.call(
                        "assignment.dispatch", ["caseNumber": number, "leadUnitId": "housing", "idempotencyKey": "d"],
                        as: .office)
                    {
                        true
                    } else {
                        false
                    }
                }
                try await comesTrue { try await city.count("ledger.outbox") == 0 }
                #expect(try await city.count("ledger.timeline WHERE action = 'dispatch'") == 1)
                #expect(try await city.count("ledger.inbox_positions WHERE consumer = 'supervision'") == 1)
            }
        }
    }

    private enum Attempt { case done, refused }

    private func params(_ id: String) -> JSONValue {
        [
            "channel": "board", "externalId": JSONValue(id), "title": "路灯不亮", "body": "人民路路灯已经坏了一周。",
            "idempotencyKey": JSONValue("key \(id)"),
        ]
    }

    private func register(_ id: String, _ city: ScatteredCity) async -> JSONValue? {
        if case .result(let value)? = await city.call("intake.register", params(id), as: .source) { value } else { nil }
    }

    /// One try: a success, or no success that anybody was told of.
    private func attempt(_ id: String, _ city: ScatteredCity) async -> Attempt {
        await register(id, city) == nil ? .refused : .done
    }

    /// Tries with one key until it is registered.
    private func registers(_ id: String, _ city: ScatteredCity) async throws {
        try await comesTrue { await attempt(id, city) == .done }
    }

    /// Asks as long as the suite may take; each question goes over the network and is answered in its own time.
    private func comesTrue(_ condition: () async throws -> Bool) async throws {
        while try await !condition() { await Task.yield() }
    }
}

import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

/// The archive's own sweep.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct SealingTests {
    @Test func aCaseIsSealedWhenItsDaysHavePassedAndNothingIsOpen() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .closed)
            let busy = try await city.bring(to: .closed)
            try await city.deliverEvents()
            try await city.sql { db in
                try db.execute(
                    """
                    UPDATE ledger.cases SET proceedings = jsonb_set(proceedings, '{openMatters}', '1')
                    WHERE case_id = \(CaseNumber(unchecked: busy).id)
                    """)
            }
            city.clock.advance(days: 29)
            try await city.sweep()
            #expect(try await city.count("archive.files") == 0)
            city.clock.advance(days: 1)
            try await city.sweep()
            #expect(try await city.count("archive.files") == 0)
            city.clock.advance(seconds: 1)
            try await city.sweep()
            let view = try await city.call("intake.get", ["caseNumber": JSONValue(number)], as: .auditor)
            #expect(view["status"] == "archived")
            #expect(view["timeline"]?.elements?.last?["actor"] == "system")
            #expect(
                try await city.call("archive.verify", ["caseNumber": JSONValue(number)], as: .auditor)["verified"]
                    == true)
            #expect(try await city.count("archive.files") == 1)
            // The other one waits, and is looked at again the next day.
            try await city.sql { db in
                try db.execute(
                    "UPDATE ledger.cases SET proceedings = jsonb_set(proceedings, '{openMatters}', '0') WHERE status = 'closed'"
                )
            }
            try await city.sweep()
            #expect(try await city.count("archive.files") == 1)
            city.clock.advance(days: 1)
            try await city.sweep()
            #expect(try await city.count("archive.files") == 2)
            #expect(try await city.count("archive.waiting") == 0)
        }
    }

    /// Until its last moment a case may be taken up again, and afterwards it is sealed: never both.
    @Test(arguments: [CaseStatus.closed, .declined])
    func aCaseIsNeverSealedWhileItMayBeTakenUpAgain(_ status: CaseStatus) async throws {
        try await City.with { city in
            let first = try await city.bring(to: status)
            let second = try await city.bring(to: status)
            try await city.deliverEvents()
            let method = status == .closed ? "supervision.reopen" : "intake.recall"
            let end = city.clock.now.adding(seconds: 30 * 86_400)
            city.clock.set(end)
            try await city.sweep()
            #expect(try await city.count("archive.files") == 0)
            try await city.call(method, ["caseNumber": JSONValue(first), "reason": "x"], as: .supervisor)
            city.clock.set(end.adding(milliseconds: 1))
            #expect(
                await city.code(method, ["caseNumber": JSONValue(second), "reason": "x"], as: .supervisor) == 1005)
            try await city.sweep()
            #expect(try await city.count("archive.files") == 1)
            #expect(
                await city.code(method, ["caseNumber": JSONValue(second), "reason": "x"], as: .supervisor) == 1010)
        }
    }
}

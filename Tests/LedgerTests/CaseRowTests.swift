import Domain
import JSONRPC
@testable import Ledger
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct CaseRowTests {
    @Test func aTextBeyondTodaysLimitStaysReadable() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .replied)
            let long = String(repeating: "长", count: 20_500)
            try await city.sql { db in
                try db.execute(
                    "UPDATE ledger.cases SET body = \(long), approved_reply = \(long), title = \(String(repeating: "题", count: 300))"
                )
            }
            let view = try await city.get(number)
            #expect(view["body"] == JSONValue(long) && view["title"]?.stringValue?.count == 300)
            #expect(try await city.call("intake.search", as: .office)["items"]?.elements?.count == 1)
        }
    }

    @Test func everyStatusOfTheDomainIsOneThatTheTableKnows() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .dispatched)
            let refused = try await city.sql { db in
                for status in CaseStatus.allCases where status != .archived {
                    try db.execute("UPDATE ledger.cases SET status = \(status)")
                }
                for party in Party.allCases { try db.execute("UPDATE ledger.cases SET holder = \(party)") }
                for type in CaseType.allCases { try db.execute("UPDATE ledger.cases SET type = \(type)") }
                for urgency in Urgency.allCases { try db.execute("UPDATE ledger.cases SET urgency = \(urgency)") }
                return ["status", "holder", "type", "urgency"].map { column in
                    do { try db.execute("UPDATE ledger.cases SET \(raw: column) = 'x'") } catch {
                        return (error as? PostgresError)?.code
                    }
                    return nil
                }
            }
            #expect(refused == Array(repeating: .checkViolation, count: 4))
        }
    }

    /// What the caller sees in lists is what it may find by number.
    @Test func sightInListsIsSightByNumber() async throws {
        try await City.with { city in
            var lives: [City.Life] = []
            for (lead, division, channel) in [
                ("housing", "439901", "board"), ("north-housing", "439902", "mailbox"),
                ("transport", "4399", "hotline"),
            ] {
                var life = City.Life()
                (life.lead, life.channel, life.more) = (lead, channel, ["divisionCode": JSONValue(division)])
                lives.append(life)
            }
            lives[2].coUnits = ["north-town"]
            var numbers: [String] = []
            for life in lives {
                for status in [CaseStatus.registered, .claimed] {
                    numbers.append(try await city.bring(to: status, life))
                }
            }
            let units = ["city", "housing", "housing-roads", "transport", "north", "north-town", "north-housing"].map {
                Who.unit($0)
            }
            for who in [Who.source, .otherSource, .registrar, .office, .leader, .northLeader, .supervisor, .auditor]
                + units
            {
                let listed =
                    try await city.call("intake.search", ["limit": 200], as: who)["items"]?.elements?.compactMap {
                        $0["caseNumber"]?.stringValue
                    } ?? []
                var found: [String] = []
                for number in numbers
                where await city.code("intake.get", ["caseNumber": JSONValue(number)], as: who) == nil {
                    found.append(number)
                }
                #expect(listed.sorted() == found.sorted(), "\(who)")
            }
        }
    }
}

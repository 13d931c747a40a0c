import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@testable import Supervision

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct PublishBulletinTests {
    @Test func whatIsPublishedIsFrozen() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .closed)
            let month: JSONValue = ["month": "2026-03"]
            #expect(await city.refusal("supervision.publishBulletin", month, as: .office)?.reason == "notCompiled")
            try await city.call("supervision.compileBulletin", month, as: .office)
            let published = try await city.call("supervision.publishBulletin", month, as: .office)
            #expect(published["status"] == "published" && published["publishedAt"] != nil)
            let before = try await city.call("supervision.bulletin", month, as: .observer)
            #expect(before["sha256"] == published["sha256"])
            for method in ["supervision.publishBulletin", "supervision.compileBulletin"] {
                let error = await city.refusal(method, month, as: .office)
                #expect(error?.code == 1011 && error?.reason == "alreadyPublished", "\(method)")
            }
            _ = try await city.bring(to: .closed)
            #expect(try await city.call("supervision.bulletin", month, as: .observer) == before)
        }
    }

    /// As the service's own role, as another program's, and as the owner of the database.
    @Test(arguments: ["renling_supervision", "renling_archive", "renling_handling", "renling_gateway", nil])
    func noStatementChangesIt(_ role: String?) async throws {
        try await City.with { city in
            _ = try await Self.criticise(city)
            let before = try await city.everything()
            let statements = [
                "UPDATE supervision.bulletins SET document = 'x'", "UPDATE supervision.bulletins SET formula = '2'",
                "UPDATE supervision.bulletins SET sha256 = sha256('x')",
                "UPDATE supervision.bulletins SET status = 'draft', published_at = NULL",
                "DELETE FROM supervision.bulletins", "DELETE FROM supervision.bulletin_items",
                "UPDATE supervision.bulletin_items SET value = 1",
                "INSERT INTO supervision.bulletin_items VALUES ('2026-03-01', 'replyRate', 'north', 1, 1)",
                "DELETE FROM supervision.criticisms",
                "UPDATE supervision.criticisms SET explanation_due_on = '2030-01-01'",
                "INSERT INTO supervision.criticisms VALUES ('2026-03-01', 'north', '2030-01-01')",
                "TRUNCATE supervision.bulletins", "TRUNCATE supervision.bulletin_items",
                "TRUNCATE supervision.criticisms",
            ]
            let database = role.map { city.database.setting("user", to: $0) } ?? city.database
            let states = try await Connection.open(database) { db in
                statements.map { statement -> String? in
                    do {
                        try db.execute("\(raw: statement)")
                        return nil
                    } catch let error as PostgresError { return error.sqlState } catch { return nil }
                }
            }
            for (statement, state) in zip(statements, states) {
                #expect((role == nil ? ["23514"] : ["23514", "42501"]).contains(state), "\(statement)")
            }
            #expect(try await city.everything() == before)
        }
    }

    /// Twenty cases of two units, of which one has let two dates pass; published on 2 April.
    private static func criticise(_ city: City) async throws -> [String] {
        var (life, numbers) = (City.Life(), [String]())
        for lead in ["housing", "transport"] {
            life.lead = lead
            for index in 1...10 {
                numbers.append(try await city.bring(to: lead == "housing" && index < 3 ? .claimed : .closed, life))
            }
        }
        city.clock.set("2026-04-01T09:00:00+08:00")
        try await city.call("supervision.compileBulletin", ["month": "2026-03"], as: .office)
        city.clock.set("2026-04-02T09:00:00+08:00")
        try await city.call("supervision.publishBulletin", ["month": "2026-03"], as: .office)
        return numbers
    }

    /// Whatever becomes of policies, units and cases: document, page, digest and every figure stay.
    @Test func whatComesAfterwardsChangesNothing() async throws {
        try await City.with { city in
            let numbers = try await Self.criticise(city)
            func all() async throws -> [JSONValue] {
                var read = [
                    try await city.call("supervision.bulletin", ["month": "2026-03", "format": "html"], as: .observer)
                ]
                for measure in Measure.allCases {
                    read.append(
                        try await city.call(
                            "supervision.figure", ["month": "2026-03", "measure": JSONValue(measure.rawValue)],
                            as: .observer))
                }
                return read
            }
            let before = try await all()
            #expect(before[0]["formula"] == "1" && before.dropFirst().allSatisfy { $0["frozen"] == true })
            let policies = try await city.call("supervision.policies", as: .admin)
            let bulletin = policies["items"]?.elements?.first { $0["name"] == "bulletin" }?["value"] ?? .null
            let stricter = JSONValue.object(
                (bulletin.members ?? []).map {
                    $0.name.text == "casesMin" ? JSONMember("casesMin", 5) : $0
                })
            try await city.call(
                "supervision.savePolicy", ["name": "bulletin", "value": stricter, "effectiveFrom": "2026-04-02"],
                as: .admin)
            // One is worked on again, one left out by a ruling, the overdue ones reported.
            let visit = City.followUp(numbers[19], "dissatisfied", method: "hiddenVisit")
            try await city.call("supervision.recordFollowUp", visit.with(["falseCompletion": true]), as: .supervisor)
            let c: JSONValue = ["caseNumber": JSONValue(numbers[5])]
            try await city.call(
                "supervision.requestExclusion", c.with(["measures": ["responseRate"], "ground": "法定期限"]),
                as: .supervisor)
            try await city.call(
                "supervision.decideExclusion", c.with(["decision": "grant", "ground": "属实"]), as: .office)
            for number in numbers.prefix(2) { try await city.step(number, to: .reported) }
            try await city.sql { db in try db.execute("UPDATE ledger.units SET name = '新名称' WHERE unit_id = 'housing'")
            }
            try await city.restart()
            #expect(try await all() == before)
        }
    }

    @Test func theDigestIsOverTheCanonicalDocument() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .closed)
            try await city.call("supervision.compileBulletin", ["month": "2026-03"], as: .office)
            try await city.call("supervision.publishBulletin", ["month": "2026-03"], as: .office)
            let read = try await city.call("supervision.bulletin", ["month": "2026-03"], as: .auditor)
            let text = String(decoding: try (read["document"] ?? .null).canonical(), as: UTF8.self)
            let digest: String = try await city.sql { db in
                try db.value("SELECT encode(sha256(convert_to(\(text), 'UTF8')), 'hex')")
            }
            #expect(read["sha256"]?.stringValue == digest)
        }
    }

    @Test func aCriticisedUnitOwesAnExplanationFromThePublication() async throws {
        try await City.with { city in
            _ = try await Self.criticise(city)
            let document = try await city.call("supervision.bulletin", ["month": "2026-03"], as: .observer)["document"]
            #expect(document?["praise"]?.elements?.map { $0["unitId"] } == ["transport"])
            #expect(document?["criticism"]?.elements?.map { $0["unitId"] } == ["housing"])
            // Five working days; 4 to 6 April are the Qingming holiday.
            #expect(document?["criticism"]?[0]?["explanationDueOn"] == "2026-04-10")
            #expect(
                try await city.count(
                    "supervision.criticisms WHERE unit_id = 'housing' AND explanation_due_on = '2026-04-10'") == 1)
            #expect(document?["groups"]?[0]?["units"]?.elements?.map { $0["rank"] } == [1, 2])
        }
    }
}

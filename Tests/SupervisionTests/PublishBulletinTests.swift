import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

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

    /// As the service's own role, too.
    @Test func noStatementOfTheServiceChangesIt() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .closed)
            try await city.call("supervision.compileBulletin", ["month": "2026-03"], as: .office)
            try await city.call("supervision.publishBulletin", ["month": "2026-03"], as: .office)
            let statements = [
                "UPDATE supervision.bulletins SET document = 'x'",
                "UPDATE supervision.bulletins SET status = 'draft', published_at = NULL",
                "DELETE FROM supervision.bulletins", "DELETE FROM supervision.bulletin_items",
                "UPDATE supervision.bulletin_items SET value = 1",
                "INSERT INTO supervision.bulletin_items VALUES ('2026-03-01', 'replyRate', 'north', 1, 1)",
                "DELETE FROM supervision.criticisms",
                "UPDATE supervision.criticisms SET explanation_due_on = '2030-01-01'",
            ]
            let states = try await Connection.open(city.database.setting("user", to: "renling_supervision")) { db in
                statements.map { statement -> String? in
                    do {
                        try db.execute("\(raw: statement)")
                        return nil
                    } catch let error as PostgresError { return error.sqlState } catch { return nil }
                }
            }
            for (statement, state) in zip(statements, states) {
                #expect(["23514", "42501"].contains(state), "\(statement)")
            }
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
            var life = City.Life()
            for lead in ["housing", "transport"] {
                life.lead = lead
                for index in 1...10 {
                    _ = try await city.bring(to: lead == "housing" && index < 3 ? .claimed : .closed, life)
                }
            }
            city.clock.set("2026-04-01T09:00:00+08:00")
            try await city.call("supervision.compileBulletin", ["month": "2026-03"], as: .office)
            city.clock.set("2026-04-02T09:00:00+08:00")
            try await city.call("supervision.publishBulletin", ["month": "2026-03"], as: .office)
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

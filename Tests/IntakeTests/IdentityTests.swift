import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

/// Name, phone and contact live in `intake.petitioners`, encrypted, and nowhere else.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct IdentityTests {
    static let secrets = ["欧阳静怡", "13900001234", "wechat-ouyang", "user-ouyang"]

    private static var life: City.Life {
        var life = City.Life()
        life.petitioner = [
            "name": JSONValue(secrets[0]), "phone": JSONValue(secrets[1]), "contact": JSONValue(secrets[2]),
            "account": JSONValue(secrets[3]),
        ]
        life.coUnits = ["transport"]
        return life
    }

    @Test func noTableOrViewHoldsThePetitionersIdentity() async throws {
        try await City.with { city in
            let (number, code) = try await city.register(Self.life)
            let c = JSONValue(number)
            try await city.call(
                "intake.classify", ["caseNumber": c, "proposal": "建议住建局", "idempotencyKey": "k1"], as: .registrar)
            try await city.step(number, to: .dispatched, Self.life)
            try await city.step(number, to: .claimed, Self.life)
            for who in [Who.unit("housing"), .registrar, .supervisor] {
                let identity = try await city.call(
                    "intake.revealIdentity", ["caseNumber": c, "purpose": "contact", "idempotencyKey": "k2"], as: who)
                #expect(
                    identity == [
                        "name": JSONValue(Self.secrets[0]), "phone": JSONValue(Self.secrets[1]),
                        "contact": JSONValue(Self.secrets[2]),
                    ])
            }
            try await city.call("intake.supplement", ["caseNumber": c, "text": "补充一点"], as: .source)
            try await city.call("handling.fileCoResult", ["caseNumber": c, "account": "已配合"], as: .unit("transport"))
            for status in [.reported, .approved, .replied, .closed] as [CaseStatus] {
                try await city.step(number, to: status, Self.life)
            }
            try await city.call(
                "supervision.rate", ["caseNumber": c, "trackingCode": JSONValue(code), "satisfaction": "satisfied"],
                as: .source)
            try await city.step(number, to: .archived, Self.life)
            try await city.deliverEvents()
            let tables = try await Self.texts(city)
            #expect(tables.count > 40)
            for (table, text) in tables {
                for secret in Self.secrets {
                    #expect(!text.contains(secret), "\(table)")
                    #expect(!text.contains(secret.utf8.map { String($0, radix: 16) }.joined()), "\(table)")
                }
            }
            for who in [Who.source, .registrar, .office, .unit("housing"), .supervisor, .auditor, .leader] {
                let view = try await city.get(number, as: who).json
                #expect(Self.secrets.allSatisfy { !view.contains($0) }, "\(who)")
            }
        }
    }

    @Test func aRowThatIsMovedToAnotherCaseCannotBeRead() async throws {
        try await City.with { city in
            let (one, _) = try await city.register(Self.life)
            let (other, _) = try await city.register(Self.life)
            try await city.sql { db in
                try db.execute(
                    """
                    UPDATE intake.petitioners
                    SET sealed = (SELECT sealed FROM intake.petitioners ORDER BY case_id LIMIT 1)
                    """)
            }
            #expect(
                await city.code(
                    "intake.revealIdentity", ["caseNumber": JSONValue(one), "purpose": "contact"], as: .registrar)
                    == nil)
            #expect(
                await city.code(
                    "intake.revealIdentity", ["caseNumber": JSONValue(other), "purpose": "contact"], as: .registrar)
                    == -32603)
        }
    }

    /// All rows of every table of ours, by table.
    private static func texts(_ city: City) async throws -> [(String, String)] {
        try await city.sql { db in
            let tables = try db.rows(
                """
                SELECT format('%I.%I', schemaname, tablename) AS name
                FROM pg_tables
                WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
                """
            ) { try $0["name"] as String }
            return try tables.map {
                ($0, try db.value("SELECT coalesce(string_agg(t::text, ' '), '') FROM \(raw: $0) t") as String)
            }
        }
    }
}

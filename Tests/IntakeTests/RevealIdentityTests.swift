import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct RevealIdentityTests {
    private static func params(_ number: String, _ purpose: String = "contact") -> JSONValue {
        ["caseNumber": JSONValue(number), "purpose": JSONValue(purpose), "person": ["name": "周主任", "title": "科长"]]
    }

    static let callers: [(Who, CaseStatus, Int?)] = [
        (.registrar, .registered, nil), (.supervisor, .registered, nil), (.registrar, .archived, nil),
        (.unit("housing"), .claimed, nil),
        (.unit("housing"), .replied, nil), (.unit("housing"), .dispatched, -32003), (.unit("city"), .claimed, -32003),
        (.unit("transport"), .claimed, -32003), (.unit("housing-roads"), .claimed, 1001),
        (.unit("housing"), .registered, 1001),
        (.office, .claimed, -32003), (.source, .claimed, -32003), (.leader, .claimed, -32003),
        (.auditor, .claimed, -32003),
        (.observer, .claimed, -32003), (.admin, .claimed, -32003), (.nobody, .claimed, -32001),
    ]

    @Test(arguments: callers)
    func theClaimingUnitTheRegistryAndSupervisionMayLookAndItIsLogged(
        _ who: Who, _ status: CaseStatus, _ code: Int?
    ) async throws {
        try await City.with { city in
            var life = City.Life()
            life.coUnits = ["transport"]
            if status == .replied || status == .archived { life.coUnits = [] }
            let number = try await city.bring(to: status, life)
            let before = try await city.everything()
            let error = await city.refusal("intake.revealIdentity", Self.params(number), as: who)
            #expect(error?.code == code)
            guard code == nil else {
                #expect(try await city.everything() == before)
                return
            }
            let log = try await city.sql { db in
                try db.one(
                    """
                    SELECT concat_ws(' ', l.role, l.unit_id, l.person ->> 'name', l.purpose, l.case_id) AS line
                    FROM intake.identity_log l JOIN ledger.clients c USING (client_id, role)
                    """
                ) { try $0["line"] as String }
            }
            let unit = if case .unit(let id) = who { " \(id)" } else { "" }
            #expect(log == "\(who.role?.rawValue ?? "")\(unit) 周主任 contact \(CaseNumber(unchecked: number).id ?? 0)")
        }
    }

    @Test(arguments: ["report", "confidential"])
    func ofAWithheldCaseNoUnitLearnsWhoWrote(_ kind: String) async throws {
        try await City.with { city in
            var life = City.Life()
            if kind == "report" { life.type = "report" }
            life.petitioner = [
                "name": "张三丰", "phone": "13900001234", "confidential": JSONValue(kind == "confidential"),
            ]
            let number = try await city.bring(to: .claimed, life)
            let before = try await city.everything()
            let error = await city.refusal("intake.revealIdentity", Self.params(number), as: .unit("housing"))
            #expect(error?.code == -32003 && error?.reason == "withheld")
            let answer = error?.json.json ?? ""
            #expect(!answer.contains("张三丰") && !answer.contains("13900001234"))
            #expect(try await city.everything() == before)
            for who in [Who.registrar, .supervisor] {
                #expect(
                    try await city.call("intake.revealIdentity", Self.params(number, "followUp"), as: who)["name"]
                        == "张三丰")
            }
        }
    }

    @Test func whoWroteWithoutANameIsNobody() async throws {
        try await City.with { city in
            let answer = try await city.call("intake.register", Message.params("x"), as: .source)
            let number = answer["caseNumber"]?.stringValue ?? ""
            #expect(try await city.call("intake.revealIdentity", Self.params(number), as: .registrar) == [:])
            #expect(try await city.count("intake.identity_log") == 1)
        }
    }

    @Test func everyLookIsLoggedAlsoUnderOneKey() async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            for _ in 0..<2 {
                try await city.call(
                    "intake.revealIdentity", Self.params(number).with(["idempotencyKey": "r1"]), as: .registrar)
            }
            #expect(try await city.count("intake.identity_log") == 2)
            #expect(
                await city.refusal("intake.revealIdentity", Self.params(number, "curiosity"), as: .registrar)?.paths
                    == ["purpose"])
            #expect(
                await city.refusal("intake.revealIdentity", ["caseNumber": JSONValue(number)], as: .registrar)?.paths
                    == ["purpose"])
        }
    }
}

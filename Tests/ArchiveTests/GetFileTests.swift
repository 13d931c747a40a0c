import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct GetFileTests {
    @Test func theFileIsReadByThoseWhoSeeTheCase() async throws {
        try await City.with { city in
            var life = City.Life()
            life.more = ["divisionCode": "439902"]
            let number = try await city.bring(to: .archived, life)
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            for who in [Who.registrar, .office, .supervisor, .auditor, .leader, .unit("housing"), .unit("city")] {
                let file = try await city.call("archive.get", c, as: who)
                #expect(file.nameSet == ["document", "sha256", "day", "position", "retention", "keepUntil"], "\(who)")
                #expect(file["retention"] == "10y" && file["keepUntil"] == "2036-12-31")
                #expect(file["document"]?["retention"] == "10y")
                #expect(file["document"]?["case"]?["caseNumber"] == JSONValue(number))
                #expect(file["sha256"]?.stringValue?.count == 64)
            }
            for who in [Who.source, .otherSource, .northLeader, .unit("transport"), .unit("housing-roads")] {
                #expect(await city.code("archive.get", c, as: who) == 1001, "\(who)")
            }
            for who in [Who.observer, .admin] {
                #expect(await city.code("archive.get", c, as: who) == -32003, "\(who)")
            }
            #expect(await city.code("archive.get", c, as: .nobody) == -32001)
            #expect(await city.code("archive.get", ["caseNumber": "202603-999999999"], as: .auditor) == 1001)
        }
    }

    @Test(arguments: ["report", "confidential"])
    func unitsDoNotReadTheFileOfAWithheldCase(_ kind: String) async throws {
        try await City.with { city in
            var life = City.Life()
            if kind == "report" { life.type = "report" }
            life.petitioner = [
                "name": "张三丰", "phone": "13900001234", "confidential": JSONValue(kind == "confidential"),
            ]
            let number = try await city.bring(to: .archived, life)
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            for method in ["archive.get", "archive.verify"] {
                for unit in ["housing", "city"] {
                    #expect(await city.code(method, c, as: .unit(unit)) == 1001, "\(method) \(unit)")
                }
                #expect(await city.code(method, c, as: .source) == 1001)
                #expect(await city.code(method, c, as: .office) == nil)
            }
        }
    }

    @Test func whatIsNotSealedHasNoFile() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .closed)
            for method in ["archive.get", "archive.verify"] {
                #expect(await city.code(method, ["caseNumber": JSONValue(number)], as: .office) == 1001, "\(method)")
            }
        }
    }
}

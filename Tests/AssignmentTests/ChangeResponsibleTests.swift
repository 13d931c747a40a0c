import JSONRPC
import TestKit
import Testing

@testable import Assignment
@testable import Domain

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ChangeResponsibleTests {
    private static let method = "assignment.changeResponsible"

    private static func params(_ number: String, name: String = "何股长") -> JSONValue {
        [
            "caseNumber": JSONValue(number), "reason": "岗位调整",
            "responsiblePerson": ["name": JSONValue(name), "title": "股长", "phone": "0799-8222222"],
        ]
    }

    @Test(arguments: [CaseStatus.claimed, .reported, .approved]) func anotherPersonAnswersForTheCase(
        status: CaseStatus
    ) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let before = try await city.get(number)
            let answer = try await city.call(Self.method, Self.params(number), as: .unit("housing"))
            #expect(answer["status"]?.stringValue == status.rawValue)
            let view = try await city.get(number)
            #expect(view["responsiblePerson"] == ["name": "何股长", "title": "股长"])
            #expect(view["holder"] == before["holder"] && view["clocks"] == before["clocks"])
            #expect(view["timeline"]?.elements?.last?["note"] == "责任人：何股长（股长）。岗位调整")
            #expect(!view.json.contains("8222222"), "the office line is in no view")
            #expect(try await city.count("assignment.papers WHERE kind = 'responsible'") == 1)
            #expect(try await city.count("assignment.papers WHERE paper::text LIKE '%8222222%'") == 0)
        }
    }

    @Test func theRuleMovesNothingElse() {
        let record = Situations.record()
        let step = Rules.changeResponsible(record, to: Situations.person("何"), Situations.note())
        var expected = record
        expected.responsiblePerson = Situations.person("何")
        #expect(step.record == expected && step.clocks.isEmpty && step.events.isEmpty && !step.noteIsPublic)
    }

    @Test func whoComesLateToClaimIsToldTheNewHolder() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            try await city.call(Self.method, Self.params(number), as: .unit("housing"))
            let claim: JSONValue = [
                "caseNumber": JSONValue(number), "responsiblePerson": ["name": "王科长", "title": "科长"],
            ]
            #expect(
                await city.refusal("assignment.claim", claim, as: .unit("housing"))?["holder"] == "何股长（股长）")
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let mutation = Mutation(
                Self.method, Self.params(number), as: .unit("housing"), other: Self.params(number, name: "王科长"),
                and: "handling.addProgress", ["caseNumber": JSONValue(number), "note": "已核查"])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}

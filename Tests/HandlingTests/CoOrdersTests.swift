import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

/// A result waits for the co-units, unless it names those that are past their date.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct CoOrdersTests {
    private static func bring(_ city: City, _ urgency: String = "ordinary") async throws -> String {
        var life = City.Life()
        (life.coUnits, life.urgency) = (["transport", "north"], urgency)
        return try await city.bring(to: .claimed, life)
    }

    private static func fileCoResult(_ number: String, _ unit: String, _ city: City) async throws {
        try await city.call(
            "handling.fileCoResult", ["caseNumber": JSONValue(number), "account": "已办"], as: .unit(unit))
    }

    private static func result(_ number: String, naming units: String...) -> JSONValue {
        City.result(number).setting("overdueCoUnits", to: .array(units.map { JSONValue($0) }))
    }

    @Test func aResultWaitsForEveryRequiredCoUnit() async throws {
        try await City.with { city in
            let number = try await Self.bring(city)
            let before = try await city.everything()
            let both = await city.refusal("handling.fileResult", City.result(number), as: .unit("housing"))
            #expect(both?.code == 1008 && both?.reason == "coOrdersOpen" && both?["units"] == ["transport", "north"])
            #expect(try await city.everything() == before)
            try await Self.fileCoResult(number, "transport", city)
            #expect(
                await city.refusal("handling.fileResult", City.result(number), as: .unit("housing"))?["units"] == [
                    "north"
                ])
            try await Self.fileCoResult(number, "north", city)
            try await city.step(number, to: .reported)
        }
    }

    /// Their date is the end of the working day before the lead's: Tuesday 10 March; critical: 24 h before it.
    @Test(arguments: [
        ("ordinary", "2026-03-10T23:59:59", true), ("ordinary", "2026-03-11T00:00:00", false),
        ("critical", "2026-03-05T21:00:00", true), ("critical", "2026-03-05T21:00:01", false),
    ])
    func onlyCoUnitsPastTheirDateAreNotWaitedFor(urgency: String, now: String, isRefused: Bool) async throws {
        try await City.with { city in
            let number = try await Self.bring(city, urgency)
            try await Self.fileCoResult(number, "north", city)
            city.clock.set("\(now)+08:00")
            #expect(await city.refusal("handling.fileResult", City.result(number), as: .unit("housing"))?.code == 1008)
            let named = await city.refusal(
                "handling.fileResult", Self.result(number, naming: "transport"), as: .unit("housing"))
            #expect(named?.code == (isRefused ? 1008 : nil))
            if isRefused { #expect(named?["units"] == ["transport"]) }
        }
    }

    @Test func eachThatIsPastItsDateMustBeNamed() async throws {
        try await City.with { city in
            let number = try await Self.bring(city)
            city.clock.set("2026-03-11T09:00:00+08:00")
            let one = await city.refusal(
                "handling.fileResult", Self.result(number, naming: "north"), as: .unit("housing"))
            #expect(one?.code == 1008 && one?["units"] == ["transport"])
            try await city.call(
                "handling.fileResult", Self.result(number, naming: "transport", "north"), as: .unit("housing"))
            let named = try await city.sql { db in
                try db.value("SELECT overdue_co_units FROM handling.results") as [String]
            }
            #expect(named == ["transport", "north"])
        }
    }

    @Test func onlyCoUnitsOfTheCaseAreNamed() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            for unit in ["nobody", "north", "housing"] {
                let error = await city.refusal(
                    "handling.fileResult", Self.result(number, naming: unit), as: .unit("housing"))
                #expect(error?.code == 1009 && error?.firstPath == "overdueCoUnits[0]", "\(unit)")
            }
        }
    }

    @Test func aCoUnitThatNeedNotAnswerHoldsNothingUp() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .registered)
            let coUnit: JSONValue = ["unitId": "transport", "task": "知悉", "required": false]
            try await city.call(
                "assignment.dispatch", ["caseNumber": JSONValue(number), "leadUnitId": "housing", "coUnits": [coUnit]],
                as: .office)
            for status in [CaseStatus.claimed, .reported] { try await city.step(number, to: status) }
        }
    }

    @Test func sentBackWorkReopensOnlyTheCoOrdersNamed() async throws {
        try await City.with { city in
            let number = try await Self.bring(city)
            for unit in ["transport", "north"] { try await Self.fileCoResult(number, unit, city) }
            try await city.step(number, to: .reported)
            let review = City.review(number, "sendBack").setting("reopenCoOrders", to: ["north"])
            try await city.call("handling.review", review, as: .office)
            let orders = try await city.get(number)["coOrders"]?.elements
            #expect(orders?.compactMap { $0["status"]?.stringValue } == ["done", "open"])
            let error = await city.refusal("handling.fileResult", City.result(number), as: .unit("housing"))
            #expect(error?.code == 1008 && error?["units"] == ["north"])
            let again: JSONValue = ["caseNumber": JSONValue(number), "account": "再办"]
            let closed = await city.refusal("handling.fileCoResult", again, as: .unit("transport"))
            #expect(closed?.reason == "coResultFiled")
            try await Self.fileCoResult(number, "north", city)
            try await city.step(number, to: .reported)
        }
    }
}

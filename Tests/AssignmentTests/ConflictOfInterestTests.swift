import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

/// A report never goes to those it complains of nor beneath them, in any part; a complaint only on a recorded ground.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ConflictOfInterestTests {
    struct Order: Sendable, CustomTestStringConvertible {
        var type: String
        var about: String
        var lead: String
        var coUnit: String?
        var ground: String?
        var isRefused: Bool

        var testDescription: String {
            "\(type) about \(about) to \(lead) with \(coUnit ?? "nobody")\(ground == nil ? "" : ", on a ground")"
        }
    }

    static let orders: [Order] = [
        Order(type: "report", about: "housing", lead: "housing", isRefused: true),
        Order(type: "report", about: "housing", lead: "housing-roads", isRefused: true),
        Order(type: "report", about: "housing", lead: "north-housing", isRefused: true),
        Order(type: "report", about: "north", lead: "north-housing", isRefused: true),
        Order(type: "report", about: "city", lead: "north-town", isRefused: true),
        Order(type: "report", about: "housing", lead: "housing", ground: "别无单位", isRefused: true),
        Order(type: "report", about: "housing", lead: "transport", coUnit: "housing", isRefused: true),
        Order(
            type: "report", about: "housing", lead: "transport", coUnit: "north-housing", ground: "别无单位",
            isRefused: true),
        Order(type: "report", about: "housing", lead: "transport", isRefused: false),
        Order(type: "report", about: "housing-roads", lead: "housing", isRefused: false),
        Order(type: "report", about: "north-housing", lead: "housing", coUnit: "north", isRefused: false),
        Order(type: "complaint", about: "housing", lead: "housing", isRefused: true),
        Order(type: "complaint", about: "housing", lead: "housing-roads", isRefused: true),
        Order(type: "complaint", about: "housing", lead: "north-housing", isRefused: true),
        Order(type: "complaint", about: "housing", lead: "city", coUnit: "housing", isRefused: true),
        Order(type: "complaint", about: "housing", lead: "city", isRefused: false),
        Order(type: "complaint", about: "north-housing", lead: "north", isRefused: false),
        Order(type: "complaint", about: "north-housing", lead: "housing", isRefused: false),
        Order(type: "complaint", about: "housing", lead: "housing", ground: "别无单位有此职责", isRefused: false),
        Order(
            type: "complaint", about: "housing", lead: "transport", coUnit: "housing", ground: "须配合", isRefused: false),
    ]

    @Test(arguments: orders) func anOrderIsRefusedWhereItWouldGoToThoseComplainedOf(order: Order) async throws {
        try await City.with { city in
            let number = try await Self.register(city, order.type, about: order.about)
            let before = try await city.everything()
            var params: JSONValue = ["caseNumber": JSONValue(number), "leadUnitId": JSONValue(order.lead)]
            if let coUnit = order.coUnit {
                params = params.setting("coUnits", to: [["unitId": JSONValue(coUnit), "task": "配合"]])
            }
            if let ground = order.ground { params = params.setting("conflictGround", to: JSONValue(ground)) }
            let error = await city.refusal("assignment.dispatch", params, as: .office)
            #expect(error?.code == (order.isRefused ? 1007 : nil))
            if order.isRefused {
                #expect(error?.reason == "conflictOfInterest")
                #expect(try await city.everything() == before)
            }
        }
    }

    /// Dispatched on a ground, to the unit itself or with its help: the follow-up must be supervision's own.
    @Test(arguments: [("housing", ""), ("transport", "housing")])
    func aCaseDispatchedOnAGroundIsNotClosedByARating(lead: String, coUnit: String) async throws {
        try await City.with { city in
            let number = try await Self.register(city, "complaint", about: "housing")
            var params: JSONValue = [
                "caseNumber": JSONValue(number), "leadUnitId": JSONValue(lead), "conflictGround": "别无单位有此职责",
            ]
            if !coUnit.isEmpty {
                params = params.setting(
                    "coUnits", to: [["unitId": JSONValue(coUnit), "task": "配合", "required": false]])
            }
            let letter = try await city.call("assignment.dispatch", params, as: .office)["letterNumber"]
            var life = City.Life()
            life.lead = lead
            for status in [CaseStatus.claimed, .reported, .approved, .replied] {
                try await city.step(number, to: status, life)
            }
            let rating: JSONValue = [
                "caseNumber": JSONValue(number), "satisfaction": "satisfied", "resolution": "resolved",
            ]
            #expect(try await city.call("supervision.rate", rating, as: .source)["status"] == "replied")
            try await city.step(number, to: .closed, life)
            #expect(try await city.get(number)["status"] == "closed")
            let ground = try await city.sql { db in
                try db.value("SELECT conflict_ground FROM assignment.letters") as String
            }
            #expect(ground == "别无单位有此职责" && letter != nil)
        }
    }

    private static func register(_ city: City, _ type: String, about: String) async throws -> String {
        var life = City.Life()
        life.type = type
        life.more = ["about": [JSONValue(about)]]
        let number = try await city.bring(to: .registered, life)
        if type == "report" {
            try await city.call(
                "intake.classify", ["caseNumber": JSONValue(number), "unitText": "摘编件"], as: .registrar)
        }
        return number
    }
}

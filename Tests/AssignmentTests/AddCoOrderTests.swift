import JSONRPC
import TestKit
import Testing

@testable import Assignment
@testable import Domain

/// "addCoOrder: office, or the lead for units beneath it (转办)."
struct CoOrderRules {
    static func unit(
        _ id: String, under path: [String] = [], line: [String] = [], abolishedOn: Day? = nil
    )
        -> Rules.CoUnit
    {
        Rules.CoUnit(
            line: Situations.line(id, under: path + line, abolishedOn: abolishedOn),
            path: Set((path + [id]).map(UnitID.init(unchecked:))), name: Name(unchecked: "单位\(id)"))
    }

    static func order(_ unit: String, _ status: CoOrderStatus = .open, at: Instant? = Situations.delivered) -> CoOrder {
        CoOrder(
            unitId: Situations.id(unit), task: Situations.note("配合"), required: true, status: status, orderedAt: at)
    }

    private static func add(
        _ record: CaseRecord, _ unit: Rules.CoUnit, by orderer: Rules.Orderer = .office
    ) throws -> Step {
        try Rules.addCoOrder(
            record, unit, task: Situations.note("新任务"), required: true, by: orderer, at: Situations.delivered)
    }

    @Test func theOfficeOrdersAnyUnitAndTheLeadThoseBeneathIt() throws {
        let lead = Rules.Orderer.lead(Situations.id("a"))
        let step = try Self.add(Situations.record(), Self.unit("z"))
        #expect(step.record.coOrders.map(\.unitId.text) == ["z"] && step.record.coOrders[0].orderedAt != nil)
        #expect(refusal { try Self.add(Situations.record(), Self.unit("b", under: ["a"]), by: lead) } == nil)
        #expect(refusal { try Self.add(Situations.record(), Self.unit("z"), by: lead) }?.reason == "notBeneath")
        // 条 is not 块.
        #expect(
            refusal { try Self.add(Situations.record(), Self.unit("z", line: ["a"]), by: lead) }?.reason == "notBeneath"
        )
    }

    @Test(
        arguments: [("b", nil), ("a", "isLeadUnit"), ("c", "alreadyCoUnit"), ("d", nil), ("e", nil)]
            as [(String, String?)])
    func aUnitHasOnePart(unit: String, reason: String?) throws {
        var record = Situations.record()
        record.coOrders = [Self.order("c"), Self.order("d", .done), Self.order("e", .withdrawn)]
        #expect(refusal { try Self.add(record, Self.unit(unit)) }?.reason == reason)
        if reason == nil {
            let orders = try Self.add(record, Self.unit(unit)).record.coOrders.filter { $0.unitId.text == unit }
            #expect(orders.map(\.task.text) == ["新任务"] && orders.map(\.status) == [.open])
        }
    }

    @Test(
        arguments: [
            (.complaint, false, true), (.complaint, true, false), (.report, false, true), (.report, true, true),
        ] as [(CaseType, Bool, Bool)])
    func thoseComplainedOfHelpOnlyWhereTheCaseWasDispatchedOnAGround(
        type: CaseType, isOnGround: Bool, isRefused: Bool
    ) {
        var record = Situations.record(type: type, about: ["x"])
        record.hasConflictGround = isOnGround
        for unit in [Self.unit("x"), Self.unit("b", under: ["x"]), Self.unit("b", line: ["x"])] {
            #expect(refusal { try Self.add(record, unit) }?.code == (isRefused ? .conflictOfInterest : nil))
        }
    }

    @Test func neitherAUnitThatIsGoneNorAFiftyFirst() {
        let gone = Self.unit("b", abolishedOn: Day(2026, 3, 2))
        #expect(refusal { try Self.add(Situations.record(), gone) }?.reason == "unitAbolished")
        var record = Situations.record()
        record.coOrders = (1...50).map { Self.order("u\($0)") }
        #expect(refusal { try Self.add(record, Self.unit("b")) }?.reason == "tooManyCoUnits")
    }
}

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct AddCoOrderTests {
    private static let method = "assignment.addCoOrder"

    private static func params(_ number: String, _ unit: String = "housing-roads") -> JSONValue {
        ["caseNumber": JSONValue(number), "unitId": JSONValue(unit), "task": "修复路面"]
    }

    @Test(arguments: [Who.office, .unit("housing")], [CaseStatus.dispatched, .claimed])
    func aUnitHelpsFromNowOn(who: Who, status: CaseStatus) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            #expect(await city.sight(of: number, by: "housing-roads") == 1001)
            let answer = try await city.call(Self.method, Self.params(number), as: who)
            #expect(answer["status"]?.stringValue == status.rawValue)
            #expect(
                try await city.get(number)["coOrders"] == [
                    [
                        "unitId": "housing-roads", "task": "修复路面", "required": true,
                        "dueAt": "2026-03-10T23:59:59+08:00", "status": "open",
                    ]
                ])
            #expect(await city.sight(of: number, by: "housing-roads") == nil)
            if status == .claimed {
                let error = await city.refusal("handling.fileResult", City.result(number), as: .unit("housing"))
                #expect(error?.code == 1008)
            }
            try await city.call(
                "handling.fileCoResult", ["caseNumber": JSONValue(number), "account": "已修复"],
                as: .unit("housing-roads"))
        }
    }

    @Test func itIsNotHeldUpByAPartThatIsNotRequired() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            try await city.call(Self.method, Self.params(number).with(["required": false]), as: .office)
            try await city.step(number, to: .reported)
        }
    }

    @Test(arguments: [
        (Who.office, "housing", 1011, "isLeadUnit"), (.office, "nobody", 1009, "unknownReference"),
        (.unit("housing"), "transport", 1011, "notBeneath"), (.unit("housing"), "north-housing", 1011, "notBeneath"),
        (.unit("city"), "transport", -32003, "notLeadUnit"), (.unit("north"), "north-town", 1001, "notFound"),
        (.registrar, "transport", -32003, "roleNotAllowed"),
    ])
    func whatIsNotTheirsIsRefused(who: Who, unit: String, code: Int, reason: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let before = try await city.everything()
            let error = await city.refusal(Self.method, Self.params(number, unit), as: who)
            #expect(error?.code == code && error?.reason == reason)
            #expect(try await city.everything() == before)
        }
    }

    @Test func aReportNeverGoesToThoseItComplainsOf() async throws {
        try await City.with { city in
            var life = City.Life()
            life.type = "report"
            life.more = ["about": ["transport"]]
            let number = try await city.bring(to: .claimed, life)
            #expect(await city.code(Self.method, Self.params(number, "transport"), as: .office) == 1007)
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let mutation = Mutation(
                Self.method, Self.params(number), as: .unit("housing"), other: Self.params(number, "transport"),
                and: "handling.addProgress", ["caseNumber": JSONValue(number), "note": "已核查"])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}

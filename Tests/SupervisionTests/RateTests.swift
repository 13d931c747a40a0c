import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct RateTests {
    /// A case brought to `status`, with its tracking code.
    private static func life(
        _ city: City, _ status: CaseStatus, _ life: City.Life = City.Life()
    ) async throws -> (number: String, code: String) {
        let path: [CaseStatus] = [.dispatched, .claimed, .reported, .approved, .replied, .closed, .archived]
        let (number, code) = try await city.register(life)
        for next in path.prefix((path.firstIndex(of: status) ?? -1) + 1) { try await city.step(number, to: next, life) }
        return (number, code)
    }

    private static func params(
        _ number: String, _ satisfaction: String, _ more: KeyValuePairs<String, JSONValue> = [:]
    ) -> JSONValue {
        (["caseNumber": JSONValue(number), "satisfaction": JSONValue(satisfaction)] as JSONValue).with(more)
    }

    @Test func aRatingClosesOrSendsBackLikeAFollowUp() async throws {
        try await City.with { city in
            for (satisfaction, status) in [
                ("satisfied", "closed"), ("basicallySatisfied", "closed"), ("dissatisfied", "claimed"),
            ] {
                let (number, _) = try await Self.life(city, .replied)
                let change = try await city.call(
                    "supervision.rate", Self.params(number, satisfaction, ["resolution": "partly", "reason": "还行"]),
                    as: .source)
                #expect(change["status"] == JSONValue(status), "\(satisfaction)")
            }
            #expect(
                try await city.count(
                    "supervision.follow_ups WHERE source = 'rating' AND counts AND note = '还行' AND method IS NULL") == 3
            )
        }
    }

    @Test func theSecondDissatisfiedRatingLeavesTheCaseToTheOffice() async throws {
        try await City.with { city in
            let (number, _) = try await Self.life(city, .replied)
            try await city.call("supervision.recordFollowUp", City.followUp(number, "dissatisfied"), as: .supervisor)
            for status in [CaseStatus.reported, .approved, .replied] { try await city.step(number, to: status) }
            #expect(
                try await city.call("supervision.rate", Self.params(number, "dissatisfied"), as: .source)["status"]
                    == "replied")
            #expect(try await city.get(number)["holder"]?["party"] == "office")
            #expect(
                await city.refusal("supervision.rate", Self.params(number, "satisfied"), as: .source)?.reason
                    == "awaitsRuling")
        }
    }

    @Test func anotherSourceNeedsTheTrackingCode() async throws {
        try await City.with { city in
            let (number, code) = try await Self.life(city, .replied)
            let before = try await city.everything()
            #expect(await city.code("supervision.rate", Self.params(number, "satisfied"), as: .otherSource) == 1001)
            let wrong = Self.params(number, "satisfied", ["trackingCode": "000000000000"])
            #expect(await city.code("supervision.rate", wrong, as: .otherSource) == 1001)
            #expect(await city.code("supervision.rate", wrong, as: .source) == 1001)
            #expect(try await city.everything() == before)
            let right = Self.params(number, "satisfied", ["trackingCode": JSONValue(code.lowercased())])
            #expect(try await city.call("supervision.rate", right, as: .otherSource)["status"] == "closed")
        }
    }

    @Test func tenWrongCodesShutACaseToAnAddressForAWhile() async throws {
        try await City.with { city in
            let (number, code) = try await Self.life(city, .replied)
            let before = try await city.everything()
            let wrong = Self.params(number, "satisfied", ["trackingCode": "000000000000", "idempotencyKey": "w"])
            for _ in 0..<10 { #expect(await city.code("supervision.rate", wrong, as: .otherSource) == 1001) }
            let right = Self.params(number, "satisfied", ["trackingCode": JSONValue(code)])
            #expect(await city.code("supervision.rate", right, as: .otherSource) == -32005)
            let tracking: JSONValue = ["caseNumber": JSONValue(number), "trackingCode": JSONValue(code)]
            #expect(await city.code("intake.track", tracking, as: .nobody) == -32005)
            #expect(try await city.everything() == before)
            city.clock.advance(seconds: 15 * 60)
            #expect(try await city.call("supervision.rate", right, as: .otherSource)["status"] == "closed")
        }
    }

    /// The box belongs to housing; its parent is the city, and housing-roads lies beneath it.
    static let owners: [(lead: String, counts: Bool)] = [
        ("housing", false), ("housing-roads", false), ("city", false), ("transport", true), ("north-housing", true),
    ]

    @Test(arguments: owners)
    func aRatingThroughTheUnitsOwnChannelClosesAndCountsNothing(_ lead: String, _ counts: Bool) async throws {
        try await City.with { city in
            var life = City.Life()
            (life.channel, life.lead) = ("housing-box", lead)
            let (number, _) = try await Self.life(city, .replied, life)
            let change = try await city.call("supervision.rate", Self.params(number, "satisfied"), as: .source)
            #expect(change["status"] == (counts ? "closed" : "replied"))
            #expect(try await city.get(number)["holder"]?["party"] == (counts ? "archive" : "supervision"))
            #expect(try await city.count("supervision.follow_ups WHERE counts") == (counts ? 1 : 0))
            #expect(try await city.count("supervision.follow_ups") == 1)
        }
    }

    /// A rating with the code comes through the channel of the source that passes it on.
    @Test(arguments: [("housing", false), ("transport", true)])
    func theCodeDoesNotOpenTheUnitsOwnChannel(_ owner: String, _ counts: Bool) async throws {
        try await City.with { city in
            let (number, code) = try await Self.life(city, .replied)
            try await city.sql { db in
                try db.execute("UPDATE ledger.channels SET owner_unit_id = \(owner) WHERE code = 'other-board'")
            }
            let params = Self.params(number, "satisfied", ["trackingCode": JSONValue(code)])
            #expect(
                try await city.call("supervision.rate", params, as: .otherSource)["status"]
                    == (counts ? "closed" : "replied"))
            #expect(try await city.count("supervision.follow_ups WHERE counts") == (counts ? 1 : 0))
        }
    }

    @Test func whereOnlySupervisionMayAskARatingCountsNothing() async throws {
        try await City.with { city in
            var life = City.Life()
            life.more = ["about": ["housing"]]
            let (number, _) = try await city.register(life)
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            try await city.call(
                "assignment.dispatch", c.with(["leadUnitId": "housing", "conflictGround": "仅该局有职责"]), as: .office)
            for status in [CaseStatus.claimed, .reported, .approved, .replied] {
                try await city.step(number, to: status, life)
            }
            #expect(
                try await city.call("supervision.rate", Self.params(number, "satisfied"), as: .source)["status"]
                    == "replied")
            #expect(
                try await city.call("supervision.recordFollowUp", City.followUp(number, "satisfied"), as: .supervisor)[
                    "status"] == "closed")
            #expect(
                try await city.call("supervision.rate", Self.params(number, "dissatisfied"), as: .source)["status"]
                    == "closed")
        }
    }

    @Test func aDissatisfiedRatingReopensAClosedCaseOnce() async throws {
        try await City.with { city in
            let (number, _) = try await Self.life(city, .closed)
            #expect(
                try await city.call("supervision.rate", Self.params(number, "satisfied"), as: .source)["status"]
                    == "closed")
            // The last moment of the thirty days.
            city.clock.set("2026-04-01T09:00:00+08:00")
            let change = try await city.call("supervision.rate", Self.params(number, "dissatisfied"), as: .source)
            #expect(change["status"] == "claimed")
            let view = try await city.get(number)
            #expect(view["round"] == 2 && view["dueAt"] == "2026-04-07T23:59:59+08:00")
            for status in [CaseStatus.reported, .approved, .replied, .closed] {
                try await city.step(number, to: status)
            }
            #expect(
                try await city.call("supervision.rate", Self.params(number, "dissatisfied"), as: .source)["status"]
                    == "closed")
        }
    }

    @Test func afterThirtyDaysItIsTooLateToReopen() async throws {
        try await City.with { city in
            let (number, _) = try await Self.life(city, .closed)
            city.clock.set("2026-04-01T09:00:00.001+08:00")
            let before = try await city.everything()
            let error = await city.refusal("supervision.rate", Self.params(number, "dissatisfied"), as: .source)
            #expect(error?.code == 1005 && error?.reason == "tooLate")
            #expect(try await city.everything() == before)
            #expect(
                try await city.call("supervision.rate", Self.params(number, "satisfied"), as: .source)["status"]
                    == "closed")
        }
    }

    static let callers: [(Who, CaseStatus, Int?)] = [
        (.source, .approved, 1002), (.source, .registered, 1002), (.source, .archived, 1010),
        (.registrar, .replied, -32003),
        (.supervisor, .replied, -32003), (.unit("housing"), .replied, -32003), (.office, .replied, -32003),
        (.nobody, .replied, -32001),
    ]

    @Test(arguments: callers)
    func onlySourcesPassOnRatings(_ who: Who, _ status: CaseStatus, _ code: Int?) async throws {
        try await City.with { city in
            let (number, _) = try await Self.life(city, status)
            let before = try await city.everything()
            #expect(await city.code("supervision.rate", Self.params(number, "satisfied"), as: who) == code)
            #expect(try await city.everything() == before)
        }
    }

    @Test func whoRatesWasReachedAndAKeyMakesItOnce() async throws {
        try await City.with { city in
            let (number, _) = try await Self.life(city, .replied)
            #expect(
                await city.refusal("supervision.rate", Self.params(number, "unreachable"), as: .source)?.paths == [
                    "satisfaction"
                ])
            let params = Self.params(number, "dissatisfied", ["idempotencyKey": "r1"])
            let first = try await city.call("supervision.rate", params, as: .source)
            #expect(try await city.call("supervision.rate", params, as: .source) == first)
            #expect(try await city.count("supervision.follow_ups") == 1)
        }
    }
}

import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct SavePolicyTests {
    private static let method = "supervision.savePolicy"

    private static func params(_ name: String, _ value: JSONValue, from day: String = "2026-03-02") -> JSONValue {
        ["name": JSONValue(name), "value": value, "effectiveFrom": JSONValue(day)]
    }

    /// The newest value of a policy with something else at a path such as `ordinary.result`.
    private static func changed(
        _ city: City, _ name: String, _ path: String, _ new: JSONValue?
    ) async throws -> JSONValue {
        change(try await PoliciesTests.value(city, name), path.split(separator: ".").map(String.init)[...], new)
    }

    private static func change(_ value: JSONValue, _ path: ArraySlice<String>, _ new: JSONValue?) -> JSONValue {
        guard let name = path.first else { return new ?? value }
        if path.count == 1, new == nil { return value.leavingOut(name) }
        return value.setting(name, to: change(value[name] ?? [:], path.dropFirst(), new))
    }

    private static func due(_ city: City, _ number: String) async throws -> JSONValue? {
        try await city.get(number)["dueAt"]
    }

    @Test func whatIsSavedTodayCountsForClocksThatStartFromNowOn() async throws {
        try await City.with { city in
            let running = try await city.bring(to: .claimed)
            let before = try await city.call(
                "supervision.explainDeadline", ["caseNumber": JSONValue(running)], as: .office)
            city.clock.advance(seconds: 60)
            let value = try await Self.changed(city, "clocks", "ordinary.result", "5wd")
            let answer = try await city.call(Self.method, Self.params("clocks", value), as: .admin)
            #expect(
                answer == [
                    "name": "clocks", "effectiveFrom": "2026-03-02", "countsFrom": "2026-03-02T09:01:00+08:00",
                ])
            #expect(try await Self.due(city, try await city.bring(to: .claimed)) == "2026-03-09T23:59:59+08:00")
            #expect(try await Self.due(city, running) == "2026-03-11T23:59:59+08:00")
            #expect(
                try await city.call("supervision.explainDeadline", ["caseNumber": JSONValue(running)], as: .office)
                    == before)
            #expect(try await PoliciesTests.value(city, "clocks")["ordinary"]?["result"] == "5wd")
        }
    }

    @Test func aLaterDayIsWaitedForAndTheLastSavedOfADayCounts() async throws {
        try await City.with { city in
            for term in ["2wd", "4wd"] {
                let value = try await Self.changed(city, "clocks", "ordinary.result", JSONValue(term))
                try await city.call(Self.method, Self.params("clocks", value, from: "2026-03-03"), as: .admin)
            }
            #expect(try await Self.due(city, try await city.bring(to: .claimed)) == "2026-03-11T23:59:59+08:00")
            city.clock.set("2026-03-03T00:00:00+08:00")
            #expect(try await Self.due(city, try await city.bring(to: .claimed)) == "2026-03-09T23:59:59+08:00")
        }
    }

    @Test func limitsAndLettersCountFromTheirDayToo() async throws {
        try await City.with { city in
            let none = try await Self.changed(city, "limits", "questionsMax", 0)
            try await city.call(Self.method, Self.params("limits", none, from: "2026-03-03"), as: .admin)
            try await city.call(Self.method, Self.params("letters", ["prefix": "郴网问交"], from: "2026-03-03"), as: .admin)
            let today = try await city.bring(to: .awaitingPetitioner)
            #expect(try await city.get(today)["letterNumber"]?.stringValue?.hasPrefix("网问交") == true)
            city.clock.set("2026-03-03T00:00:00+08:00")
            let number = try await city.bring(to: .claimed)
            #expect(try await city.get(number)["letterNumber"]?.stringValue?.hasPrefix("郴网问交") == true)
            let question: JSONValue = ["caseNumber": JSONValue(number), "question": "请问在几号楼？"]
            #expect(await city.code("handling.askPetitioner", question, as: .unit("housing")) == 1006)
        }
    }

    @Test func anotherLadderIsForClocksThatStartUnderIt() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .claimed)
            let value = try await Self.changed(city, "ladder", "noticeDays", 3)
            try await city.call(Self.method, Self.params("ladder", value, from: "2026-03-03"), as: .admin)
            city.clock.set("2026-03-03T09:00:00+08:00")
            _ = try await city.bring(to: .claimed)
            city.clock.set("2026-03-16T12:00:00+08:00")
            try await city.sweep()
            #expect(try await StepsTests.items(city, ["step": "notice"]).count == 1)
            city.clock.set("2026-03-17T12:00:00+08:00")
            try await city.sweep()
            #expect(try await StepsTests.items(city, ["step": "notice"]).count == 2)
        }
    }

    /// Name, path, value, and the path that is refused where it is another.
    static let refused: [(String, String, JSONValue?, String?)] = [
        ("clocks", "warningPercent", 0, nil), ("clocks", "warningPercent", 100, nil),
        ("clocks", "warningPercent", "20", nil), ("clocks", "ordinary.result", "7", nil),
        ("clocks", "ordinary.result", "0wd", nil), ("clocks", "ordinary.result", "401wd", nil),
        ("clocks", "ordinary.result", "24h", nil), ("clocks", "ordinary.result", nil, nil),
        ("clocks", "ordinary.opinion", "2wd", nil), ("clocks", "important.claim", "4wd", nil),
        ("clocks", "critical.result", "5wd", nil), ("clocks", "critical.opinion", nil, nil),
        ("clocks", "critical.opinion", "109h", nil), ("clocks", "critical.claim", "109h", nil),
        ("clocks", "critical", nil, nil), ("clocks", "ordinary.lunch", "1wd", nil),
        ("clocks", "effectiveFrom", "2026-03-02", nil), ("clocks", "countsFrom", "2026-03-02T09:00:00+08:00", nil),
        ("limits", "reopenDays", 0, nil), ("limits", "reopenDays", 3651, nil), ("limits", "unreachableMax", 0, nil),
        ("limits", "extensionsMax", -1, nil), ("limits", "clusterRaisesAt", 1, nil), ("limits", "recallDays", nil, nil),
        ("limits", "questionsMax", "2", nil), ("limits", "more", 1, nil), ("letters", "prefix", "", nil),
        ("letters", "prefix", "网〔交", nil), ("letters", "prefix", "网 交", nil), ("letters", "prefix", nil, nil),
        ("ladder", "noticeDays", 0, nil), ("ladder", "paperHour", 24, nil),
        ("ladder", "letterDays", 10, "interviewDays"),
        ("ladder", "accountabilityDays", 10, nil), ("ladder", "explanationDays", 101, nil),
        ("ladder", "noticeDays", .number(JSONNumber(1.5) ?? 0), nil),
    ]

    @Test func aValueThatIsWrongIsNamedByItsPath() async throws {
        try await City.with { city in
            let before = try await city.everything()
            for (name, path, new, refused) in Self.refused {
                let value = try await Self.changed(city, name, path, new)
                let error = await city.refusal(Self.method, Self.params(name, value), as: .admin)
                #expect(
                    error?.code == -32602 && error?.paths == ["value.\(refused ?? path)"],
                    "\(name) \(path) \(new?.json ?? "") \(error?.paths ?? [])")
            }
            for value in [JSONValue.null, 1, "x", []] {
                #expect(await city.code(Self.method, Self.params("ladder", value), as: .admin) == -32602)
            }
            #expect(try await city.everything() == before)
        }
    }

    @Test func aDayThatIsOverAndANameThatIsNoneAreRefused() async throws {
        try await City.with { city in
            let value = try await PoliciesTests.value(city, "ladder")
            let past = await city.refusal(Self.method, Self.params("ladder", value, from: "2026-03-01"), as: .admin)
            #expect(past?.paths == ["effectiveFrom"])
            #expect(await city.refusal(Self.method, Self.params("lamps", value), as: .admin)?.paths == ["name"])
            for who in [Who.office, .supervisor, .auditor, .unit("housing")] {
                #expect(await city.code(Self.method, Self.params("ladder", value), as: who) == -32003, "\(who)")
            }
        }
    }

    @Test func aKeyMakesItOnce() async throws {
        try await City.with { city in
            let value = try await PoliciesTests.value(city, "ladder")
            let broken = try await city.brokenPromises(
                of: Mutation(
                    Self.method, Self.params("ladder", value), as: .admin,
                    other: Self.params("ladder", value, from: "2026-03-03"), and: "intake.saveCategory",
                    ["code": "urban.light", "name": "路灯", "parent": "urban"]))
            #expect(broken == [])
            #expect(try await city.count("ledger.policies WHERE name = 'ladder'") == 2)
        }
    }

    static let others: [(String, JSONValue, path: String?)] = [
        ("retention", ["ordinary": "15y", "important": "30y", "critical": "permanent"], nil),
        ("retention", ["ordinary": "0y", "important": "30y", "critical": "permanent"], "value.ordinary"),
        ("retention", ["ordinary": "10y", "important": "30y"], "value.critical"),
        ("appraisal", ["responseRate": 60, "claimRate": 40], nil),
        ("appraisal", ["responseRate": 60, "claimRate": 41], "value"), ("appraisal", [:], "value"),
        ("appraisal", ["timeToReply": 1], "value.timeToReply"), ("appraisal", ["claimRate": -1], "value.claimRate"),
        ("overview", ["liveCasesMax": 10, "staleMinutes": 5, "days": 400], nil),
        ("overview", ["liveCasesMax": 0, "staleMinutes": 5, "days": 400], "value.liveCasesMax"),
    ]

    @Test(arguments: others)
    func everyPolicyIsCheckedAsAWhole(_ name: String, _ value: JSONValue, _ path: String?) async throws {
        try await City.with { city in
            let params = Self.params(name, value)
            if let path {
                let error = await city.refusal(Self.method, params, as: .admin)
                #expect(error?.code == -32602 && error?.paths == [path])
            } else {
                try await city.call(Self.method, params, as: .admin)
                #expect(try await PoliciesTests.value(city, name).canonical() == value.canonical())
            }
        }
    }

    @Test func theBulletinsNumbersAreCheckedToo() async throws {
        try await City.with { city in
            for (path, new) in [("casesMin", 0), ("volumeBands", [1, 2]), ("lastMinutes", 0)] as [(String, JSONValue)] {
                let value = try await Self.changed(city, "bulletin", path, new)
                let error = await city.refusal(Self.method, Self.params("bulletin", value), as: .admin)
                #expect(error?.paths == ["value.\(path)"])
            }
            let value = try await Self.changed(city, "bulletin", "casesMin", 20)
            try await city.call(Self.method, Self.params("bulletin", value), as: .admin)
        }
    }
}

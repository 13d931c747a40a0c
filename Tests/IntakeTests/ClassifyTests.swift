import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ClassifyTests {
    @Test func theFirstClassificationHandsTheCaseToTheOfficeWithANewClock() async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            city.clock.set("2026-03-05T10:00:00+08:00")
            let params: JSONValue = [
                "caseNumber": JSONValue(number), "category": "urban.noise", "urgency": "important",
                "divisionCode": "439902", "type": "help",
                "about": ["transport"], "confidential": true, "unitText": "摘编", "proposedUnitId": "housing",
                "proposal": "拟由住建局主办",
                "person": ["name": "登记员", "title": "科员"],
            ]
            let change = try await city.call("intake.classify", params, as: .registrar)
            #expect(change == ["caseNumber": JSONValue(number), "status": "registered", "version": 2])
            let view = try await city.get(number)
            for (name, value) in params.members?.map({ ($0.name.text, $0.value) }) ?? [] where name != "person" {
                #expect(view[name] == value, "\(name)")
            }
            #expect(view["holder"]?["party"] == "office")
            #expect(view["dueAt"] == "2026-03-06T23:59:59+08:00")
            #expect(view["timeline"]?[1]?["person"] == ["name": "登记员", "title": "科员"])
            city.clock.set("2026-03-06T10:00:00+08:00")
            try await city.call(
                "intake.classify", ["caseNumber": JSONValue(number), "proposal": "改由交通局"], as: .registrar)
            let again = try await city.get(number)
            #expect(again["dueAt"] == view["dueAt"] && again["holder"] == view["holder"])
            #expect(again["proposal"] == "改由交通局" && again["category"] == "urban.noise" && again["unitText"] == "摘编")
            try await city.call("intake.classify", ["caseNumber": JSONValue(number), "about": []], as: .registrar)
            #expect(try await city.get(number)["about"] == [])
        }
    }

    @Test func aGraverUrgencyBringsTheDesksDateForward() async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            try await city.call(
                "intake.classify", ["caseNumber": JSONValue(number), "category": "urban"], as: .registrar)
            #expect(try await city.get(number)["dueAt"] == "2026-03-03T23:59:59+08:00")
            try await city.call(
                "intake.classify", ["caseNumber": JSONValue(number), "urgency": "critical"], as: .registrar)
            #expect(try await city.get(number)["dueAt"] == "2026-03-02T10:00:00+08:00")
        }
    }

    @Test func afterDispatchTheOfficeClassifiesTooButTheUrgencyIsNotItsOwn() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            let due = try await city.get(number)["dueAt"]
            for who in [Who.registrar, .office] {
                try await city.call(
                    "intake.classify", ["caseNumber": JSONValue(number), "category": "urban", "urgency": "ordinary"],
                    as: who)
                let error = await city.refusal(
                    "intake.classify", ["caseNumber": JSONValue(number), "urgency": "important"], as: who)
                #expect(error?.code == 1011 && error?.reason == "useChangeUrgency", "\(who)")
            }
            #expect(try await city.get(number)["dueAt"] == due)
            #expect(try await city.get(number)["holder"]?["party"] == "leadUnit")
        }
    }

    @Test(arguments: [["confidential": true], ["type": "report"]] as [JSONValue])
    func aCaseThatUnitsHaveIsNotWithheldFromThemWithoutAUnitText(_ change: JSONValue) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let params = change.with(["caseNumber": JSONValue(number)])
            let before = try await city.everything()
            let error = await city.refusal("intake.classify", params, as: .registrar)
            #expect(error?.code == 1011 && error?.reason == "unitTextMissing")
            #expect(try await city.everything() == before)
            try await city.call("intake.classify", params.with(["unitText": "摘编"]), as: .registrar)
            #expect(try await city.get(number, as: .unit("housing"))["body"] == "摘编")
        }
    }

    static let unknown: [(JSONValue, String)] = [
        (["category": "x"], "category"), (["divisionCode": "x"], "divisionCode"),
        (["proposedUnitId": "x"], "proposedUnitId"),
        (["about": ["north", "x"]], "about[1]"),
    ]

    @Test func whatDoesNotExistIsNamedAndChangesNothing() async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            let before = try await city.everything()
            for (change, path) in Self.unknown {
                let error = await city.refusal(
                    "intake.classify", change.with(["caseNumber": JSONValue(number)]), as: .registrar)
                #expect(error?.code == 1009 && error?.paths == [path], "\(path)")
            }
            let many: JSONValue = [
                "caseNumber": JSONValue(number), "about": .array(Array(repeating: "north", count: 51)),
            ]
            #expect(await city.refusal("intake.classify", many, as: .registrar)?.paths == ["about"])
            #expect(try await city.everything() == before)
        }
    }

    @Test(arguments: [CaseStatus.dispatched, .claimed])
    func whoHandlesACaseMayNotBecomeWhoItComplainsOf(_ status: CaseStatus) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let c: JSONValue = ["caseNumber": JSONValue(number), "unitText": "摘要"]
            let before = try await city.everything()
            // housing leads it, and the city is above housing.
            for about in ["housing", "city"] {
                for type in ["report", "complaint"] {
                    let error = await city.refusal(
                        "intake.classify", c.with(["type": JSONValue(type), "about": [JSONValue(about)]]), as: .office)
                    #expect(error?.code == 1007 && error?.reason == "conflictOfInterest", "\(about), \(type)")
                }
            }
            #expect(try await city.everything() == before)
            try await city.call("intake.classify", c.with(["type": "report", "about": ["north"]]), as: .registrar)
            // Reassigned, it may be said.
            try await city.call(
                "assignment.reassign",
                c.leavingOut("unitText").with([
                    "leadUnitId": "transport", "ground": "conflictOfInterest", "note": "回避",
                ]), as: .office)
            try await city.call("intake.classify", c.with(["about": ["housing"]]), as: .office)
        }
    }

    @Test func onARecordedGroundAComplaintStaysAndAReportDoesNot() async throws {
        try await City.with { city in
            var life = City.Life()
            life.more = ["about": ["housing"]]
            let (number, _) = try await city.register(life)
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            try await city.call(
                "assignment.dispatch", c.with(["leadUnitId": "housing", "conflictGround": "仅该局有职责"]), as: .office)
            try await city.call("intake.classify", c.with(["about": ["housing", "north"]]), as: .registrar)
            #expect(
                await city.code("intake.classify", c.with(["type": "report", "unitText": "摘要"]), as: .registrar)
                    == 1007)
        }
    }

    static let callers: [(Who, CaseStatus, Int?)] = [
        (.registrar, .registered, nil), (.registrar, .dispatched, nil), (.registrar, .claimed, nil),
        (.registrar, .reported, 1002),
        (.registrar, .closed, 1002), (.registrar, .declined, 1002), (.registrar, .archived, 1010),
        (.office, .registered, 1002),
        (.office, .claimed, nil), (.office, .approved, 1002), (.source, .registered, -32003),
        (.unit("housing"), .claimed, -32003),
        (.supervisor, .registered, -32003), (.auditor, .registered, -32003), (.admin, .registered, -32003),
    ]

    @Test(arguments: callers)
    func theRegistryClassifiesUntilAResultIsFiled(_ who: Who, _ status: CaseStatus, _ code: Int?) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let before = try await city.everything()
            #expect(
                await city.code("intake.classify", ["caseNumber": JSONValue(number), "category": "urban"], as: who)
                    == code)
            if code != nil { #expect(try await city.everything() == before) }
        }
    }

    @Test func aStaleVersionAndAnUsedKeyAreRefused() async throws {
        try await City.with { city in
            let (number, _) = try await city.register()
            let params: JSONValue = [
                "caseNumber": JSONValue(number), "category": "urban", "expectedVersion": 1, "idempotencyKey": "c1",
            ]
            let first = try await city.call("intake.classify", params, as: .registrar)
            #expect(try await city.call("intake.classify", params, as: .registrar) == first)
            #expect(
                try await city.call("intake.classify", params.with(["expectedVersion": 7]), as: .registrar) == first)
            let stale = await city.refusal("intake.classify", params.with(["idempotencyKey": "c2"]), as: .registrar)
            #expect(stale?.code == 1003 && stale?["version"] == 2)
            #expect(
                await city.code("intake.classify", params.with(["category": "urban.noise"]), as: .registrar) == -32022)
        }
    }
}

import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct MergeTests {
    @Test(arguments: [CaseStatus.registered, .dispatched, .claimed])
    func aMemberRunsOnItsMastersClocks(_ status: CaseStatus) async throws {
        try await City.with { city in
            var life = City.person("b")
            life.lead = "transport"
            let master = try await city.bring(to: .claimed, City.person("a"))
            let member = try await city.bring(to: status, life)
            let answer = try await city.merge(member, into: master)
            #expect(answer["status"] == "merged")
            let view = try await city.get(member)
            #expect(view["master"]?.stringValue == master && view["holder"]?["unitId"] == "housing")
            #expect(view["dueAt"] == nil && view["lamp"] == nil)
            #expect(view["clocks"]?.elements?.allSatisfy { $0["stoppedAt"] != nil } == true)
            let last = try await city.get(master)["timeline"]?.elements?.last
            #expect(last?["action"] == "merge" && last?["from"] == "claimed" && last?["to"] == "claimed")
            #expect(last?["note"]?.stringValue?.contains(member) == true)
            // Whoever answers for the master reads it; whoever led it reads its own part.
            #expect(try await city.get(member, as: .unit("housing"))["body"]?.stringValue?.isEmpty == false)
            let act = await city.refusal(
                "handling.addProgress", ["caseNumber": JSONValue(member), "note": "已核查"], as: .unit("housing"))
            #expect(act?.code == -32003 && act?.reason == "notLeadUnit", "it is seen, and not its own to act on")
            if status != .registered {
                let part = try await city.get(member, as: .unit("transport"))
                #expect(part["timeline"]?.elements?.last?["action"] == "merge")
            }
            #expect(await city.code("intake.get", ["caseNumber": JSONValue(member)], as: .unit("north")) == 1001)
        }
    }

    @Test func custodyFollowsTheMasterWithoutAGap() async throws {
        try await City.with { city in
            let master = try await city.bring(to: .registered, City.person("a"))
            let member = try await city.bring(to: .registered, City.person("b"))
            city.clock.advance(seconds: 60)
            try await city.merge(member, into: master)
            city.clock.advance(seconds: 60)
            try await city.step(master, to: .dispatched)
            city.clock.advance(seconds: 60)
            for next in [CaseStatus.claimed, .reported] { try await city.step(master, to: next) }
            #expect(try await city.get(member)["holder"]?["party"] == "office")
            let custody = try await city.get(member)["custody"]?.elements ?? []
            #expect(custody.compactMap { $0["holder"]?["party"]?.stringValue } == ["registry", "leadUnit", "office"])
            for (one, next) in zip(custody, custody.dropFirst()) { #expect(one["to"] == next["from"]) }
            city.clock.advance(seconds: 60)
            try await city.step(master, to: .approved)
            try await city.sweep()
            try await city.step(member, to: .replied)
            let whole = try await city.get(member)["custody"]?.elements ?? []
            #expect(
                whole.compactMap { $0["holder"]?["party"]?.stringValue }
                    == ["registry", "leadUnit", "office", "publisher", "supervision"])
            for (one, next) in zip(whole, whole.dropFirst()) { #expect(one["to"] == next["from"]) }
        }
    }

    @Test func theMasterTakesTheHighestUrgencyAndTheEarliestDate() async throws {
        try await City.with { city in
            let early = try await city.bring(to: .claimed, City.person("b"))
            let earlyDue = try await city.get(early)["dueAt"]
            city.clock.set("2026-03-05T09:00:00+08:00")
            let master = try await city.bring(to: .claimed, City.person("a"))
            try await city.merge(early, into: master)
            #expect(try await city.get(master)["dueAt"] == earlyDue)
            // A later date moves nothing.
            city.clock.set("2026-03-06T09:00:00+08:00")
            let late = try await city.bring(to: .claimed, City.person("c"))
            try await city.merge(late, into: master)
            #expect(try await city.get(master)["dueAt"] == earlyDue)
            var grave = City.person("d")
            grave.urgency = "critical"
            try await city.merge(try await city.bring(to: .registered, grave), into: master)
            let view = try await city.get(master)
            #expect(view["urgency"] == "critical" && view["dueAt"] == "2026-03-10T21:00:00+08:00")
            #expect(view["clocks"]?.elements?.contains { $0["stage"] == "opinion" } == true)
        }
    }

    @Test func fivePetitionersRaiseOrdinaryToImportantAndNoFurther() async throws {
        try await City.with { city in
            let master = try await city.bring(to: .claimed, City.person("1"))
            // The same account is the same petitioner, on the same channel.
            for name in ["1", "2", "3", "4"] {
                try await city.merge(try await city.bring(to: .registered, City.person(name)), into: master)
            }
            #expect(try await city.get(master)["urgency"] == "ordinary")
            var elsewhere = City.person("1")
            elsewhere.channel = "hotline"
            try await city.merge(try await city.bring(to: .registered, elsewhere), into: master)
            let view = try await city.get(master)
            #expect(view["urgency"] == "important" && view["dueAt"] == "2026-03-05T23:59:59+08:00")
            let last = view["timeline"]?.elements?.last
            #expect(last?["action"] == "changeUrgency" && last?["actor"] == "system" && last?["person"] == nil)
            #expect(last?["seq"] == view["version"])
            for name in ["6", "7", "8", "9", "10", "11"] {
                try await city.merge(try await city.bring(to: .registered, City.person(name)), into: master)
            }
            #expect(try await city.get(master)["urgency"] == "important")
        }
    }

    @Test func aMasterIsOpenAndNotMergedItself() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .registered)
            for status in [CaseStatus.closed, .declined, .withdrawn, .merged, .archived] {
                let master = try await city.bring(to: status)
                let error = await city.mergeRefusal(number, into: master)
                #expect(error?.code == 1011 && error?.reason == "masterNotOpen", "\(status)")
            }
            #expect(await city.mergeRefusal(number, into: number)?.reason == "sameCase")
            let unknown = await city.mergeRefusal(number, into: "202603-999999999")
            #expect(unknown?.code == 1009 && unknown?.firstPath == "into")
            let member = try await city.bring(to: .merged)
            let master = try await city.get(member)["master"]?.stringValue ?? ""
            let nested = await city.mergeRefusal(master, into: number)
            #expect(nested?.code == 1011 && nested?.reason == "hasMembers")
        }
    }

    @Test func reportsMergeOnlyWithReports() async throws {
        try await City.with { city in
            var life = City.Life()
            life.type = "report"
            let (report, other) = (try await city.bring(to: .registered, life), try await city.bring(to: .registered))
            for (member, master) in [(report, other), (other, report)] {
                let error = await city.mergeRefusal(member, into: master)
                #expect(error?.code == 1011 && error?.reason == "reportsOnly")
            }
            try await city.merge(report, into: try await city.bring(to: .registered, life))
        }
    }

    @Test func whoIsComplainedOfDoesNotGetItThroughAMaster() async throws {
        try await City.with { city in
            var life = City.Life()
            life.more = ["about": ["housing"]]
            let member = try await city.bring(to: .registered, life)
            let led = try await city.bring(to: .claimed)
            let error = await city.mergeRefusal(member, into: led)
            #expect(error?.code == 1007 && error?.reason == "conflictOfInterest")
            // A master that nobody has yet is not given to them either.
            let free = try await city.bring(to: .registered)
            try await city.merge(member, into: free)
            #expect(
                await city.code(
                    "assignment.dispatch", ["caseNumber": JSONValue(free), "leadUnitId": "housing"], as: .office)
                    == 1007)
        }
    }

    @Test func whatIsAddedToAMemberStaysOnIt() async throws {
        try await City.with { city in
            let member = try await city.bring(to: .merged)
            let answer = try await city.call(
                "intake.supplement", ["caseNumber": JSONValue(member), "text": "还有照片"], as: .source)
            #expect(answer["status"] == "merged" && answer["version"] == 3)
            #expect(try await city.count("intake.supplements") == 1)
        }
    }

    @Test func aMasterIsNotDeclinedOverItsMembers() async throws {
        try await City.with { city in
            let member = try await city.bring(to: .merged)
            let master: JSONValue = ["caseNumber": try await city.get(member)["master"] ?? .null]
            try await city.call(
                "intake.proposeDecline", master.with(["ground": "settled", "explanation": "已办结"]), as: .registrar)
            let error = await city.refusal("intake.confirmDecline", master, as: .office)
            #expect(error?.code == 1011 && error?.reason == "hasMembers")
            // A proposal that a recall has overtaken is none, members or not.
            let recalled = try await city.bring(to: .declined)
            let own: JSONValue = ["caseNumber": JSONValue(recalled)]
            try await city.call("intake.recall", own.with(["reason": "有误"]), as: .office)
            try await city.merge(try await city.bring(to: .registered), into: recalled)
            #expect(await city.refusal("intake.confirmDecline", own, as: .office)?.reason == "noProposal")
        }
    }

    /// Each the other's master: one wins, and neither waits for the other for ever.
    @Test func twoMergesAtOnceTakeTheCasesInOneOrder() async throws {
        try await City.with { city in
            let (one, two) = (try await city.bring(to: .registered), try await city.bring(to: .registered))
            async let first = city.mergeRefusal(one, into: two)
            async let second = city.mergeRefusal(two, into: one)
            let reasons = await [first?.reason, second?.reason]
            #expect(reasons.count { $0 == nil } == 1)
            #expect(reasons.contains { $0 == "masterNotOpen" || $0 == "hasMembers" || $0 == "wrongStatus" })
        }
    }

    @Test func aKeyMakesItOnce() async throws {
        try await City.with { city in
            let (one, two) = (try await city.bring(to: .registered), try await city.bring(to: .registered))
            let params: JSONValue = [
                "caseNumber": JSONValue(one), "into": JSONValue(two), "idempotencyKey": "m", "expectedVersion": 1,
            ]
            let first = try await city.call("intake.merge", params, as: .registrar)
            #expect(try await city.call("intake.merge", params, as: .registrar) == first)
            #expect(try await city.get(two)["version"] == 2)
        }
    }
}

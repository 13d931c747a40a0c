import Domain
import JSONRPC
import TestKit
import Testing

/// What becomes of members when their master's reply is approved.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct FollowTests {
    @Test func aMemberHasItsMastersReplyAndGoesOnByItself() async throws {
        try await City.with { city in
            let master = try await city.bring(to: .reported, City.person("a"))
            let (member, code) = try await city.register(City.person("b"))
            try await city.merge(member, into: master)
            try await city.sweep()
            #expect(try await city.get(member)["status"] == "merged")
            let due = try await city.get(master, as: .source)["dueAt"]
            #expect(try await city.get(member, as: .source)["dueAt"] == due)
            try await city.step(master, to: .approved)
            try await city.sweep()
            let (view, of) = (try await city.get(member), try await city.get(master))
            #expect(view["status"] == "approved" && view["holder"]?["party"] == "publisher")
            for field in ["leadUnitId", "letterNumber", "responsiblePerson", "publicReply", "dueAt"] {
                #expect(view[field] != nil && view[field] == of[field], "\(field)")
            }
            #expect(try await city.get(member, as: .source)["dueAt"] == due)
            let last = view["timeline"]?.elements?.last
            #expect(last?["action"] == "follow" && last?["actor"] == "system" && last?["from"] == "merged")
            #expect(try await city.count("intake.clusters") == 0)
            for next in [CaseStatus.replied] { try await city.step(member, to: next) }
            let tracked = try await city.call(
                "intake.track", ["caseNumber": JSONValue(member), "trackingCode": JSONValue(code)], as: .nobody)
            #expect(tracked["reply"] == of["publicReply"])
            // Its petitioner does not accept it: the master's unit works again, on this case.
            try await city.call(
                "supervision.rate",
                ["caseNumber": JSONValue(member), "satisfaction": "dissatisfied", "resolution": "unresolved"],
                as: .source)
            let again = try await city.get(member)
            #expect(again["status"] == "claimed" && again["round"] == 2 && again["holder"]?["unitId"] == "housing")
            for next in [CaseStatus.reported, .approved, .replied, .closed, .archived] {
                try await city.step(member, to: next)
            }
            #expect(try await city.get(master)["status"] == "approved")
        }
    }

    @Test func whoJoinsAnApprovedMasterFollowsAtOnce() async throws {
        try await City.with { city in
            let master = try await city.bring(to: .replied, City.person("a"))
            let member = try await city.bring(to: .registered, City.person("b"))
            try await city.merge(member, into: master)
            try await city.sweep()
            #expect(try await city.get(member)["status"] == "approved")
        }
    }

    /// What a member's petitioner adds before the approval the office could see; what comes after it, not.
    @Test(arguments: [false, true])
    func whatIsAddedAfterTheApprovalHoldsUpTheMembersPublication(_ isLate: Bool) async throws {
        try await City.with { city in
            let master = try await city.bring(to: .reported, City.person("a"))
            let (member, other) = (
                try await city.register(City.person("b")).number, try await city.register(City.person("c")).number
            )
            for number in [member, other] { try await city.merge(number, into: master) }
            if isLate { try await city.step(master, to: .approved) }
            city.clock.advance(seconds: 60)
            try await city.call(
                "intake.supplement", ["caseNumber": JSONValue(member), "text": "昨夜又开工了"], as: .source)
            city.clock.advance(seconds: 60)
            if !isLate { try await city.step(master, to: .approved) }
            try await city.sweep()
            let params: JSONValue = [
                "caseNumber": JSONValue(member), "way": "phone", "at": JSONValue(city.clock.now.description),
            ]
            let error = await city.refusal("handling.confirmPublication", params, as: .registrar)
            #expect(error?.reason == (isLate ? "supplementUnseen" : nil))
            // The other members' petitioners do not wait for it.
            for number in [master, other] { try await city.step(number, to: .replied) }
            guard isLate else { return }
            try await city.call(
                "handling.withdrawApproval", ["caseNumber": JSONValue(member), "reason": "有新的补充"], as: .office)
            for status in [CaseStatus.approved, .replied] { try await city.step(member, to: status) }
        }
    }

    @Test func aClusteredHundredFollowsInParts() async throws {
        try await City.with { city in
            let master = try await city.bring(to: .reported, City.person("a"))
            let other = try await city.bring(to: .reported, City.person("z"))
            for index in 0..<100 {
                let member = try await city.bring(to: .registered, City.person("m\(index)"))
                try await city.merge(member, into: index < 97 ? master : other)
            }
            for number in [master, other] { try await city.step(number, to: .approved) }
            try await city.sweep()
            #expect(try await city.count("ledger.cases WHERE status = 'merged'") == 0)
            #expect(try await city.count("ledger.cases WHERE status = 'approved'") == 102)
            #expect(try await city.count("intake.clusters") == 0)
            #expect(
                try await city.count(
                    "(SELECT xmin FROM ledger.timeline WHERE action = 'follow' GROUP BY xmin HAVING count(*) > 50) AS large"
                )
                    == 0)
        }
    }

    /// It was closed once with a promise, and is then answered by a master: what was promised is promised once.
    @Test func aFollowersOwnOldPromiseIsNotOpenedAgain() async throws {
        try await City.with { city in
            let master = try await city.bring(to: .reported, City.person("a"))
            let member = try await city.bring(to: .claimed, City.person("b"))
            let promise: JSONValue = ["commitment": "修复路面", "dueOn": "2026-03-20"]
            try await city.call(
                "handling.fileResult", City.result(member).with(["promises": [promise]]), as: .unit("housing"))
            for status in [CaseStatus.approved, .replied, .closed] { try await city.step(member, to: status) }
            try await city.call(
                "supervision.reopen", ["caseNumber": JSONValue(member), "reason": "问题反弹"], as: .supervisor)
            try await city.merge(member, into: master)
            try await city.step(master, to: .approved)
            try await city.sweep()
            for status in [CaseStatus.replied, .closed] { try await city.step(member, to: status) }
            #expect(try await city.count("supervision.promises") == 1)
        }
    }

    @Test func aConfidentialMemberHasATextForTheUnit() async throws {
        try await City.with { city in
            let master = try await city.bring(to: .reported, City.person("a"))
            var life = City.Life()
            life.petitioner = ["name": "王小明", "phone": "13712345678", "confidential": true]
            let member = try await city.bring(to: .registered, life)
            try await city.merge(member, into: master)
            try await city.step(master, to: .approved)
            try await city.sweep()
            let read = try await city.get(member, as: .unit("housing"))
            #expect(read["body"] == (try await city.get(master))["body"] && read["title"] == nil)
        }
    }
}

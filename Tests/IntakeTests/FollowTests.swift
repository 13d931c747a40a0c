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

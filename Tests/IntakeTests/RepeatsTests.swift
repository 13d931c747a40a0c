import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@testable import Intake

/// 重复件、反弹 — another message on a matter that is known.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct RepeatsTests {
    private static let petitioner: JSONValue = ["name": "李四", "phone": "13712345678", "account": "li"]

    private static func register(
        _ city: City, _ id: String, _ changes: KeyValuePairs<String, JSONValue> = [:], as who: Who = .source
    ) async throws -> JSONValue {
        try await city.call("intake.register", Message.params(id, ["petitioner": petitioner]).with(changes), as: who)
    }

    private static let same: [(JSONValue, Bool)] = [
        (["title": "路灯不亮"], true), (["title": "　路灯 不亮"], true), (["body": "和平路的路灯坏了一周， 请修理。\n"], true),
        (["channel": "hotline"], true),
        (["channel": "hotline", "petitioner": ["name": "李四", "account": "li"]], false),
        (["petitioner": ["name": "李四", "account": "li"]], true),
        (["petitioner": ["phone": "137 1234 5678"]], true), (["petitioner": ["phone": "１３７１２３４５６７８"]], true),
        (["petitioner": ["name": "李四", "account": "other"]], false), (["petitioner": ["name": "李四"]], false),
        (["body": "和平路的路灯坏了两周，请修理。"], false), (["type": "report"], false),
    ]

    @Test(arguments: same)
    func theSamePetitionerOnTheSameMatterIsMerged(_ changes: JSONValue, _ isRepeat: Bool) async throws {
        try await City.with { city in
            let first = try await Self.register(city, "1")
            let all = Message.params("2", ["petitioner": Self.petitioner])
            let params = JSONValue.object(
                (all.members ?? []).filter { changes[$0.name.text] == nil } + (changes.members ?? []))
            let second = try await city.call("intake.register", params, as: .source)
            let number = second["caseNumber"]
            #expect(number != first["caseNumber"] && second["replayed"] == false)
            #expect(second["mergedInto"] == (isRepeat ? first["caseNumber"] : nil))
            #expect(second["status"]?.stringValue == (isRepeat ? "merged" : "registered"))
            #expect(second["version"]?.intValue == (isRepeat ? 2 : 1) && second["urgedCase"] == nil)
            let view = try await city.get(number?.stringValue ?? "")
            #expect(view["version"] == second["version"])
            guard isRepeat else { return }
            let last = view["timeline"]?.elements?.last
            #expect(last?["action"] == "merge" && last?["actor"] == "system")
            let master = try await city.get(first["caseNumber"]?.stringValue ?? "")
            #expect(master["timeline"]?.elements?.last?["action"] == "merge" && master["version"] == 2)
        }
    }

    @Test func aDayLaterItAlsoUrges() async throws {
        try await City.with { city in
            let first = try await Self.register(city, "1")
            let number = first["caseNumber"]?.stringValue ?? ""
            try await city.step(number, to: .dispatched)
            city.clock.advance(seconds: 86_399)
            let soon = try await Self.register(city, "2")
            #expect(soon["mergedInto"]?.stringValue == number && soon["urgedCase"] == nil)
            city.clock.advance(seconds: 1)
            let later = try await Self.register(city, "3")
            #expect(later["urgedCase"]?.stringValue == number)
            let last = try await city.get(number)["timeline"]?.elements?.last
            #expect(last?["action"] == "urge" && last?["actor"] == "system")
            // A repeat of a member is one of its master.
            #expect(later["mergedInto"]?.stringValue == number)
            // The same message again is the same case, and urges nobody.
            let again = try await Self.register(city, "3")
            #expect(again["replayed"] == true && again["status"] == "merged" && again["urgedCase"] == nil)
        }
    }

    @Test func oneMessageOfABatchFindsAnother() async throws {
        try await City.with { city in
            let cases = ["1", "2"].map { Message.params($0, ["petitioner": Self.petitioner]) }
            let answer = try await city.call("intake.registerBatch", ["cases": .array(cases)], as: .source)
            let results = answer["results"]?.elements ?? []
            #expect(results.last?["mergedInto"] == results.first?["caseNumber"])
        }
    }

    @Test func afterClosingItIsANewCaseRelatedToTheOld() async throws {
        try await City.with { city in
            let first = try await Self.register(city, "1")
            let number = first["caseNumber"]?.stringValue ?? ""
            for status in [CaseStatus.dispatched, .claimed, .reported, .approved, .replied, .closed] {
                try await city.step(number, to: status)
            }
            let own = try await Self.register(city, "2")
            #expect(own["status"] == "registered" && own["mergedInto"] == nil)
            #expect(try await city.get(own["caseNumber"]?.stringValue ?? "")["relatedTo"]?.stringValue == number)
            // Anybody's within ninety days.
            city.clock.advance(days: 90)
            let stranger: KeyValuePairs<String, JSONValue> = ["petitioner": ["account": "wang"]]
            let recurring = try await Self.register(city, "3", stranger)
            #expect(try await city.get(recurring["caseNumber"]?.stringValue ?? "")["relatedTo"]?.stringValue == number)
            city.clock.advance(seconds: 1)
            let unrelated = try await Self.register(
                city, "4", stranger.isEmpty ? [:] : ["petitioner": ["account": "zhao"]])
            #expect(try await city.get(unrelated["caseNumber"]?.stringValue ?? "")["relatedTo"] == nil)
        }
    }

    @Test func whatTheSourceSaysItIsRelatedToStands() async throws {
        try await City.with { city in
            let (other, _) = try await city.register()
            let first = try await Self.register(city, "1")
            let number = first["caseNumber"]?.stringValue ?? ""
            try await city.call("intake.withdraw", ["caseNumber": JSONValue(number), "reason": "误发"], as: .source)
            let next = try await Self.register(city, "2", ["relatedTo": JSONValue(other)])
            #expect(try await city.get(next["caseNumber"]?.stringValue ?? "")["relatedTo"]?.stringValue == other)
        }
    }

    /// Another message of the same petitioner on the same matter is being registered, and takes long.
    @Test func whileATwinIsBeingRegisteredItIsToBeAskedAgain() async throws {
        try await City.with { city in
            let params = Message.params("1", ["petitioner": Self.petitioner])
            let parsed = try ParamsDecoder.decode(Register.Params.self, from: params, unknownNames: .refused)
            let lock = try #require(MatterStore.lock([Repeats.digests(parsed, SampleCity.secrets)]))
            let twin = try Connection(city.database)
            try twin.script("BEGIN")
            try twin.execute(lock)
            let error = await city.refusal("intake.register", params, as: .source)
            #expect(error?.code == -32009 && error?.reason == "keyInUse" && error?["retryAfterMs"] == 1000)
            #expect(try await city.count("ledger.cases") == 0)
            try twin.script("ROLLBACK")
            #expect(try await Self.register(city, "1")["status"] == "registered")
        }
    }

    @Test func theTableHoldsNeitherTextNorIdentity() async throws {
        try await City.with { city in
            _ = try await Self.register(city, "1")
            #expect(try await city.count("intake.matters") == 3)
            #expect(try await city.count("intake.matters WHERE octet_length(digest) = 32") == 3)
        }
    }
}

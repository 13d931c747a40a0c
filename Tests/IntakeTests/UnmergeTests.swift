import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct UnmergeTests {
    private static func params(_ number: String) -> JSONValue {
        ["caseNumber": JSONValue(number), "reason": "并非同一事项"]
    }

    @Test func aClassifiedMemberIsTheOfficesWithANewClock() async throws {
        try await City.with { city in
            let master = try await city.bring(to: .claimed, City.person("a"))
            let member = try await city.bring(to: .claimed, City.person("b"))
            try await city.merge(member, into: master)
            city.clock.set("2026-03-05T09:00:00+08:00")
            let answer = try await city.call("intake.unmerge", Self.params(member), as: .registrar)
            #expect(answer["status"] == "registered")
            let view = try await city.get(member)
            #expect(view["holder"]?["party"] == "office" && view["dueAt"] == "2026-03-06T23:59:59+08:00")
            #expect(view["master"] == nil && view["leadUnitId"] == nil && view["letterNumber"] == nil)
            #expect(view["timeline"]?.elements?.last?["note"]?.stringValue?.contains("3个工作日") == true)
            #expect(try await city.get(master)["timeline"]?.elements?.last?["action"] == "unmerge")
            #expect(try await city.count("intake.clusters") == 0)
            let parties = view["custody"]?.elements?.compactMap { $0["holder"]?["party"]?.stringValue }
            #expect(parties == ["registry", "leadUnit", "office"])
            // A new letter, a new clock.
            try await city.step(member, to: .dispatched)
            #expect(try await city.get(member)["dueAt"] == "2026-03-16T23:59:59+08:00")
        }
    }

    @Test func oneThatNobodyClassifiedIsTheRegistrys() async throws {
        try await City.with { city in
            let member = try await city.bring(to: .merged)
            try await city.call("intake.unmerge", Self.params(member), as: .registrar)
            #expect(try await city.get(member)["holder"]?["party"] == "registry")
            #expect(try await city.get(member)["dueAt"] == "2026-03-03T23:59:59+08:00")
        }
    }

    @Test func afterTheApprovalItIsTooLate() async throws {
        try await City.with { city in
            let master = try await city.bring(to: .reported, City.person("a"))
            let member = try await city.bring(to: .registered, City.person("b"))
            try await city.merge(member, into: master)
            try await city.step(master, to: .approved)
            let before = try await city.everything()
            let error = await city.refusal("intake.unmerge", Self.params(member), as: .registrar)
            #expect(error?.code == 1011 && error?.reason == "masterApproved")
            #expect(try await city.everything() == before)
        }
    }

    @Test func itMayBeMergedElsewhereAndItsCustodyHasBoth() async throws {
        try await City.with { city in
            let (one, two) = (
                try await city.bring(to: .claimed, City.person("a")),
                try await city.bring(to: .reported, City.person("c"))
            )
            let member = try await city.bring(to: .registered, City.person("b"))
            for master in [one, two] {
                city.clock.advance(seconds: 60)
                try await city.merge(member, into: master)
                city.clock.advance(seconds: 60)
                if master == one { try await city.call("intake.unmerge", Self.params(member), as: .registrar) }
            }
            let custody = try await city.get(member)["custody"]?.elements ?? []
            #expect(
                custody.compactMap { $0["holder"]?["party"]?.stringValue }
                    == ["registry", "leadUnit", "registry", "office"])
            for (earlier, later) in zip(custody, custody.dropFirst()) { #expect(earlier["to"] == later["from"]) }
        }
    }
}

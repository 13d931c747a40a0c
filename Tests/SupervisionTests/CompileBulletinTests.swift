import Domain
import JSONRPC
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct CompileBulletinTests {
    @Test func aDraftIsReckonedAnewAtWill() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .closed)
            let first = try await city.call("supervision.compileBulletin", ["month": "2026-03"], as: .office)
            #expect(first["status"] == "draft" && first["formula"] == "1" && first["publishedAt"] == nil)
            _ = try await city.bring(to: .closed)
            let second = try await city.call("supervision.compileBulletin", ["month": "2026-03"], as: .office)
            #expect(second["sha256"] != first["sha256"])
            let document = try await city.call("supervision.bulletin", ["month": "2026-03"], as: .office)["document"]
            #expect(document?["volume"]?["registered"] == 2)
            #expect(document?["volume"]?["byChannel"]?[0] == ["cases": 2, "code": "board", "name": "board"])
        }
    }

    @Test func onlyTheOfficeCompilesAndOnlyWhatHasBegun() async throws {
        try await City.with { city in
            for who in [Who.supervisor, .auditor, .observer, .admin, .unit("housing"), .registrar, .source] {
                #expect(await city.code("supervision.compileBulletin", ["month": "2026-03"], as: who) == -32003)
            }
            for month in ["2026-04", "2026-3", "2026-00", "03-2026"] {
                let error = await city.refusal("supervision.compileBulletin", ["month": JSONValue(month)], as: .office)
                #expect(error?.code == -32602 && error?.paths == ["month"], "\(month)")
            }
        }
    }

    @Test func overdueCasesStandWithUnitAndPersonAndWithoutThePetitioner() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            city.clock.set("2026-03-20T09:00:00+08:00")
            try await city.call("supervision.compileBulletin", ["month": "2026-03"], as: .office)
            let read = try await city.call("supervision.bulletin", ["month": "2026-03", "format": "html"], as: .office)
            let overdue = read["document"]?["overdue"]
            #expect(overdue?["total"] == 1)
            #expect(overdue?["items"]?[0]?["caseNumber"]?.stringValue == number)
            #expect(overdue?["items"]?[0]?["unitName"] == "单位housing")
            #expect(overdue?["items"]?[0]?["responsiblePerson"]?["name"] == "周主任")
            for secret in ["张三丰", "13900001234", "小区夜间施工"] { #expect(!read.json.contains(secret)) }
        }
    }

    @Test func whatIsOddIsListed() async throws {
        try await City.with { city in
            // Three replies that say the same, one of them filed ten minutes before its due date.
            var numbers: [String] = []
            for _ in 1...3 { numbers.append(try await city.bring(to: .claimed)) }
            for number in numbers.prefix(2) { try await city.step(number, to: .reported) }
            city.clock.set("2026-03-11T23:50:00+08:00")
            try await city.step(numbers[2], to: .reported)
            try await city.step(numbers[2], to: .approved)
            try await city.step(numbers[2], to: .replied)
            let said = City.followUp(numbers[2], "dissatisfied").with(["resolution": "unresolved"])
            try await city.call("supervision.recordFollowUp", said, as: .supervisor)
            city.clock.set("2026-04-20T09:00:00+08:00")
            try await city.call("supervision.compileBulletin", ["month": "2026-03"], as: .office)
            let odd = try await city.call("supervision.bulletin", ["month": "2026-03"], as: .office)["document"]?[
                "oddities"]
            #expect(odd?["sameReplies"]?[0]?["cases"] == 3)
            #expect(odd?["lastMinuteResults"]?["items"]?[0]?["caseNumber"]?.stringValue == numbers[2])
            #expect(odd?["contradicted"]?["items"]?[0]?["caseNumber"]?.stringValue == numbers[2])
            #expect(odd?["loweredUrgencies"]?["total"] == 0)
        }
    }
}

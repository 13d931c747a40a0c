import Domain
import JSONRPC
import Postgres
import ServiceKit
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ConfirmPublicationTests {
    private static let reply = "经查，该工地已于当日停止夜间施工，并责令整改，欢迎继续监督。"
    private static var digest: String { Secrets.hex(Secrets.sha256(Array(reply.utf8))) }

    private static func params(
        _ number: String, way: String = "phone", at: String = "2026-03-02T09:00:00+08:00"
    ) -> JSONValue {
        ["caseNumber": JSONValue(number), "way": JSONValue(way), "at": JSONValue(at)]
    }

    private static func board(_ number: String, sha256: String = digest) -> JSONValue {
        params(number, way: "board").setting("url", to: "https://example.org/post/1").setting(
            "sha256", to: JSONValue(sha256))
    }

    @Test(arguments: [Who.registrar, .source]) func aPublishedReplyGoesToSupervision(who: Who) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .approved)
            let answer = try await city.call("handling.confirmPublication", Self.board(number), as: who)
            #expect(answer == ["caseNumber": JSONValue(number), "status": "replied", "version": 6])
            let view = try await city.get(number)
            #expect(view["holder"] == ["party": "supervision", "name": "督查部门"])
            // Ten working days to ask the petitioner.
            #expect(view["dueAt"] == "2026-03-16T23:59:59+08:00")
            let reply = view["clocks"]?.elements?.first { $0["stage"] == "reply" }
            #expect(reply?["stoppedAt"] == "2026-03-02T09:00:00+08:00")
            let feed = try await city.feed(until: 6).last
            #expect(
                feed?["kind"] == "reply" && feed?["text"]?.stringValue == Self.reply && feed?["status"] == "replied")
            #expect(
                Set(try await city.deliverEvents()).isSuperset(of: [
                    "supervision.replyPublished", "intake.replyPublished",
                ]))
        }
    }

    @Test(arguments: ["phone", "sms", "letter", "inPerson"]) func otherWaysNeedNoAddress(way: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .approved)
            let params = Self.params(number, way: way).setting("originalGone", to: true).setting("note", to: "原帖已删除")
            let answer = try await city.call("handling.confirmPublication", params, as: .registrar)
            #expect(answer["status"] == "replied" && answer["differs"] == nil)
            let kept = try await city.sql { db in
                try db.value("SELECT way || original_gone || note FROM handling.publications") as String
            }
            #expect(kept == "\(way)true原帖已删除")
        }
    }

    /// A digest in capitals is the same digest; one of another text still is a success.
    @Test(arguments: [(0, false), (1, false), (2, true)]) func whatWasReadBackIsCompared(
        kind: Int, differs: Bool
    ) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .approved)
            let digest = [
                Self.digest, Self.digest.uppercased(), Secrets.hex(Secrets.sha256(Array((Self.reply + " ").utf8))),
            ][kind]
            let answer = try await city.call(
                "handling.confirmPublication", Self.board(number, sha256: digest), as: .source)
            #expect(answer["status"] == "replied" && answer["differs"] == (differs ? true : nil))
            let kept = try await city.sql { db in try db.value("SELECT differs FROM handling.publications") as Bool }
            #expect(kept == differs)
        }
    }

    @Test func aBoardNeedsAddressAndDigest() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .approved)
            let bad: [(JSONValue, String)] = [
                (Self.params(number, way: "board"), "url"), (Self.board(number).leavingOut("url"), "url"),
                (Self.board(number).leavingOut("sha256"), "sha256"), (Self.board(number, sha256: "abc"), "sha256"),
                (Self.board(number).setting("url", to: "javascript:alert(1)"), "url"),
                (Self.params(number, way: "fax"), "way"), (Self.params(number).leavingOut("at"), "at"),
            ]
            let before = try await city.everything()
            for (params, path) in bad {
                let error = await city.refusal("handling.confirmPublication", params, as: .registrar)
                #expect(error?.code == -32602 && error?.firstPath == path, "\(path)")
            }
            #expect(try await city.everything() == before)
        }
    }

    /// Approved at ten, confirmed at twelve.
    @Test(arguments: [
        ("2026-03-02T09:59:59+08:00", true), ("2026-03-02T10:00:00+08:00", false), ("2026-03-02T02:00:00Z", false),
        ("2026-03-02T12:00:00+08:00", false), ("2026-03-02T12:00:01+08:00", true), ("2026-03-03T09:00:00+08:00", true),
    ])
    func aReplyIsPublishedBetweenItsApprovalAndNow(at: String, isRefused: Bool) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .reported)
            city.clock.set("2026-03-02T10:00:00.700+08:00")
            try await city.step(number, to: .approved)
            city.clock.set("2026-03-02T12:00:00+08:00")
            let error = await city.refusal("handling.confirmPublication", Self.params(number, at: at), as: .registrar)
            #expect(error?.code == (isRefused ? -32602 : nil) && error?.firstPath == (isRefused ? "at" : nil))
        }
    }

    @Test(arguments: ["report", "confidential", "closed"]) func someRepliesAreNeverPutOnABoard(
        kind: String
    ) async throws {
        try await City.with { city in
            var life = City.Life()
            switch kind {
            case "report": life.type = "report"
            case "confidential": life.petitioner = ["name": "张三丰", "confidential": true]
            default: life.more = ["open": false]
            }
            let number = try await city.bring(to: .approved, life)
            let error = await city.refusal("handling.confirmPublication", Self.board(number), as: .registrar)
            #expect(error?.code == 1011 && error?.reason == "notForBoard")
            try await city.call("handling.confirmPublication", Self.params(number, way: "letter"), as: .registrar)
        }
    }

    @Test(arguments: [Who.source, .registrar]) func aSupplementAfterTheApprovalMustBeReviewedFirst(
        who: Who
    ) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .approved)
            try await city.call("intake.supplement", ["caseNumber": JSONValue(number), "text": "昨夜又施工"], as: who)
            let error = await city.refusal("handling.confirmPublication", Self.params(number), as: .registrar)
            #expect(error?.code == 1011 && error?.reason == "supplementUnseen")
            let withdrawal: JSONValue = ["caseNumber": JSONValue(number), "reason": "有补充"]
            try await city.call("handling.withdrawApproval", withdrawal, as: .office)
            #expect(
                await city.refusal("handling.confirmPublication", Self.params(number), as: .registrar)?.code == 1002)
            try await city.step(number, to: .approved)
            try await city.step(number, to: .replied)
        }
    }

    @Test func aSupplementBeforeTheApprovalIsSeenWithIt() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .reported)
            try await city.call("intake.supplement", ["caseNumber": JSONValue(number), "text": "昨夜又施工"], as: .source)
            for status in [CaseStatus.approved, .replied] { try await city.step(number, to: status) }
        }
    }

    @Test func aSourceConfirmsOnItsOwnChannelsOnly() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .approved)
            #expect(
                await city.refusal("handling.confirmPublication", Self.params(number), as: .otherSource)?.code == 1001)
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .approved)
            let mutation = Mutation(
                "handling.confirmPublication", Self.board(number, sha256: String(repeating: "0", count: 64)),
                as: .registrar,
                other: Self.params(number), and: "intake.supplement", ["caseNumber": JSONValue(number), "text": "补充"])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}

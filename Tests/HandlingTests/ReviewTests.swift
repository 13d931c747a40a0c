import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct ReviewTests {
    @Test func anApprovedReplyGoesToWhoeverPublishesIt() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .reported)
            let answer = try await city.call("handling.review", City.review(number, "approve"), as: .office)
            #expect(answer == ["caseNumber": JSONValue(number), "status": "approved", "version": 5])
            let view = try await city.get(number)
            #expect(
                view["holder"] == ["party": "publisher", "name": "发布方"] && view["dueAt"] == "2026-03-03T23:59:59+08:00")
            #expect(view["timeline"]?.elements?.last?["note"] == "审定意见")
            #expect(try await city.get(number, as: .source)["publicReply"]?.stringValue?.contains("停止夜间施工") == true)
        }
    }

    /// The later of the old due date, 11 March, and three working days from now.
    @Test(arguments: [
        ("ordinary", "2026-03-02T10:00:00", "2026-03-11T23:59:59"),
        ("ordinary", "2026-03-06T23:59:59", "2026-03-11T23:59:59"),
        ("ordinary", "2026-03-09T10:00:00", "2026-03-12T23:59:59"),
        ("ordinary", "2026-03-13T10:00:00", "2026-03-18T23:59:59"),
        ("important", "2026-03-03T10:00:00", "2026-03-05T23:59:59"),
        ("important", "2026-03-04T10:00:00", "2026-03-06T23:59:59"),
        ("critical", "2026-03-05T20:59:59", "2026-03-06T21:00:00"),
        ("critical", "2026-03-06T08:00:00", "2026-03-07T08:00:00"),
    ])
    func sentBackWorkIsDueAtTheLaterOfTheOldDateAndTheReworkTerm(urgency: String, now: String, due: String) async throws
    {
        try await City.with { city in
            var life = City.Life()
            life.urgency = urgency
            let number = try await city.bring(to: .reported, life)
            city.clock.set("\(now)+08:00")
            let answer = try await city.call("handling.review", City.review(number, "sendBack"), as: .office)
            #expect(answer == ["caseNumber": JSONValue(number), "status": "claimed", "version": 5])
            let view = try await city.get(number)
            #expect(view["round"] == 2 && view["dueAt"]?.stringValue == "\(due)+08:00")
            #expect(view["holder"] == ["party": "leadUnit", "unitId": "housing", "name": "单位housing"])
            #expect(view["responsiblePerson"] == ["name": "周主任", "title": "科长"])
            // The desks' terms follow the result's new date.
            let reply = view["clocks"]?.elements?.first { $0["stage"] == "reply" }?["dueAt"]?.stringValue ?? ""
            #expect(reply > due)
            #expect(try await city.get(number, as: .source)["publicReply"] == nil)
        }
    }

    @Test func everySendBackIsARoundMore() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .reported)
            for round in 2...4 {
                try await city.call("handling.review", City.review(number, "sendBack"), as: .office)
                #expect(try await city.get(number)["round"] == JSONValue(round))
                try await city.step(number, to: .reported)
            }
            let rounds = try await city.sql { db in
                try db.rows("SELECT round FROM handling.results ORDER BY seq") { try $0["round"] as Int }
            }
            #expect(rounds == [1, 2, 3, 4])
        }
    }

    @Test(arguments: [
        "张三丰同志：您反映的问题已办结。", "张 三 丰：已办结。", "经查属实，已电话（139-0000-1234）告知。", "已致电１３９００００１２３４告知。",
        "联系人李某某 138 1234 5678。", "联系人１３８１２３４５６７８。", "身份证431002199001011234已核。", "身份证43100219900101123X已核。",
        "身份证４３１００２１９９００１０１１２３４已核。", "请联系+86 138 1234 5678。",
    ])
    func aReplyWithAnIdentityIsNotApproved(reply: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            try await city.call("handling.fileResult", City.result(number, reply: reply), as: .unit("housing"))
            let before = try await city.everything()
            let error = await city.refusal("handling.review", City.review(number, "approve"), as: .office)
            #expect(error?.code == 1011 && error?.reason == "identityInReply" && error?.detail.contains("张三丰") == false)
            #expect(try await city.everything() == before)
            // It can still be sent back.
            try await city.call("handling.review", City.review(number, "sendBack"), as: .office)
        }
    }

    @Test(arguments: [
        "经查属实，已整改。如有疑问请致电0799-8123456。", "请拨打12345或市住建局（0799）8000000咨询。", "监督电话：400-800-1234。",
        "依据〔2026〕12号文，已于2026年3月2日停工，罚款20000元。", "张三路施工已停。",
    ])
    func publishedOfficeLinesAreAllowed(reply: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            try await city.call("handling.fileResult", City.result(number, reply: reply), as: .unit("housing"))
            try await city.call("handling.review", City.review(number, "approve"), as: .office)
        }
    }

    /// A landline is an office line, unless it is the petitioner's.
    @Test func thePetitionersOwnLandlineIsNotAllowed() async throws {
        try await City.with { city in
            var life = City.Life()
            life.petitioner = ["name": "张三丰", "phone": "0799-8123456"]
            let number = try await city.bring(to: .claimed, life)
            try await city.call(
                "handling.fileResult", City.result(number, reply: "已致电 0799 8123456 告知办结。"), as: .unit("housing"))
            #expect(
                await city.refusal("handling.review", City.review(number, "approve"), as: .office)?.reason
                    == "identityInReply")
        }
    }

    @Test func anAnonymousMessageIsReviewedLikeAnyOther() async throws {
        try await City.with { city in
            var life = City.Life()
            life.petitioner = [:]
            _ = try await city.bring(to: .approved, life)
        }
    }

    @Test func badParamsAreNamed() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .reported)
            let bad: [(JSONValue, Int, String)] = [
                (City.review(number, "approve").setting("reopenCoOrders", to: ["transport"]), -32602, "reopenCoOrders"),
                (
                    City.review(number, "sendBack").setting("reopenCoOrders", to: ["transport"]), 1009,
                    "reopenCoOrders[0]"
                ),
                (
                    City.review(number, "sendBack").setting(
                        "reopenCoOrders", to: .array(Array(repeating: "north", count: 51))), -32602, "reopenCoOrders"
                ),
                (City.review(number, "maybe"), -32602, "decision"),
                (City.review(number, "approve").leavingOut("comment"), -32602, "comment"),
                (City.review(number, "approve").setting("reviewer", to: ["name": "郑"]), -32602, "reviewer.title"),
            ]
            let before = try await city.everything()
            for (params, code, path) in bad {
                let error = await city.refusal("handling.review", params, as: .office)
                #expect(error?.code == code && error?.firstPath == path)
            }
            #expect(try await city.everything() == before)
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            for decision in ["approve", "sendBack"] {
                let number = try await city.bring(to: .reported)
                let mutation = Mutation(
                    "handling.review", City.review(number, decision), as: .office,
                    other: City.review(number, decision == "approve" ? "sendBack" : "approve"),
                    and: "handling.withdrawApproval", ["caseNumber": JSONValue(number), "reason": "有误"])
                #expect(try await city.brokenPromises(of: mutation, on: number) == [])
            }
        }
    }

    @Test func ofTwoReviewersAtOnceOneDecides() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .reported)
            async let one = city.refusal("handling.review", City.review(number, "approve"), as: .office)
            async let two = city.refusal("handling.review", City.review(number, "sendBack"), as: .office)
            let codes = await [one?.code, two?.code]
            #expect(codes.contains(nil) && codes.contains(1002))
        }
    }
}

import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct FileResultTests {
    @Test func aResultGoesToTheTwoOffices() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            city.clock.advance(seconds: 3600)
            let answer = try await city.call("handling.fileResult", Self.full(number), as: .unit("housing"))
            #expect(answer == ["caseNumber": JSONValue(number), "status": "reported", "version": 4])
            let view = try await city.get(number)
            #expect(view["holder"] == ["party": "office", "name": "两办"])
            // The office's two working days.
            #expect(view["dueAt"] == "2026-03-04T23:59:59+08:00")
            let result = view["clocks"]?.elements?.first { $0["stage"] == "result" }
            #expect(result?["stoppedAt"] == "2026-03-02T10:00:00+08:00")
            // Nothing of it is the public's before the office approves it.
            let asSource = String(decoding: try await city.get(number, as: .source).serialized(), as: UTF8.self)
            #expect(!asSource.contains("停止夜间施工") && !asSource.contains("责令停工"))
            let filed = try await city.sql { db in
                try db.one(
                    "SELECT round, unit_id, due_at::text AS due, promises::text AS promises FROM handling.results"
                ) {
                    ["\(try $0["round"] as Int)", try $0["unit_id"], try $0["due"], try $0["promises"]] as [String]
                }
            }
            #expect(filed[0] == "1" && filed[1] == "housing" && filed[3].contains("2026-03-02"))
        }
    }

    private static func full(_ number: String) -> JSONValue {
        City.result(number).setting("contactedAt", to: "2026-03-02T09:30:00+08:00")
            .setting("promises", to: [["commitment": "加装隔音屏", "dueOn": "2026-03-02"]])
            .setting(
                "attachments",
                to: [
                    [
                        "name": "现场.jpg", "mediaType": "image/jpeg", "bytes": 1024,
                        "sha256": JSONValue(String(repeating: "a", count: 64)), "url": "https://example.org/1.jpg",
                    ]
                ])
    }

    @Test(arguments: [
        ("resolution", #""partly""#, "unresolvedReason"), ("resolution", #""unresolved""#, "unresolvedReason"),
        ("resolution", #""solved""#, "resolution"), ("factual", #""yes""#, "factual"), ("factual", "null", "factual"),
        ("contactedAt", #""2026-03-03T09:00:00+08:00""#, "contactedAt"),
        ("contactedAt", #""2026-03-02T09:00:00""#, "contactedAt"),
        ("signedBy", #"{"name":"吴"}"#, "signedBy.title"), ("publicReply", #""""#, "publicReply"),
        ("internalAccount", #"" ""#, "internalAccount"),
        (
            "promises", #"[{"commitment":"甲","dueOn":"2026-03-02"},{"commitment":"乙","dueOn":"2026-03-01"}]"#,
            "promises[1].dueOn"
        ),
        ("promises", #"[{"dueOn":"2026-03-02"}]"#, "promises[0].commitment"),
        (
            "attachments", #"[{"name":"a","mediaType":"b","bytes":-1,"sha256":"aa","url":"https://e.org"}]"#,
            "attachments[0].sha256"
        ),
        ("reply", #""x""#, "reply"),
    ])
    func badParamsAreNamed(field: String, json: String, path: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let before = try await city.everything()
            let value = try JSONValue(parsing: Array(json.utf8))
            let error = await city.refusal(
                "handling.fileResult", City.result(number).setting(field, to: value), as: .unit("housing"))
            #expect(error?.code == -32602 && error?.firstPath == path)
            #expect(try await city.everything() == before)
        }
    }

    @Test(arguments: [("url", "ftp://e.org"), ("url", "https://"), ("sha256", "xyz"), ("bytes", "-1"), ("name", "")])
    func anAttachmentIsDescribedWhole(field: String, value: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let item = Self.full(number)["attachments"]?[0] ?? .null
            let bad = item.setting(field, to: Int(value).map { JSONValue($0) } ?? JSONValue(value))
            let params = City.result(number).setting("attachments", to: [item, bad])
            let error = await city.refusal("handling.fileResult", params, as: .unit("housing"))
            #expect(error?.code == -32602 && error?.firstPath == "attachments[1].\(field)")
        }
    }

    @Test(arguments: [("overdueCoUnits", 51), ("promises", 51), ("attachments", 21)])
    func listsHaveTheirLimits(field: String, count: Int) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let item: JSONValue =
                switch field {
                case "overdueCoUnits": "transport"
                case "promises": ["commitment": "甲", "dueOn": "2026-03-05"]
                default: Self.full(number)["attachments"]?[0] ?? .null
                }
            let params = City.result(number).setting(field, to: .array(Array(repeating: item, count: count)))
            let error = await city.refusal("handling.fileResult", params, as: .unit("housing"))
            #expect(error?.code == -32602 && error?.firstPath == field)
        }
    }

    @Test(arguments: ["partly", "unresolved"]) func whatIsNotResolvedSaysWhyNot(resolution: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let params = City.result(number).setting("resolution", to: JSONValue(resolution)).setting(
                "unresolvedReason", to: "需跨区协调")
            #expect(try await city.call("handling.fileResult", params, as: .unit("housing"))["status"] == "reported")
        }
    }

    @Test(arguments: [
        "已收悉。", "您好，您的留言已收悉，感谢您的来信！", "已转办", "已转交相关部门办理。", "您反映的问题已转交相关部门处理，感谢您的理解与支持！",
        "正在调查", "您好，您反映的问题正在调查处理中，请耐心等待。", "该事项不属于我单位职责。", "不属于我局职责范围", "Received.", "FORWARDED", "Under investigation",
        "。。。", "尊敬的网友：您好！您反映的情况我们已收到，正在核实，感谢您的关注。",
    ])
    func interimWordsAreNoResult(reply: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let error = await city.refusal(
                "handling.fileResult", City.result(number, reply: reply), as: .unit("housing"))
            #expect(error?.code == 1011 && error?.reason == "notAResult")
        }
    }

    @Test(arguments: [
        "已收悉。经查，工地已停工整改。", "该问题已处理完毕。", "经核实不属实。", "不属于我单位职责，已协调城管局于3月2日清运完毕。", "已转办住建局，该局已于当日责令停工。",
    ])
    func aResultMaySayThemBesideWhatWasDone(reply: String) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            try await city.call("handling.fileResult", City.result(number, reply: reply), as: .unit("housing"))
        }
    }

    @Test func onlyTheLeadUnitFilesIt() async throws {
        try await City.with { city in
            var life = City.Life()
            life.coUnits = ["transport"]
            let number = try await city.bring(to: .claimed, life)
            #expect(
                await city.refusal("handling.fileResult", City.result(number), as: .unit("transport"))?.reason
                    == "notLeadUnit")
            #expect(
                await city.refusal("handling.fileResult", City.result(number), as: .unit("city"))?.reason
                    == "notLeadUnit")
            #expect(await city.refusal("handling.fileResult", City.result(number), as: .unit("north"))?.code == 1001)
            #expect(
                await city.refusal("handling.fileResult", City.result("202603-999999999"), as: .unit("housing"))?.code
                    == 1001)
        }
    }

    @Test func anOverdueResultIsTakenAndStaysLate() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            city.clock.set("2026-03-12T00:00:00+08:00")
            try await city.call("handling.fileResult", City.result(number), as: .unit("housing"))
            let isLate = try await city.sql { db in
                try db.value("SELECT filed_at > due_at FROM handling.results") as Bool
            }
            #expect(isLate)
        }
    }

    @Test func itKeepsThePromisesOfEveryMutation() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            city.clock.advance(seconds: 3600)
            let mutation = Mutation(
                "handling.fileResult", Self.full(number), as: .unit("housing"), other: City.result(number),
                and: "handling.addProgress", ["caseNumber": JSONValue(number), "note": "已核查"])
            #expect(try await city.brokenPromises(of: mutation, on: number) == [])
        }
    }
}

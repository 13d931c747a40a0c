import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct GetTests {
    /// CONTRACT: what a source reads.
    static let sourceFields: Set<String> = [
        "caseNumber", "status", "version", "channel", "externalId", "type", "title", "body", "urgency", "registeredAt",
        "holder",
        "lamp", "dueAt", "publicReply", "timeline",
    ]

    @Test(arguments: [
        CaseStatus.registered, .dispatched, .claimed, .reported, .approved, .replied, .closed, .declined, .archived,
    ])
    func aSourceReadsThePublicViewAndNothingElse(_ status: CaseStatus) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let view = try await city.get(number, as: .source)
            #expect(view.nameSet.isSubset(of: Self.sourceFields), "\(view.nameSet)")
            var absent: Set<String> = []
            if [.registered, .replied, .closed, .declined, .archived].contains(status) { absent.insert("dueAt") }
            if [.closed, .declined, .archived].contains(status) { absent.insert("lamp") }
            if [.registered, .dispatched, .claimed, .reported].contains(status) { absent.insert("publicReply") }
            #expect(Self.sourceFields.subtracting(view.nameSet) == absent)
            for entry in view["timeline"]?.elements ?? [] {
                #expect(entry["person"] == nil)
                let action = CaseAction(rawValue: entry["action"]?.stringValue ?? "")
                #expect(action?.isPublic == true, "\(action?.rawValue ?? "?")")
                if entry["note"] != nil { #expect([.confirmPublication, .confirmDecline].contains(action)) }
            }
        }
    }

    @Test func aSourceReadsWhenTheReplyIsDueAndTheDesksWhenTheHoldersTimeEnds() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            // Seven working days for the unit, then 2 + 1 for the desks: 11 March, 13 March, 16 March (a Monday).
            #expect(try await city.get(number, as: .source)["dueAt"] == "2026-03-16T23:59:59+08:00")
            for who in [Who.registrar, .office, .unit("housing"), .supervisor, .auditor, .leader] {
                #expect(try await city.get(number, as: who)["dueAt"] == "2026-03-11T23:59:59+08:00", "\(who)")
            }
        }
    }

    @Test func numbersThatIdentifyAreMaskedForSourcesAndNotForTheDesks() async throws {
        try await City.with { city in
            let params = Message.params(
                "x", ["title": "请回电13800138000", "body": "身份证43100119900101123X，固话0735-2881234，手机１３８ ００１３ ８０００"])
            let number = try await city.call("intake.register", params, as: .source)["caseNumber"]?.stringValue ?? ""
            let shown = try await city.get(number, as: .source)
            #expect(shown["title"] == "请回电***********")
            #expect(shown["body"] == "身份证******************，固话****-*******，手机*** **** ****")
            let filed = try await city.get(number)
            #expect(filed["title"] == params["title"] && filed["body"] == params["body"])
        }
    }

    @Test func unitsSeeTheirOwnAndThoseBeneathThem() async throws {
        try await City.with { city in
            var life = City.Life()
            (life.lead, life.coUnits) = ("north-housing", ["transport"])
            let number = try await city.bring(to: .claimed, life)
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            for id in ["north-housing", "transport", "north", "city"] {
                #expect(await city.code("intake.get", c, as: .unit(id)) == nil, "\(id)")
            }
            for id in ["north-town", "housing-roads"] {
                #expect(await city.code("intake.get", c, as: .unit(id)) == 1001, "\(id)")
            }
            let registered = try await city.bring(to: .registered)
            #expect(await city.code("intake.get", ["caseNumber": JSONValue(registered)], as: .unit("city")) == 1001)
        }
    }

    @Test func whoMayNotReadCasesIsToldSoAndWhoMayNotSeeOneIsNot() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .dispatched)
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            for who in [Who.observer, .admin] {
                #expect(await city.code("intake.get", c, as: who) == -32003, "\(who)")
                #expect(await city.code("intake.search", as: who) == -32003, "\(who)")
                #expect(await city.code("intake.changes", as: who) == -32003, "\(who)")
            }
            #expect(await city.code("intake.get", c, as: .nobody) == -32001)
            let hidden = await city.refusal("intake.get", c, as: .otherSource)
            let unknown = await city.refusal("intake.get", ["caseNumber": "202603-999999999"], as: .otherSource)
            let strange = await city.refusal("intake.get", ["caseNumber": "x"], as: .otherSource)
            for error in [hidden, unknown, strange] {
                #expect(error?.code == 1001 && error?.detail == hidden?.detail && error?.reason == hidden?.reason)
                #expect(error?.extra == hidden?.extra)
            }
        }
    }

    @Test(arguments: ["report", "confidential"])
    func unitsReadOnlyTheUnitTextOfAWithheldCase(_ kind: String) async throws {
        try await City.with { city in
            var life = City.Life()
            if kind == "report" { life.type = "report" }
            life.petitioner = [
                "name": "张三丰", "phone": "13900001234", "confidential": JSONValue(kind == "confidential"),
            ]
            life.more = ["attachments": [Message.attachment("密照.jpg")]]
            let number = try await city.bring(to: .claimed, life)
            try await city.call(
                "intake.supplement",
                ["caseNumber": JSONValue(number), "text": "补充的密文", "attachments": [Message.attachment("密补.jpg")]],
                as: .source)
            for status in [CaseStatus.reported, .approved, .replied] { try await city.step(number, to: status, life) }
            try await city.call(
                "supervision.rate", ["caseNumber": JSONValue(number), "satisfaction": "satisfied", "reason": "评价的密文"],
                as: .source)
            let filed = try await city.get(number)
            let hidden = [
                "小区夜间施工", "老人小孩", "密照.jpg", "密补.jpg", "补充的密文", "评价的密文", "张三丰", filed["alias"]?.stringValue ?? "",
                filed["externalId"]?.stringValue ?? "",
            ]
            for unit in ["housing", "city"] {
                let view = try await city.get(number, as: .unit(unit))
                #expect(view["body"] == "有群众反映夜间施工噪声。")
                #expect(view.nameSet.isDisjoint(with: ["title", "attachments", "alias", "externalId"]))
                let list = try await city.call("intake.search", as: .unit(unit))
                #expect(list["items"]?.elements?.count == 1)
                let feed = try await city.call("intake.changes", as: .unit(unit))
                for text in hidden where !text.isEmpty {
                    #expect(
                        !view.json.contains(text) && !list.json.contains(text) && !feed.json.contains(text), "\(text)")
                }
            }
            #expect(filed["title"] == "小区夜间施工噪声扰民" && filed["unitText"] == "有群众反映夜间施工噪声。")
            #expect(filed["attachments"]?.elements?.count == 1)
        }
    }

    @Test func aLeaderSeesTheTerritory() async throws {
        try await City.with { city in
            for (division, isSeen) in [
                ("439901", true), ("439901001", true), ("439902", false), ("4399", false), (nil, false),
            ] as [(String?, Bool)] {
                var life = City.Life()
                if let division { life.more = ["divisionCode": JSONValue(division)] }
                let (number, _) = try await city.register(life)
                let c: JSONValue = ["caseNumber": JSONValue(number)]
                #expect(
                    await city.code("intake.get", c, as: .northLeader) == (isSeen ? nil : 1001), "\(division ?? "none")"
                )
                #expect(await city.code("intake.get", c, as: .leader) == nil)
            }
            #expect(try await city.call("intake.search", as: .northLeader)["items"]?.elements?.count == 2)
            #expect(try await city.call("intake.search", as: .leader)["items"]?.elements?.count == 5)
        }
    }

    /// What was refused showed nothing: reading is logged, not asking.
    @Test func whatTheAuditorReadIsLogged() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .archived)
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            let reads: [(String, JSONValue)] = [
                ("intake.get", c), ("intake.search", [:]), ("intake.changes", [:]), ("supervision.explainDeadline", c),
                ("archive.get", c), ("archive.verify", c), ("intake.vocabulary", [:]),
            ]
            for (method, params) in reads { try await city.call(method, params, as: .auditor) }
            #expect(await city.code("intake.get", ["caseNumber": "202603-999999999"], as: .auditor) == 1001)
            #expect(await city.code("intake.get", ["caseNumber": 1], as: .auditor) == -32602)
            _ = try await city.get(number, as: .office)
            let log = try await city.sql { db in
                try db.rows(
                    """
                    SELECT concat_ws(' ', method, case_number) AS line
                    FROM ledger.read_log l JOIN ledger.clients c USING (client_id)
                    WHERE c.role = 'auditor'
                    ORDER BY read_id
                    """
                ) { try $0["line"] as String }
            }
            #expect(log == reads.map { $0.1.members?.isEmpty == true ? $0.0 : "\($0.0) \(number)" })
            #expect(try await city.count("ledger.read_log") == reads.count)
        }
    }
}

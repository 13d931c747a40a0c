import Domain
import JSONRPC
import Postgres
import ServiceKit
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct SealTests {
    static let statuses: [(CaseStatus, Int?)] = [
        (.registered, 1002), (.dispatched, 1002), (.claimed, 1002), (.reported, 1002), (.approved, 1002),
        (.replied, 1002), (.closed, nil),
        (.declined, nil), (.archived, 1010),
    ]

    @Test(arguments: statuses)
    func onlyWhatIsOverIsSealed(_ status: CaseStatus, _ code: Int?) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let before = try await city.everything()
            let error = await city.refusal("archive.seal", ["caseNumber": JSONValue(number)], as: .admin)
            #expect(error?.code == code)
            if code != nil { #expect(try await city.everything() == before) }
        }
    }

    @Test func theAnswerSaysWhereTheFileLies() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .closed)
            try await city.deliverEvents()
            #expect(try await city.count("archive.waiting") == 1)
            let answer = try await city.call(
                "archive.seal", ["caseNumber": JSONValue(number), "idempotencyKey": "s1"], as: .service)
            #expect(answer.nameSet == ["caseNumber", "status", "version", "sha256", "day", "position"])
            #expect(
                answer["status"] == "archived" && answer["version"] == 8 && answer["position"] == 1
                    && answer["day"] == "2026-03-02")
            #expect(try await city.count("archive.waiting") == 0)
            #expect(
                try await city.call(
                    "archive.seal", ["caseNumber": JSONValue(number), "idempotencyKey": "s1"], as: .service) == answer)
            let view = try await city.get(number)
            #expect(view["holder"]?["party"] == "archive" && view["lamp"] == nil)
            #expect(view["timeline"]?.elements?.last?["action"] == "seal")
        }
    }

    @Test func outsideOfTestsNobodySealsByHand() async throws {
        try await City.with(isTest: false) { city in
            let number = try await city.bring(to: .closed)
            let before = try await city.everything()
            for who in [Who.admin, .office, .registrar, .supervisor, .auditor, .unit("housing"), .source] {
                #expect(await city.code("archive.seal", ["caseNumber": JSONValue(number)], as: who) == -32003, "\(who)")
            }
            #expect(try await city.everything() == before)
            #expect(await city.code("archive.seal", ["caseNumber": JSONValue(number)], as: .service) == nil)
        }
    }

    @Test func theDocumentIsCanonicalAndItsDigestIsRight() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .archived)
            let (document, digest, server) = try await city.sql { db in
                try db.one("SELECT document, sha256, sha256(convert_to(document, 'UTF8')) AS server FROM archive.files")
                {
                    (try $0["document"] as String, try $0["sha256"] as [UInt8], try $0["server"] as [UInt8])
                }
            }
            let bytes = Array(document.utf8)
            let canonical = try JSONValue(parsing: bytes).canonical()
            #expect(canonical == bytes)
            #expect(Secrets.sha256(bytes) == digest && server == digest)
        }
    }

    /// Two rounds, a supplement, an instruction, a rating: every paper of them is in the file, the petitioner as an alias.
    @Test func theFileHoldsEveryPaperAndTheAliasOnly() async throws {
        try await City.with { city in
            var life = City.Life()
            life.petitioner = [
                "name": "欧阳静怡", "phone": "13900001234", "contact": "wechat-ouyang", "account": "user-ouyang",
            ]
            life.coUnits = ["transport"]
            life.more = [
                "attachments": [
                    [
                        "name": "照片", "mediaType": "image/png", "bytes": 7,
                        "sha256": JSONValue(String(repeating: "ab", count: 32)), "url": "https://example.org/1",
                    ]
                ], "location": ["latitude": 25, "longitude": 113],
            ]
            let (number, _) = try await city.register(life)
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            for status in [CaseStatus.dispatched, .claimed] { try await city.step(number, to: status, life) }
            try await city.call(
                "assignment.instruct", c.with(["text": "从速办理", "leader": ["name": "何市长", "title": "市长"]]), as: .leader)
            try await city.call("intake.supplement", c.with(["text": "补充情况"]), as: .source)
            try await city.call("handling.fileOpinion", c.with(["opinion": "拟立即查处"]), as: .unit("housing"))
            try await city.call("handling.fileCoResult", c.with(["account": "已配合拦车"]), as: .unit("transport"))
            for status in [CaseStatus.reported, .approved, .replied] { try await city.step(number, to: status, life) }
            try await city.call(
                "supervision.rate", c.with(["satisfaction": "dissatisfied", "reason": "还在施工"]), as: .source)
            for status in [CaseStatus.reported, .approved, .replied, .closed, .archived] {
                try await city.step(number, to: status, life)
            }
            let document = try await city.call("archive.get", c, as: .auditor)["document"] ?? .null
            let kinds = document["papers"]?.elements?.compactMap { $0["kind"]?.stringValue } ?? []
            #expect(
                kinds == [
                    "filing", "letter", "claim", "instruction", "supplement", "coResult", "result", "review",
                    "publication", "rating", "result",
                    "review", "publication", "followUp",
                ])
            let view = try await city.get(number)
            #expect(document["timeline"]?.elements?.count == view["timeline"]?.elements?.count)
            #expect(
                document["case"]?["alias"] == view["alias"] && document["case"]?["rounds"] == 2
                    && document["case"]?["outcome"] == "closed")
            #expect(document["papers"]?[0]?["paper"]?["latitude"] == "25.0")
            for text in ["欧阳静怡", "13900001234", "wechat-ouyang", "user-ouyang"] {
                #expect(!document.json.contains(text), "\(text)")
            }
            for text in ["从速办理", "补充情况", "拟立即查处", "已配合拦车", "还在施工", "审定意见"] {
                #expect(document.json.contains(text), "\(text)")
            }
        }
    }

    @Test func aDeclinedCaseIsSealedWithItsGround() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .declined)
            try await city.call("archive.seal", ["caseNumber": JSONValue(number)], as: .admin)
            let document = try await city.call("archive.get", ["caseNumber": JSONValue(number)], as: .auditor)[
                "document"]
            #expect(document?["case"]?["outcome"] == "declined")
            #expect(
                document?["papers"]?[0]?["kind"] == "decline"
                    && document?["papers"]?[0]?["paper"]?["ground"] == "settled")
        }
    }

    @Test func nothingIsSealedByHandWhileAMatterIsOpen() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .closed)
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            let opened = try await city.call(
                "supervision.openAccountability",
                c.with(["unitId": "housing", "accountable": ["name": "吴局长", "title": "局长"], "ground": "x"]),
                as: .supervisor)
            let before = try await city.everything()
            for who in [Who.admin, .service] {
                let error = await city.refusal("archive.seal", c, as: who)
                #expect(error?.code == 1011 && error?.reason == "mattersOpen")
            }
            #expect(try await city.everything() == before)
            try await city.call(
                "supervision.recordAccountability",
                ["id": opened["id"] ?? .null, "outcome": "x", "decidedBy": "纪委", "documentNumber": "1"], as: .office)
            try await city.call("archive.seal", c, as: .admin)
            let file = try await city.call("archive.get", c, as: .auditor)
            #expect(file["retention"] == "permanent" && file["keepUntil"] == nil)
        }
    }

    @Test(arguments: [
        ("ordinary", "10y", "2036-12-31"), ("important", "30y", "2056-12-31"), ("critical", "permanent", nil),
    ])
    func theTermFollowsFromTheUrgency(_ urgency: String, _ term: String, _ until: String?) async throws {
        try await City.with { city in
            var life = City.Life()
            life.urgency = urgency
            let number = try await city.bring(to: .archived, life)
            let file = try await city.call("archive.get", ["caseNumber": JSONValue(number)], as: .auditor)
            #expect(file["retention"]?.stringValue == term && file["keepUntil"]?.stringValue == until)
        }
    }

    @Test func anInstructedCaseIsKeptForGoodAndThePolicyOfTheDayHolds() async throws {
        try await City.with { city in
            try await city.sql { db in
                try db.execute(
                    """
                    INSERT INTO ledger.policies (name, effective_from, value)
                    VALUES ('retention', '2026-03-03', '{"ordinary": "15y", "important": "30y", "critical": "permanent"}')
                    """)
            }
            let instructed = try await city.bring(to: .closed)
            try await city.call(
                "assignment.instruct",
                ["caseNumber": JSONValue(instructed), "text": "阅", "leader": ["name": "何市长", "title": "市长"]],
                as: .leader)
            let (first, second) = (try await city.bring(to: .closed), try await city.bring(to: .closed))
            for number in [instructed, first] { try await city.step(number, to: .archived) }
            city.clock.advance(days: 1)
            try await city.step(second, to: .archived)
            for (number, term) in [(instructed, "permanent"), (first, "10y"), (second, "15y")] {
                let file = try await city.call("archive.get", ["caseNumber": JSONValue(number)], as: .auditor)
                #expect(file["retention"]?.stringValue == term)
            }
        }
    }

    @Test func positionsHaveNoGapThoughManySealAtOnceAndSomeAreRefused() async throws {
        try await City.with { city in
            var closed: [String] = []
            for _ in 0..<8 { closed.append(try await city.bring(to: .declined)) }
            let open = try await city.bring(to: .registered)
            let positions = try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in closed + closed + [open, open] {
                    group.addTask {
                        while true {
                            do {
                                return try await city.call(
                                    "archive.seal", ["caseNumber": JSONValue(number)], as: .service)["position"]?
                                    .intValue
                            } catch let error as RPCError where error.code == -32050 {
                                await Task.yield()
                            } catch let error as RPCError where [1002, 1010].contains(error.code) {
                                return nil
                            }
                        }
                    }
                }
                return try await group.reduce(into: [Int]()) { all, position in if let position { all.append(position) }
                }
            }
            #expect(positions.sorted() == Array(1...8))
            let range: JSONValue = ["from": "2026-03-02", "to": "2026-03-02"]
            #expect(try await city.call("archive.verify", range, as: .auditor) == ["verified": true, "files": 8])
        }
    }

    @Test func anInstanceWhoseClockIsBehindKeepsTheDaysInOrder() async throws {
        try await City.with { city in
            let (first, second) = (try await city.bring(to: .declined), try await city.bring(to: .declined))
            city.clock.set("2026-04-02T00:00:00.500+08:00")
            try await city.call("archive.seal", ["caseNumber": JSONValue(first)], as: .service)
            city.clock.set("2026-04-01T23:59:59.900+08:00")
            let answer = try await city.call("archive.seal", ["caseNumber": JSONValue(second)], as: .service)
            #expect(answer["day"] == "2026-04-02" && answer["position"] == 2)
        }
    }
}

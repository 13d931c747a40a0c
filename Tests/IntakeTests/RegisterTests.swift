import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct RegisterTests {
    @Test func everyFieldOfAMessageIsKept() async throws {
        try await City.with { city in
            let (earlier, _) = try await city.register()
            let params = Message.params(
                "all",
                [
                    "type": "complaint", "urgency": "important", "category": "urban.noise", "divisionCode": "439901",
                    "about": ["transport", "north"], "relatedTo": JSONValue(earlier), "open": false, "address": "和平路1号",
                    "location": ["latitude": .number(JSONNumber(25.5) ?? 0), "longitude": 113],
                    "postedAt": "2026-03-02T08:00:00+08:00",
                    "capturedAt": "2026-03-02T00:30:00Z", "attachments": [Message.attachment()],
                    "petitioner": [
                        "name": "李四", "phone": "13800001111", "contact": "微信", "account": "u1", "confidential": true,
                    ],
                ])
            let answer = try await city.call("intake.register", params, as: .source)
            #expect(answer["status"] == "registered")
            #expect(answer["version"] == 1)
            #expect(answer["replayed"] == false)
            #expect(answer["changed"] == nil)
            #expect(answer["registeredAt"] == "2026-03-02T09:00:00+08:00")
            let code = answer["trackingCode"]?.stringValue ?? ""
            #expect(code.count == 12 && code.allSatisfy { "0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains($0) })

            let view = try await city.get(answer["caseNumber"]?.stringValue ?? "")
            let elsewhere = ["location", "open", "petitioner", "address", "postedAt", "capturedAt"]
            for member in params.members ?? [] where !elsewhere.contains(member.name.text) {
                #expect(view[member.name.text] == member.value, "\(member.name.text)")
            }
            #expect(view["confidential"] == true)
            #expect(view["holder"] == ["party": "registry", "name": "网管中心"])
            #expect(view["dueAt"] == "2026-03-03T23:59:59+08:00")
            #expect(view["alias"]?.stringValue?.hasPrefix("来信人") == true)
            let filed = try await city.sql { db in
                try db.one(
                    """
                    SELECT concat_ws(' ', f.address, f.latitude, f.longitude, extract(epoch FROM f.posted_at)::bigint,
                        extract(epoch FROM f.captured_at)::bigint, c.open) AS filed
                    FROM intake.filings f JOIN ledger.cases c USING (case_id)
                    """
                ) { try $0["filed"] as String }
            }
            #expect(filed == "和平路1号 25.5 113.0 1772409600 1772411400 f")
        }
    }

    @Test func aMessageThatSaysLittleIsOrdinaryHelpFromTheOpen() async throws {
        try await City.with { city in
            let answer = try await city.call("intake.register", Message.params("few"), as: .registrar)
            let view = try await city.get(answer["caseNumber"]?.stringValue ?? "")
            #expect(view["type"] == "help")
            #expect(view["urgency"] == "ordinary")
            #expect(view["confidential"] == false)
            #expect(view["about"] == [])
            #expect(try await city.count("ledger.cases WHERE open") == 1)
            #expect(try await city.count("intake.petitioners") == 0)
            #expect(try await city.count("intake.filings") == 0)
        }
    }

    @Test func aMessageThatIsKnownIsAnsweredAsAtFirstWithItsPresentStatus() async throws {
        try await City.with { city in
            let first = try await city.call("intake.register", Message.params("x"), as: .source)
            let number = first["caseNumber"]?.stringValue ?? ""
            try await city.step(number, to: .dispatched)
            city.clock.advance(seconds: 86_400)
            let before = try await city.everything()
            let again = try await city.call("intake.register", Message.params("x"), as: .source)
            #expect(again == first.with(["status": "dispatched", "version": 2, "replayed": true]).ordered(like: again))
            #expect(try await city.everything() == before)
        }
    }

    @Test func aChangedTextIsASupplementOnce() async throws {
        try await City.with { city in
            let number =
                try await city.call("intake.register", Message.params("x"), as: .source)["caseNumber"]?.stringValue
                ?? ""
            let changed = Message.params("x", ["body": "现在两盏都坏了。"])
            let answer = try await city.call("intake.register", changed, as: .source)
            #expect(answer["replayed"] == true && answer["changed"] == true && answer["version"] == 2)
            let again = try await city.call("intake.register", changed, as: .source)
            #expect(again["replayed"] == true && again["changed"] == nil && again["version"] == 2)
            let other = try await city.call("intake.register", changed.with(["title": "路灯还不亮"]), as: .source)
            #expect(other["changed"] == true && other["version"] == 3)
            let texts = try await city.sql { db in
                try db.rows("SELECT text FROM intake.supplements ORDER BY seq") { try $0["text"] as String }
            }
            #expect(texts == ["路灯不亮\n现在两盏都坏了。", "路灯还不亮\n现在两盏都坏了。"])
            let view = try await city.get(number)
            #expect(view["title"] == "路灯不亮" && view["body"] == "和平路的路灯坏了一周，请修理。")
            #expect(view["timeline"]?.elements?.map { $0["action"] } == ["register", "supplement", "supplement"])
        }
    }

    @Test(arguments: [CaseStatus.closed, .declined, .archived])
    func aChangedTextOfACaseThatIsOverChangesNothing(_ status: CaseStatus) async throws {
        try await City.with { city in
            let number = try await city.bring(to: status)
            let id = try await city.get(number)["externalId"] ?? .null
            let before = try await city.everything()
            let again = try await city.call("intake.register", Message.params("", ["externalId": id]), as: .source)
            #expect(again["replayed"] == true && again["changed"] == nil && again["caseNumber"] == JSONValue(number))
            #expect(again["status"] == JSONValue(status.rawValue))
            #expect(try await city.everything() == before)
        }
    }

    @Test func theNumberSaysTheMonthInChina() async throws {
        try await City.with { city in
            for (time, month) in [
                ("2026-03-31T15:59:59.999Z", "202603"), ("2026-03-31T16:00:00Z", "202604"),
                ("2026-12-31T16:00:00Z", "202701"),
            ] {
                city.clock.set(time)
                let (number, _) = try await city.register()
                #expect(number.hasPrefix(month + "-") && number.count == 16, "\(time) \(number)")
            }
        }
    }

    @Test func twinsAtTheSameTimeAreOneCase() async throws {
        try await City.with { city in
            let answers = try await city.atOnce(8) { _ in
                try await city.call("intake.register", Message.params("twin"), as: .source)
            }
            #expect(Set(answers.compactMap { $0["caseNumber"]?.stringValue }).count == 1)
            #expect(answers.count { $0["replayed"] == false } == 1)
            #expect(try await city.count("ledger.cases") == 1)
            #expect(try await city.count("ledger.timeline") == 1)
        }
    }

    @Test func twinsWithTheSameChangeAreOneSupplement() async throws {
        try await City.with { city in
            try await city.call("intake.register", Message.params("twin"), as: .source)
            let changed = Message.params("twin", ["body": "又坏了。"])
            let answers = try await city.atOnce(8) { _ in try await city.call("intake.register", changed, as: .source) }
            #expect(answers.count { $0["changed"] == true } == 1)
            #expect(try await city.count("intake.supplements") == 1)
            #expect(try await city.count("ledger.timeline") == 2)
        }
    }

    @Test func onlySourcesAndTheRegistryRegisterAndSourcesOnlyOnTheirChannels() async throws {
        try await City.with { city in
            let before = try await city.everything()
            #expect(
                await city.code("intake.register", Message.params("x", ["channel": "mailbox"]), as: .source) == -32003)
            #expect(await city.code("intake.register", Message.params("x"), as: .otherSource) == -32003)
            for who in [Who.office, .leader, .supervisor, .auditor, .observer, .admin, .unit("housing"), .service] {
                #expect(await city.code("intake.register", Message.params("x"), as: who) == -32003, "\(who)")
            }
            #expect(await city.code("intake.register", Message.params("x"), as: .nobody) == -32001)
            #expect(try await city.everything() == before)
            #expect(
                await city.code("intake.register", Message.params("x", ["channel": "mailbox"]), as: .registrar) == nil)
        }
    }

    @Test func whatDoesNotExistIsNamedByItsPath() async throws {
        try await City.with { city in
            let before = try await city.everything()
            let unknown: [(KeyValuePairs<String, JSONValue>, String)] = [
                (["channel": "nowhere"], "channel"), (["category": "nothing"], "category"),
                (["divisionCode": "9"], "divisionCode"),
                (["about": ["transport", "nobody"]], "about[1]"), (["relatedTo": "202603-999999999"], "relatedTo"),
                (["relatedTo": "not a number"], "relatedTo"),
            ]
            for (changes, path) in unknown {
                let error = await city.refusal("intake.register", Message.params("x", changes), as: .registrar)
                #expect(error?.code == 1009 && error?.paths == [path], "\(path)")
            }
            #expect(try await city.everything() == before)
        }
    }

    @Test(arguments: ["postedAt", "capturedAt"])
    func aMessageMayComeFromFiveMinutesAheadAndNoMore(_ field: String) async throws {
        try await City.with { city in
            let params = Message.params("x")
            func at(_ time: JSONValue) -> JSONValue {
                .object((params.members ?? []) + [JSONMember(JSONString(field), time)])
            }
            for time in ["2026-03-02T09:05:00.001+08:00", "2026-03-02T01:06:00Z", "2099-01-01T00:00:00Z"] as [JSONValue]
            {
                let error = await city.refusal("intake.register", at(time), as: .source)
                #expect(error?.code == -32602 && error?.paths == [field], "\(time)")
            }
            #expect(await city.code("intake.register", at("2026-03-02T09:05:00+08:00"), as: .source) == nil)
        }
    }
}

extension JSONValue {
    /// The same members in the order in which `other` has them.
    func ordered(like other: JSONValue) -> JSONValue {
        let names = (other.members ?? []).map(\.name)
        return .object(
            (members ?? []).sorted { (names.firstIndex(of: $0.name) ?? 99) < (names.firstIndex(of: $1.name) ?? 99) })
    }
}

extension City {
    /// Runs `body` so many times at once; what is refused because a twin holds the key is tried again.
    func atOnce(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> JSONValue) async throws -> [JSONValue] {
        try await withThrowingTaskGroup(of: JSONValue.self) { group in
            for index in 0..<count {
                group.addTask {
                    while true {
                        do { return try await body(index) } catch let error as RPCError
                            where [-32009, -32050].contains(error.code)
                        {
                            await Task.yield()
                        }
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}

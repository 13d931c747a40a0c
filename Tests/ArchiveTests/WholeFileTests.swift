import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

/// "Sealing writes the whole file": whatever anybody did to a case, and whatever supervision did against its holder, is in
/// it.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct WholeFileTests {
    /// A life with everything in it, up to the closing. The lead lets its date pass, and the reply is refused once.
    private static func live(_ city: City) async throws -> (number: String, member: String) {
        var life = City.Life()
        life.coUnits = ["transport"]
        life.petitioner = ["name": "欧阳静怡", "phone": "13900001234", "contact": "wechat-ouyang"]
        let (number, _) = try await city.register(life)
        let (member, _) = try await city.register()
        let c: JSONValue = ["caseNumber": JSONValue(number)]
        let (lead, co) = (Who.unit("housing"), Who.unit("transport"))
        try await city.call(
            "intake.classify", c.with(["proposal": "拟交住建办理", "proposedUnitId": "housing"]), as: .registrar)
        try await city.call(
            "intake.merge", ["caseNumber": JSONValue(member), "into": JSONValue(number)], as: .registrar)
        try await city.step(number, to: .dispatched, life)
        try await city.call("assignment.requestReturn", City.returned(number), as: lead)
        try await city.call("assignment.decideReturn", c.with(["decision": "deny", "ground": "职责明确不准退"]), as: .office)
        try await city.step(number, to: .claimed, life)
        try await city.call("assignment.objectCoOrder", c.with(["ground": "协办异议理由"]), as: co)
        try await city.call(
            "assignment.decideCoObjection", c.with(["unitId": "transport", "decision": "deny"]), as: .office)
        try await city.call("handling.fileOpinion", c.with(["opinion": "拟立即查处"]), as: lead)
        try await city.call("handling.addProgress", c.with(["note": "已到现场"]), as: lead)
        try await city.call("handling.askPetitioner", c.with(["question": "请问具体在几号楼？"]), as: lead)
        try await city.call("intake.supplement", c.with(["text": "在三号楼"]), as: .source)
        try await city.call(
            "assignment.instruct", c.with(["text": "从速办理", "leader": ["name": "何市长", "title": "市长"]]), as: .leader)
        try await city.call(
            "assignment.requestExtension",
            c.with(["until": "2026-03-13", "reason": "案情复杂", "legalBasis": "规定第五条", "interimReply": "正在核查"]), as: lead)
        try await city.call(
            "assignment.decideExtension", c.with(["decision": "refuse", "ground": "理由不足"]), as: .office)
        try await city.call("supervision.urge", c.with(["text": "请抓紧办理"]), as: .supervisor)
        try await city.call("intake.revealIdentity", c.with(["purpose": "contact"]), as: lead)
        try await city.call("handling.fileCoResult", c.with(["account": "已配合拦车"]), as: co)
        city.clock.set("2026-03-12T09:00:00+08:00")
        try await city.sweep()
        let cards = try await city.call("supervision.steps", c.with(["card": "yellow"]), as: lead)
        try await city.call(
            "supervision.fileExplanation",
            ["cardId": cards["items"]?[0]?["card"]?["cardId"] ?? .null, "unitId": "housing", "text": "因现场勘验延误"],
            as: lead)
        for satisfaction in ["dissatisfied", "satisfied"] {
            let promise: [JSONValue] = [["commitment": "四月底前装好隔音屏", "dueOn": "2026-04-30"]]
            try await city.call(
                "handling.fileResult", City.result(number).with(["promises": .array(promise)]), as: lead)
            for status in [CaseStatus.approved, .replied] { try await city.step(number, to: status) }
            try await city.call("supervision.recordFollowUp", City.followUp(number, "unreachable"), as: .supervisor)
            try await city.call(
                "supervision.rate",
                c.with(["satisfaction": JSONValue(satisfaction), "resolution": "partly", "reason": "评价理由"]), as: .source
            )
        }
        return (number, member)
    }

    /// What must be settled before the file is sealed.
    private static func settle(_ city: City, _ number: String) async throws {
        let c: JSONValue = ["caseNumber": JSONValue(number)]
        let promises = try await city.call("supervision.promises", c, as: .supervisor)
        try await city.call(
            "supervision.settlePromise",
            ["promiseId": promises["items"]?[0]?["promiseId"] ?? .null, "outcome": "kept", "evidence": "现场验收照片"],
            as: .supervisor)
        try await city.call(
            "supervision.requestExclusion", c.with(["measures": ["responseRate"], "ground": "剔除理由"]), as: .supervisor)
        try await city.call(
            "supervision.decideExclusion", c.with(["decision": "grant", "ground": "裁定理由"]), as: .office)
        let opened = try await city.call(
            "supervision.openAccountability",
            c.with(["unitId": "housing", "accountable": ["name": "吴局长", "title": "局长"], "ground": "问责理由"]),
            as: .supervisor)
        try await city.call(
            "supervision.recordAccountability",
            ["id": opened["id"] ?? .null, "outcome": "诫勉谈话", "decidedBy": "市纪委", "documentNumber": "郴纪〔2026〕3号"],
            as: .office)
    }

    @Test func everythingThatWasDoneIsInTheFileAndNobodysIdentity() async throws {
        try await City.with { city in
            let (number, member) = try await Self.live(city)
            try await Self.settle(city, number)
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            let steps = try await city.call("supervision.steps", c, as: .auditor)["items"]?.elements ?? []
            try await city.call("archive.seal", c, as: .admin)
            let document = try await city.call("archive.get", c, as: .auditor)["document"] ?? .null
            let papers = document["papers"]?.elements ?? []
            let kinds = papers.reduce(into: [:]) { $0[$1["kind"]?.stringValue ?? "", default: 0] += 1 }
            #expect(
                kinds == [
                    "letter": 1, "return": 1, "ruling": 1, "claim": 1, "supplement": 1, "instruction": 1,
                    "extensionRequest": 1, "extensionDecision": 1, "coResult": 1, "step": 3, "explanation": 1,
                    "result": 2,
                    "review": 2, "publication": 2, "followUp": 2, "rating": 2, "promise": 1, "exclusion": 1,
                    "accountability": 1,
                ])
            for text in [
                "拟交住建办理", "职责明确不准退", "协办异议理由", "拟立即查处", "已到现场", "请问具体在几号楼？", "在三号楼", "从速办理", "案情复杂",
                "理由不足", "请抓紧办理", "已配合拦车", "因现场勘验延误", "四月底前装好隔音屏", "评价理由", "现场验收照片", "剔除理由", "裁定理由",
                "问责理由", "诫勉谈话", "郴纪〔2026〕3号", "配合核查",
            ] { #expect(document.json.contains(text), "\(text)") }
            for text in ["欧阳静怡", "13900001234", "wechat-ouyang"] { #expect(!document.json.contains(text), "\(text)") }
            let head = try #require(document["case"])
            #expect(head["members"] == [JSONValue(member)] && head["masters"] == [] && head["master"] == nil)
            #expect(head["coOrders"]?[0]?["unitId"] == "transport" && head["coOrders"]?[0]?["status"] == "done")
            #expect(head["proposedUnitId"] == "housing" && head["hasConflictGround"] == false)
            // A step as it is listed, with its card; the explanation to it, and who signed it.
            let filed = papers.filter { $0["kind"] == "step" }.compactMap { $0["paper"] }
            #expect(filed.map { $0["stepId"] } == steps.reversed().map { $0["stepId"] })
            for (paper, step) in zip(filed, steps.reversed()) {
                for name in ["step", "stage", "round", "holder", "unitId", "addressee", "dueAt", "at"] {
                    #expect(paper[name] == step[name], "\(name)")
                }
                #expect(paper["card"]?["explainBy"] == step["card"]?["explainBy"])
            }
            let explanation = papers.first { $0["kind"] == "explanation" }
            #expect(explanation?["paper"]?["cardId"] == filed.last?["card"]?["cardId"])
            // Papers stand in the order of the entries, and each has its entry.
            let places = papers.compactMap { $0["seq"]?.intValue }
            let entries = document["timeline"]?.elements?.compactMap { $0["seq"]?.intValue } ?? []
            #expect(places == places.sorted() && Set(places).isSubset(of: entries))
        }
    }

    @Test func aMembersFileNamesItsMaster() async throws {
        try await City.with { city in
            let (number, member) = try await Self.live(city)
            try await city.sweep()
            for status in [CaseStatus.replied, .closed] { try await city.step(member, to: status) }
            try await city.step(member, to: .archived)
            let c: JSONValue = ["caseNumber": JSONValue(member)]
            let head = try await city.call("archive.get", c, as: .auditor)["document"]?["case"]
            #expect(head?["master"] == JSONValue(number) && head?["masters"] == [JSONValue(number)])
        }
    }

    /// With steps and explanations in it a file is verified, exported and proved as any other.
    @Test func itIsVerifiedAndExportedLikeAnyOther() async throws {
        try await City.with { city in
            let (number, _) = try await Self.live(city)
            try await Self.settle(city, number)
            try await city.step(number, to: .archived)
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            #expect(try await city.call("archive.verify", c, as: .auditor)["verified"] == true)
            city.clock.advance(days: 1)
            try await city.sweep()
            let package = try await Packages.fetch(city, try await Packages.export(city, "2026-03-12", "2026-03-12"))
            try Packages.unpacked(package) { folder in
                let answer = try Packages.verify(folder)
                #expect(answer.status == 0 && answer.said.contains("OK: 1 files"), "\(answer.said)")
            }
        }
    }

    /// A case with more papers than a file holds waits, and keeps no other from being sealed.
    @Test func whatCannotBeSealedWholeHoldsNothingElseUp() async throws {
        try await City.with { city in
            let much = try await city.bring(to: .closed)
            let other = try await city.bring(to: .closed)
            try await city.deliverEvents()
            try await city.sql { db in
                try db.execute(
                    """
                    INSERT INTO intake.supplements (case_id, seq, text, attachments, filed_at)
                    SELECT \(CaseNumber(unchecked: much).id ?? 0), n, '补充', '[]', now() FROM generate_series(1, 10000) AS n
                    """)
            }
            city.clock.advance(days: 31)
            try await city.sweep()
            #expect(try await city.get(other)["status"] == "archived")
            #expect(try await city.get(much)["status"] == "closed")
            #expect(try await city.count("archive.waiting WHERE sealable_after = '2026-04-03T00:00:00+08:00'") == 1)
            #expect(
                await city.refusal("archive.seal", ["caseNumber": JSONValue(much)], as: .admin)?.reason
                    == "tooManyPapers")
        }
    }
}

import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

/// An archived case does not change: not through any method, and not by SQL either.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct SealedCaseTests {
    private static let person: JSONValue = ["name": "周主任", "title": "科长"]

    private static func changes(_ number: String) -> [(String, JSONValue, Who)] {
        let c: JSONValue = ["caseNumber": JSONValue(number)]
        return [
            ("intake.classify", c.with(["category": "urban"]), .registrar),
            ("intake.proposeDecline", c.with(["ground": "settled", "explanation": "x"]), .registrar),
            ("intake.confirmDecline", c, .office), ("intake.recall", c.with(["reason": "x"]), .office),
            ("intake.merge", c.with(["into": JSONValue(number)]), .registrar),
            ("intake.unmerge", c.with(["reason": "x"]), .registrar),
            ("intake.withdraw", c.with(["reason": "x"]), .source),
            ("intake.supplement", c.with(["text": "x"]), .source),
            ("assignment.dispatch", c.with(["leadUnitId": "housing"]), .office),
            ("assignment.claim", c.with(["responsiblePerson": person]), .unit("housing")),
            ("assignment.requestReturn", City.returned(number), .unit("housing")),
            ("assignment.decideReturn", c.with(["decision": "deny", "ground": "x"]), .office),
            ("assignment.reassign", c.with(["leadUnitId": "north", "ground": "wrongUnit", "note": "x"]), .office),
            (
                "assignment.requestExtension",
                c.with(["until": "2026-03-16", "reason": "x", "legalBasis": "x", "interimReply": "x"]), .unit("housing")
            ),
            ("assignment.decideExtension", c.with(["decision": "grant", "ground": "x"]), .office),
            ("assignment.addCoOrder", c.with(["unitId": "north", "task": "x"]), .office),
            ("assignment.withdrawCoOrder", c.with(["unitId": "north", "reason": "x"]), .unit("housing")),
            ("assignment.objectCoOrder", c.with(["ground": "x"]), .unit("housing")),
            ("assignment.decideCoObjection", c.with(["unitId": "north", "decision": "deny"]), .office),
            ("assignment.changeUrgency", c.with(["urgency": "critical", "ground": "x"]), .office),
            ("assignment.changeResponsible", c.with(["responsiblePerson": person, "reason": "x"]), .unit("housing")),
            ("assignment.instruct", c.with(["text": "x", "leader": person]), .leader),
            ("handling.fileOpinion", c.with(["opinion": "x"]), .unit("housing")),
            ("handling.addProgress", c.with(["note": "x"]), .unit("housing")),
            ("handling.askPetitioner", c.with(["question": "x"]), .unit("housing")),
            ("handling.resume", c.with(["note": "x"]), .unit("housing")),
            ("handling.fileCoResult", c.with(["account": "x"]), .unit("housing")),
            ("handling.fileResult", City.result(number), .unit("housing")),
            ("handling.review", City.review(number, "approve"), .office),
            ("handling.withdrawApproval", c.with(["reason": "x"]), .office),
            ("handling.confirmPublication", c.with(["way": "phone", "at": "2026-03-02T09:00:00+08:00"]), .registrar),
            ("supervision.recordFollowUp", City.followUp(number, "satisfied"), .supervisor),
            ("supervision.rate", c.with(["satisfaction": "dissatisfied"]), .source),
            ("supervision.ruleRound", c.with(["decision": "closeExplained", "ground": "x"]), .office),
            ("supervision.reopen", c.with(["reason": "x"]), .supervisor),
            ("supervision.confirmWithdrawal", c.with(["note": "x"]), .supervisor),
            ("supervision.requestExclusion", c.with(["measures": ["claimRate"], "ground": "x"]), .unit("housing")),
            ("supervision.decideExclusion", c.with(["decision": "grant", "ground": "x"]), .office),
            (
                "supervision.openAccountability",
                c.with(["unitId": "housing", "accountable": person, "ground": "x"]), .supervisor
            ),
            ("supervision.urge", c.with(["text": "x"]), .supervisor), ("archive.seal", c, .service),
        ]
    }

    @Test func everyMethodIsToldThatTheFileIsSealed() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .archived)
            let changes = Self.changes(number)
            // All actions that this version serves; the registration makes a case and changes none.
            #expect(Set(changes.map(\.0)) == Set(CaseAction.served.subtracting([.register]).compactMap(\.method)))
            let before = try await city.everything()
            for (method, params, who) in changes {
                let error = await city.refusal(method, params, as: who)
                #expect(error?.code == 1010 && error?.reason == "sealed", "\(method) \(error?.code ?? 0)")
                // Also where version and key would say something else.
                let more = params.with(["expectedVersion": 1, "idempotencyKey": "k"])
                #expect(await city.code(method, more, as: who) == 1010, "\(method)")
            }
            #expect(try await city.everything() == before)
        }
    }

    @Test(arguments: ["intake", "assignment", "handling", "supervision", "archive"])
    func noProgramsRoleCanChangeItBySQL(_ service: String) async throws {
        try await City.with { city in
            _ = try await city.bring(to: .archived)
            let before = try await city.everything()
            let updates = ["status = 'claimed'", "title = 'x'", "version = version + 1", "case_id = case_id"].map {
                "UPDATE ledger.cases SET \($0)"
            }
            let others = [
                "DELETE FROM ledger.cases", "UPDATE ledger.timeline SET note = 'x'", "DELETE FROM ledger.timeline",
                "UPDATE ledger.clock_facts SET at = now()", "UPDATE archive.files SET document = 'x'",
                "DELETE FROM archive.files",
                "TRUNCATE ledger.cases", "ALTER TABLE ledger.cases DISABLE TRIGGER ALL",
            ]
            let errors = try await Connection.open(city.database.setting("user", to: "renling_\(service)")) { db in
                (updates + others).map { statement in
                    do { try db.execute("\(raw: statement)") } catch { return error as? PostgresError }
                    return nil
                }
            }
            #expect(
                errors.prefix(updates.count).map { $0?.constraint } == updates.map { _ in "cases_archived_is_final" })
            #expect(errors.dropFirst(updates.count).map { $0?.sqlState } == others.map { _ in "42501" })
            #expect(try await city.everything() == before)
        }
    }
}

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

    /// What each program may do to papers of other cases, it may not do to those of this one.
    static let papers: [(service: String, sql: String)] = [
        ("intake", "UPDATE intake.filings SET address = 'x'"), ("intake", "UPDATE intake.petitioners SET sealed = 'x'"),
        ("intake", "INSERT INTO intake.supplements SELECT case_id, 99, 'x', '[]', now() FROM ledger.cases"),
        ("intake", "UPDATE intake.filings SET case_id = case_id + 1"),
        (
            "assignment",
            "INSERT INTO assignment.instructions (case_id, seq, text, leader, written_on) SELECT case_id, 99, 'x', '{}', now() FROM ledger.cases"
        ),
        (
            "handling",
            "INSERT INTO handling.co_results (case_id, seq, unit_id, account) SELECT case_id, 99, 'housing', 'x' FROM ledger.cases"
        ),
        (
            "supervision",
            """
            INSERT INTO supervision.follow_ups (case_id, seq, round, source, satisfaction, false_completion, counts, recorded_at)
            SELECT case_id, 99, 1, 'rating', 'satisfied', false, false, now() FROM ledger.cases
            """
        ),
        ("supervision", "UPDATE supervision.exclusions SET ground = 'x'"),
        ("supervision", "UPDATE supervision.promises SET commitment = 'x'"),
        (
            "supervision",
            """
            INSERT INTO supervision.steps (case_id, round, stage, step, started_at, ordinal, holder, due_at, taken_at)
            SELECT case_id, 1, 'review', 'urge', now(), 0, 'office', now(), now() FROM ledger.cases
            """
        ),
        ("supervision", "INSERT INTO supervision.step_marks SELECT step_id, now(), now() FROM supervision.steps"),
        (
            "supervision",
            """
            INSERT INTO supervision.explanations (unit_id, card_id, text, filed_at)
            SELECT 'housing', step_id, 'x', now() FROM supervision.steps
            """
        ),
    ]

    /// What every program may add to other cases.
    static let records = [
        """
        INSERT INTO ledger.timeline (case_id, seq, at, role, client_id, action, status_from, status_to, holder,
            note_is_public, channel, feed_position)
        SELECT case_id, seq + 1, at, role, client_id, action, status_from, status_to, holder, false, channel, feed_position
        FROM ledger.timeline WHERE action = 'seal'
        """,
        """
        INSERT INTO ledger.clock_facts (case_id, version, ordinal, kind, stage, at, urgency, calendar_version)
        SELECT case_id, version, ordinal + 50, kind, stage, at, urgency, calendar_version FROM ledger.clock_facts
        """,
    ]

    @Test func noPaperOfItIsAddedOrChangedBySQL() async throws {
        try await City.with { city in
            var life = City.Life()
            life.more = ["address": "人民路1号"]
            let number = try await city.bring(to: .closed, life)
            let c: JSONValue = ["caseNumber": JSONValue(number)]
            try await city.call(
                "supervision.requestExclusion", c.with(["measures": ["claimRate"], "ground": "x"]),
                as: .unit("housing"))
            try await city.call(
                "supervision.decideExclusion", c.with(["decision": "grant", "ground": "x"]), as: .office)
            try await city.sql { db in
                try db.execute(
                    """
                    INSERT INTO supervision.promises (case_id, seq, result_seq, ordinal, unit_id, commitment, due_on,
                        status, evidence, opened_at)
                    SELECT case_id, 1, 1, 1, 'housing', 'x', now(), 'kept', 'x', now() FROM ledger.cases
                    """)
                try db.execute(
                    """
                    INSERT INTO supervision.steps (case_id, round, stage, step, started_at, ordinal, holder, unit_id,
                        due_at, taken_at, card, explain_by)
                    SELECT case_id, 1, 'result', 'notice', now(), 0, 'leadUnit', 'housing', now(), now(), 'yellow', now()
                    FROM ledger.cases
                    """)
            }
            try await city.step(number, to: .archived)
            let before = try await city.everything()
            let services = ["intake", "assignment", "handling", "supervision", "archive"]
            let tried = Self.papers + services.flatMap { service in Self.records.map { (service: service, sql: $0) } }
            for (service, sql) in tried {
                let error = try await Connection.open(city.database.setting("user", to: "renling_\(service)")) { db in
                    do { try db.execute("\(raw: sql)") } catch { return error as? PostgresError }
                    return nil
                }
                #expect(error?.constraint == "archived_is_final", "\(service): \(sql) \(error?.message ?? "-")")
            }
            #expect(try await city.everything() == before)
        }
    }

    /// Whatever a sealed document is made of stays as it was sealed; a new table of papers needs the trigger too.
    @Test func everyTableOfPapersIsGuarded() async throws {
        try await City.with { city in
            let open = try await city.sql { db in
                try db.rows(
                    """
                    SELECT DISTINCT table_schema || '.' || table_name AS name
                    FROM information_schema.view_table_usage
                    WHERE view_name = 'papers' AND view_schema IN ('intake', 'assignment', 'handling', 'supervision')
                        AND NOT EXISTS (
                            SELECT FROM pg_trigger
                            WHERE tgname = 'archived_is_final'
                                AND tgrelid = format('%I.%I', table_schema, table_name)::regclass)
                    """
                ) { try $0["name"] as String }
            }
            #expect(open == [])
        }
    }

    @Test(arguments: ["intake", "assignment", "handling", "supervision", "archive", "gateway"])
    func theArchivesOwnTablesAreOnlyAddedTo(_ service: String) async throws {
        try await City.with { city in
            _ = try await city.bring(to: .archived)
            city.clock.advance(days: 1)
            try await city.sweep()
            let before = try await city.everything()
            let statements = ["files", "catalogue", "roots"].flatMap { table in
                [
                    "UPDATE archive.\(table) SET day = day + 1", "DELETE FROM archive.\(table)",
                    "TRUNCATE archive.\(table)",
                ]
            }
            let states = try await Connection.open(city.database.setting("user", to: "renling_\(service)")) { db in
                statements.map { statement in
                    do { try db.execute("\(raw: statement)") } catch { return (error as? PostgresError)?.sqlState }
                    return nil
                }
            }
            #expect(states == statements.map { _ in "42501" })
            #expect(try await city.everything() == before)
        }
    }
}

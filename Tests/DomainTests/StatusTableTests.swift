import Domain
import Testing

/// Holds `StatusTable` against `DomainTable`, DOMAIN's two tables written out a second time.
struct StatusTableTests {
    @Test func exactlyWhatTheTablesAllowIsAllowed() {
        var allowed: Set<DomainTable.Entry> = []
        for action in CaseAction.allCases {
            for status in CaseStatus.allCases {
                for role in Role.allCases where StatusTable.row(action, in: status, by: role) != nil {
                    allowed.insert(DomainTable.Entry(status: status, action: action, role: role))
                }
            }
        }
        #expect(allowed.subtracting(DomainTable.entries.keys) == [], "allowed, and in neither table")
        #expect(Set(DomainTable.entries.keys).subtracting(allowed) == [], "in a table, and refused")
    }

    @Test func everyPairLeadsWhereTheTablesSay() {
        for (entry, targets) in DomainTable.entries {
            let row = StatusTable.row(entry.action, in: entry.status, by: entry.role)
            #expect(row.map { Set($0.to ?? [entry.status]) } == targets, "\(entry)")
        }
    }

    @Test func everyStatusIsReachable() {
        var (reached, new) = (Set<CaseStatus>([.registered]), Set<CaseStatus>([.registered]))
        while !new.isEmpty {
            new = Set(StatusTable.rows.filter { !new.isDisjoint(with: $0.from) }.flatMap { $0.to ?? [] }).subtracting(
                reached)
            reached.formUnion(new)
        }
        #expect(reached == Set(CaseStatus.allCases))
        #expect(CaseStatus.allCases.count == 13)
    }

    @Test(arguments: CaseStatus.allCases)
    func onlyAnArchivedCaseHasNoExit(status: CaseStatus) {
        let exits = StatusTable.rows.contains { row in
            row.from.contains(status) && (row.to ?? []).contains { $0 != status }
        }
        #expect(exits == (status != .archived))
        #expect(StatusTable.rows.contains { $0.from.contains(status) } == (status != .archived))
    }

    @Test(arguments: CaseAction.allCases)
    func everyActionHasARole(action: CaseAction) {
        let roles = StatusTable.roles(of: action)
        #expect(roles == DomainTable.roles(of: action))
        #expect(roles.isEmpty == [.lapse, .follow, .saveCalendar].contains(action))
        #expect(!roles.contains(.system))
        #expect(roles.isDisjoint(with: [.auditor, .observer]), "who only reads changes nothing")
    }

    @Test func theMethodsOfARoleAreThoseServedAndAllowed() {
        for status in CaseStatus.allCases {
            for role in Role.allCases {
                let expected = DomainTable.entries.keys
                    .filter { $0.status == status && $0.role == role && CaseAction.served.contains($0.action) }
                    .compactMap(\.action.method).sorted()
                #expect(StatusTable.methods(in: status, for: role) == expected, "\(status), \(role)")
            }
        }
    }

    @Test(
        arguments: [
            (.registered, .office, ["assignment.dispatch", "assignment.instruct", "intake.confirmDecline"]),
            (
                .dispatched, .unit,
                [
                    "assignment.addCoOrder", "assignment.claim", "assignment.objectCoOrder", "assignment.requestReturn",
                    "assignment.withdrawCoOrder", "handling.fileCoResult", "supervision.requestExclusion",
                ]
            ),
            (
                .returning, .office,
                [
                    "assignment.changeUrgency", "assignment.decideReturn", "assignment.instruct",
                    "supervision.decideExclusion",
                ]
            ),
            (.reported, .unit, ["assignment.changeResponsible", "supervision.requestExclusion"]),
            (.reported, .office, ["assignment.instruct", "handling.review", "supervision.decideExclusion"]),
            (.approved, .source, ["handling.confirmPublication", "intake.supplement", "supervision.urge"]),
            (
                .replied, .supervisor,
                ["supervision.openAccountability", "supervision.recordFollowUp", "supervision.requestExclusion"]
            ), (.closed, .source, ["supervision.rate", "supervision.reopen"]),
            (.awaitingPetitioner, .source, ["intake.supplement", "intake.withdraw", "supervision.urge"]),
            (.merged, .registrar, ["intake.supplement", "intake.unmerge"]), (.declined, .supervisor, ["intake.recall"]),
            (.merged, .leader, ["assignment.instruct"]), (.archived, .office, []), (.replied, .auditor, []),
            (.replied, .observer, []), (.replied, .system, ["assignment.reassign"]),
        ] as [(CaseStatus, Role, [String])])
    func theMethodsThatMayBeUsedNowAre(status: CaseStatus, role: Role, methods: [String]) {
        #expect(StatusTable.methods(in: status, for: role) == methods)
    }

    @Test func theMethodOfAnActionBearsItsVerb() {
        #expect(CaseAction.register.method == "intake.register")
        #expect(CaseAction.requestReturn.method == "assignment.requestReturn")
        #expect(CaseAction.fileCoResult.method == "handling.fileCoResult")
        #expect(CaseAction.openAccountability.method == "supervision.openAccountability")
        #expect(CaseAction.seal.method == "archive.seal")
        #expect(
            CaseAction.allCases.filter { $0.method == nil }
                == [.settlePromise, .recordAccountability, .lapse, .follow, .saveCalendar])
        #expect(CaseAction.served.allSatisfy { $0.method != nil })
    }
}

import Domain
import Testing

struct CaseRecordTests {
    @Test(
        arguments: [
            (.registered, .registration), (.dispatched, .result), (.returning, .returning), (.claimed, .result),
            (.awaitingPetitioner, .result), (.reported, .review), (.approved, .publication), (.replied, .followUp),
            (.closed, nil),
            (.declined, nil), (.merged, nil), (.withdrawn, nil), (.archived, nil),
        ] as [(CaseStatus, Stage?)])
    func eachOpenStatusHasAHolderWithAClock(status: CaseStatus, stage: Stage?) throws {
        let record = try Records.withClocks(status)
        #expect(record.holderClock?.stage == stage)
        #expect(status.isOpen == (stage != nil))
        #expect(status.isWithUnit == (stage == .result))
    }

    @Test func aClassifiedCaseIsOnTheOfficesClockAndARulingToo() throws {
        var record = try Records.withClocks(.registered, holder: .office)
        record.isClassified = true
        #expect(record.holderClock?.stage == .dispatch)
        #expect(try Records.withClocks(.replied, holder: .office).holderClock?.stage == .ruling)
        #expect(try Records.withClocks(.replied, holder: .office).awaitsRuling)
        #expect(try !Records.withClocks(.replied, holder: .supervision).awaitsRuling)
        #expect(try !Records.withClocks(.reported, holder: .office).awaitsRuling)
    }

    /// Delivered on 24 November: due on 3 December, yellow from 2 December 14:23:59.
    @Test(
        arguments: [
            ("2026-11-24T10:00:00", .green), ("2026-12-02T14:23:58.999", .green), ("2026-12-02T14:23:59", .yellow),
            ("2026-12-03T23:59:59", .yellow), ("2026-12-03T23:59:59.001", .red), ("2027-06-01T00:00:00", .red),
        ] as [(String, Lamp)])
    func theLampIsYellowForTheLastFifthAndRedWhenOverdue(at: String, lamp: Lamp) throws {
        let now = try Instant(at + "+08:00").unwrapped
        #expect(try Records.withClocks(.claimed).lamp(at: now) == lamp)
        #expect(try Records.withClocks(.dispatched).lamp(at: now) == lamp)
        #expect(try Records.withClocks(.awaitingPetitioner).lamp(at: now) == .grey, "paused")
    }

    @Test(
        arguments: [
            ("2026-11-24T10:00:00", .green), ("2026-11-28T00:24:00", .yellow), ("2026-11-28T22:00:00.001", .red),
        ]
            as [(String, Lamp)])
    func theClockOfACriticalCaseDoesNotPause(at: String, lamp: Lamp) throws {
        let now = try Instant(at + "+08:00").unwrapped
        #expect(try Records.withClocks(.awaitingPetitioner, .critical).lamp(at: now) == lamp)
        #expect(try Records.withClocks(.claimed, .critical).lamp(at: now) == lamp)
    }

    @Test(arguments: CaseStatus.allCases)
    func onlyOpenCasesHaveALamp(status: CaseStatus) throws {
        #expect((try Records.withClocks(status).lamp(at: Records.registeredAt) != nil) == status.isOpen)
    }

    @Test func theReplyIsThePetitionersOnceItIsPublished() {
        for status in CaseStatus.allCases {
            var record = Records.record(status)
            #expect(record.isAnswered == [.replied, .closed, .declined].contains(status))
            record.approvedReply = Essay(unchecked: "已修复")
            #expect(record.isAnswered == [.replied, .closed, .declined, .archived].contains(status), "\(status)")
            record.round = 2
            #expect(
                record.isAnswered
                    == ![.approved, .merged, .withdrawn].contains(status),
                "\(status): in a later round the earlier reply stands until the next is approved")
        }
    }

    @Test func reportsAndConfidentialCasesAreWithheldFromUnits() {
        for type in CaseType.allCases {
            var record = Records.record(.dispatched, type: type)
            #expect(record.isWithheldFromUnits == (type == .report))
            record.confidential = true
            #expect(record.isWithheldFromUnits)
        }
    }

    /// One working day before the lead's result; critical: 24 hours.
    @Test(
        arguments: [
            ("2026-12-03T23:59:59", .ordinary, "2026-12-02T23:59:59"),
            ("2026-11-30T23:59:59", .important, "2026-11-27T23:59:59"),
            ("2026-10-08T23:59:59", .ordinary, "2026-09-30T23:59:59"),
            ("2026-10-12T23:59:59", .ordinary, "2026-10-10T23:59:59"),
            ("2026-01-04T23:59:59", .ordinary, "2025-12-31T23:59:59"),
            ("2026-11-30T12:00:00", .critical, "2026-11-29T12:00:00"),
        ] as [(String, Urgency, String)])
    func aCoUnitsDateFollowsTheLeads(result: String, urgency: Urgency, due: String) throws {
        let result = try Instant(result + "+08:00").unwrapped
        #expect(CoOrder.due(before: result, urgency, try Calendars.published()).description == due + "+08:00")
    }

    @Test func aNewRecordIsInItsFirstRoundAndChangedWhenItWasRegistered() {
        let record = Records.record(.registered)
        #expect(record.round == 1 && record.changedAt == record.registeredAt && record.open && !record.confidential)
        #expect(record.number.text == "202611-000000042")
        let change = CaseChange(record)
        #expect(change.caseNumber == record.number && change.version == 3 && change.status == .registered)
    }
}

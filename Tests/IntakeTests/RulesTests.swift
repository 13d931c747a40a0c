import Domain
@testable import Intake
import Testing

/// Intake's decisions by themselves.
struct RulesTests {
    private static let now = Instant(Day(2026, 3, 2), second: 32_400)

    private static func record(_ status: CaseStatus = .registered) -> CaseRecord {
        var record = CaseRecord(
            id: 202_603_000_000_001, version: 1, status: status, channel: ChannelCode(unchecked: "board"),
            externalId: ExternalID(unchecked: "1"), type: .help, title: Title(unchecked: "标题"),
            body: Body(unchecked: "正文"),
            urgency: .ordinary, alias: "来信人", registeredAt: now, holder: .registry)
        if status != .registered { (record.leadUnitId, record.holder) = (UnitID(unchecked: "housing"), .leadUnit) }
        return record
    }

    private static func caller(_ role: Role, unit: String? = nil, channels: [String] = []) -> Caller {
        var caller = Caller(clientId: 1, role: role)
        caller.unit = unit.map(UnitID.init(unchecked:))
        caller.channels = Set(channels.map(ChannelCode.init(unchecked:)))
        return caller
    }

    @Test func aSourceIsAdmittedToItsChannelsOnly() throws {
        let board = ChannelCode(unchecked: "board")
        try Rules.admit(board, by: Self.caller(.source, channels: ["board"]))
        try Rules.admit(board, by: Self.caller(.registrar))
        #expect(throws: Refusal.self) { try Rules.admit(board, by: Self.caller(.source, channels: ["other"])) }
    }

    @Test(arguments: [(0, true), (300, true), (-86_400 * 400, true), (301, false)])
    func fiveMinutesAheadAreAllowed(_ seconds: Int, _ isAllowed: Bool) {
        func check() throws { try Rules.notInFuture(Self.now.adding(seconds: seconds), "postedAt", at: Self.now) }
        if isAllowed {
            #expect(throws: Never.self, performing: check)
        } else {
            #expect(throws: Refusal.self, performing: check)
        }
    }

    @Test func theFirstClassificationStopsOneDesksClockAndStartsTheOthers() throws {
        let step = try Rules.classify(Self.record(), as: .init(category: CategoryCode(unchecked: "urban")))
        #expect(step.clocks == [.stop(.registration), .start(.dispatch)])
        #expect(step.record.holder == .office && step.record.isClassified)
        let again = try Rules.classify(step.record, as: .init(urgency: .critical))
        #expect(again.clocks == [.urgency] && again.record.urgency == .critical)
        #expect(try Rules.classify(again.record, as: .init(urgency: .critical)).clocks == [])
    }

    @Test func declineNeedsItsProposal() throws {
        let answer = Essay(unchecked: "不予受理")
        #expect(throws: Refusal.self) { try Rules.confirmDecline(Self.record(), answer: answer, at: Self.now) }
        let proposed = Rules.proposeDecline(Self.record(), explanation: Essay(unchecked: "已办结"))
        #expect(proposed.record.isDeclineProposed && proposed.record.holder == .office && !proposed.noteIsPublic)
        let step = try Rules.confirmDecline(proposed.record, answer: answer, at: Self.now)
        #expect(step.record.status == .declined && step.record.holder == .archive && step.record.closedAt == Self.now)
        #expect(step.noteIsPublic && step.events == [.caseClosed])
    }

    @Test func onlyTheEmergencyLineNeedsAHandOver() throws {
        for ground in DeclineGround.allCases where ground != .emergencyLine {
            try Rules.checkHandOver(ground, isTransferred: false)
        }
        try Rules.checkHandOver(.emergencyLine, isTransferred: true)
        #expect(throws: Refusal.self) { try Rules.checkHandOver(.emergencyLine, isTransferred: false) }
    }

    @Test(arguments: CaseStatus.allCases)
    func aSupplementEndsTheWaitingAndIsUnseenAfterTheApproval(_ status: CaseStatus) {
        var record = Self.record(status)
        if status == .awaitingPetitioner { record.holder = .petitioner }
        let step = Rules.supplement(record, "补充")
        #expect(step.record.status == (status == .awaitingPetitioner ? .claimed : status))
        #expect(step.record.holder == (status == .awaitingPetitioner ? .leadUnit : record.holder))
        #expect(step.record.hasUnseenSupplement == (status == .approved))
        #expect(
            !step.noteIsPublic && step.clocks == (status == .awaitingPetitioner ? [.stop(.petitioner), .resume] : []))
    }

    @Test func anIdentityIsForTheClaimingUnitAndNeverOfAWithheldCase() throws {
        var record = Self.record(.claimed)
        let unit = Self.caller(.unit, unit: "housing")
        #expect(throws: Refusal.self) { try Rules.reveal(record, to: unit) }
        record.responsiblePerson = Person(name: Name(unchecked: "周"), title: Name(unchecked: "科长"))
        try Rules.reveal(record, to: unit)
        #expect(throws: Refusal.notLeadUnit) { try Rules.reveal(record, to: Self.caller(.unit, unit: "transport")) }
        record.confidential = true
        #expect(throws: Refusal.self) { try Rules.reveal(record, to: unit) }
        try Rules.reveal(record, to: Self.caller(.registrar))
        try Rules.reveal(record, to: Self.caller(.supervisor))
    }
}

@testable import Domain
@testable import Intake
import TestKit
import Testing

/// 并件, by itself.
struct RulesOfClustersTests {
    private static let now = CaseRecord.begunAt
    private static let limits = Limits.usual
    private static let note = Note(unchecked: "理由")

    private static func reason(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? Refusal)?.reason
        }
    }

    private static func refusal(
        _ member: CaseRecord, _ master: CaseRecord, hasMembers: Bool = false, superiors: Set<UnitID> = []
    ) -> String? {
        reason { _ = try Rules.merge(member, into: master, hasMembers: hasMembers, superiors: superiors) }
    }

    @Test(arguments: CaseStatus.allCases)
    func aMasterIsOpenAndNotMerged(_ status: CaseStatus) {
        let refused = Self.refusal(CaseRecord.begun(.registered), CaseRecord.begun(status, 2))
        #expect(refused == (status.isOpen ? nil : "masterNotOpen"))
    }

    @Test func whatMayNotBeMergedIsRefused() {
        let (one, two) = (CaseRecord.begun(.registered), CaseRecord.begun(.claimed, 2))
        #expect(Self.refusal(one, one) == "sameCase")
        #expect(Self.refusal(one, two, hasMembers: true) == "hasMembers")
        #expect(Self.refusal(CaseRecord.begun(.registered, type: .report), two) == "reportsOnly")
        #expect(Self.refusal(one, CaseRecord.begun(.claimed, 2, type: .report)) == "reportsOnly")
        #expect(
            Self.refusal(CaseRecord.begun(.registered, type: .report), CaseRecord.begun(.claimed, 2, type: .report))
                == nil)
        var complaint = one
        complaint.about = [UnitID(unchecked: "city")]
        #expect(
            Self.refusal(complaint, two, superiors: complaint.about.reduce(into: []) { $0.insert($1) })
                == "conflictOfInterest")
        var onGround = two
        onGround.hasConflictGround = true
        #expect(Self.refusal(complaint, onGround, superiors: [UnitID(unchecked: "city")]) == nil)
    }

    @Test func theMembersClocksStopAndTheMasterTakesWhatIsGraver() throws {
        var member = CaseRecord.begun(.claimed)
        (member.urgency, member.about) = (.important, [UnitID(unchecked: "north")])
        let steps = try Rules.merge(member, into: CaseRecord.begun(.dispatched, 2), hasMembers: false, superiors: [])
        #expect(
            steps.member.record.status == .merged && steps.member.record.master == CaseNumber(id: 202_603_000_000_002))
        #expect(steps.member.clocks == Stage.allCases.map { .stop($0) })
        #expect(
            steps.member.record.leadUnitId == nil && steps.member.record.formerLeads == [UnitID(unchecked: "housing")])
        #expect(steps.master.record.urgency == .important && steps.master.clocks == [.urgency])
        #expect(steps.master.record.status == .dispatched && steps.master.record.about == member.about)
        member.urgency = .critical
        let grave = try Rules.merge(member, into: CaseRecord.begun(.dispatched, 2), hasMembers: false, superiors: [])
        #expect(grave.master.clocks == [.urgency, .start(.opinion)])
        // What is answered already is not hurried.
        let late = try Rules.merge(member, into: CaseRecord.begun(.replied, 2), hasMembers: false, superiors: [])
        #expect(late.master.record.urgency == .ordinary && late.master.clocks == [])
    }

    @Test(arguments: CaseStatus.allCases)
    func fivePetitionersRaiseWhatIsStillToBeAnswered(_ status: CaseStatus) {
        let raises: Set<CaseStatus> = [.registered, .dispatched, .returning, .claimed, .awaitingPetitioner]
        var record = CaseRecord.begun(status)
        #expect(Rules.raise(record, petitioners: 4, Self.limits) == nil)
        let step = Rules.raise(record, petitioners: 5, Self.limits)
        #expect(step?.record.urgency == (raises.contains(status) ? .important : nil))
        for urgency in [Urgency.important, .critical] {
            record.urgency = urgency
            #expect(Rules.raise(record, petitioners: 50, Self.limits) == nil)
        }
    }

    @Test func whoSharesAPhoneOrAnAccountIsOne() {
        func mark(_ phone: UInt8?, _ account: UInt8?, _ channel: String = "a") -> Rules.Mark {
            Rules.Mark(
                phone: phone.map { [$0] }, account: account.map { [$0] }, channel: ChannelCode(unchecked: channel))
        }
        #expect(Rules.petitioners([]) == 0)
        #expect(Rules.petitioners([mark(1, nil), mark(1, nil), mark(2, nil)]) == 2)
        #expect(Rules.petitioners([mark(nil, 1), mark(nil, 1, "b")]) == 2)
        #expect(Rules.petitioners([mark(nil, nil), mark(nil, nil)]) == 2)
        // The third joins the first two.
        #expect(Rules.petitioners([mark(1, nil), mark(nil, 2), mark(1, 2)]) == 1)
    }

    @Test(arguments: CaseStatus.allCases)
    func aMemberLeavesUntilTheMasterIsApproved(_ status: CaseStatus) throws {
        let calendar = WorkCalendar(version: 0, years: [:])
        var (member, master) = (CaseRecord.begun(.merged), CaseRecord.begun(status, 2))
        (member.isClassified, master.approvedReply) = (true, Essay(unchecked: "答复"))
        let isOver = [.approved, .replied, .closed, .archived].contains(status)
        #expect(Rules.hasAnswer(master) == isOver)
        let refused = Self.reason {
            _ = try Rules.unmerge(member, from: master, reason: Self.note, calendar, at: Self.now)
        }
        #expect(refused == (isOver ? "masterApproved" : nil))
        guard !isOver else { return }
        let step = try Rules.unmerge(member, from: master, reason: Self.note, calendar, at: Self.now)
        #expect(step.record.status == .registered && step.record.holder == .office && step.record.master == nil)
        #expect(step.clocks == [.start(.dispatch)])
    }
}

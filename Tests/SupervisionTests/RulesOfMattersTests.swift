@testable import Domain
@testable import Supervision
import TestKit
import Testing

/// 剔除、问责、挂账、重新办理, by themselves.
struct RulesOfMattersTests {
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

    @Test(arguments: [(30 * 86_400, true), (30 * 86_400 + 1, false)])
    func aClosedCaseIsReopenedWithinThirtyDays(_ seconds: Int, _ isAllowed: Bool) throws {
        var record = CaseRecord.begun(.closed)
        record.closedAt = Self.now
        func reopen() throws -> CaseRecord {
            try Rules.reopen(
                record, reason: Self.note, instruction: nil, Self.limits, at: Self.now.adding(seconds: seconds)
            ).record
        }
        guard isAllowed else {
            #expect(Self.reason { _ = try reopen() } == "tooLate")
            return
        }
        let after = try reopen()
        #expect(after.status == .claimed && after.round == 2 && after.closedAt == nil && after.holder == .leadUnit)
        #expect(!after.wasReopenedByRating)
    }

    @Test func anInstructionIsAnEntryOfALeader() throws {
        let timeline: [(seq: Int, action: CaseAction)] = [(1, .register), (2, .instruct)]
        #expect(try Rules.instruction(nil, among: []) == nil)
        #expect(try Rules.instruction(2, among: timeline) == 2)
        for seq in [0, 1, 3] {
            #expect(Self.reason { _ = try Rules.instruction(seq, among: timeline) } == "notAnInstruction")
        }
    }

    @Test func whatIsOpenedIsCountedUntilItIsSettled() throws {
        let record = CaseRecord.begun(.closed)
        let person = Person(name: Name(unchecked: "吴"), title: Name(unchecked: "局长"))
        let asked = try Rules.requestExclusion(record, isAsked: false, ground: Self.note)
        let opened = Rules.openAccountability(asked.record, accountable: person, ground: Self.note)
        #expect(opened.record.proceedings.openMatters == 2 && opened.record.proceedings.isPermanent)
        let decided = Rules.decideExclusion(opened.record, isGranted: false, ground: Self.note)
        let recorded = Rules.recordAccountability(
            decided.record, outcome: Self.note, decidedBy: Name(unchecked: "纪委"), documentNumber: Name(unchecked: "7号"))
        #expect(recorded.record.proceedings.openMatters == 0 && recorded.record.proceedings.isPermanent)
        #expect(
            Self.reason { _ = try Rules.requestExclusion(record, isAsked: true, ground: Self.note) } == "exclusionAsked"
        )
    }

    @Test(arguments: CaseStatus.allCases.filter { $0 != .archived })
    func aBrokenPromiseReopensOnlyWhatIsClosed(_ status: CaseStatus) throws {
        var record = CaseRecord.begun(status)
        record.proceedings.openMatters = 1
        let promise = Rules.Promise(
            commitment: Self.note, dueOn: Day(2026, 4, 1), isOpen: true, wasMoved: false)
        let broken = try Rules.settle(record, promise, .broken, evidence: Self.note)
        #expect(broken.record.status == (status == .closed ? .claimed : status))
        #expect(broken.record.round == (status == .closed ? 2 : 1) && broken.record.proceedings.openMatters == 0)
        let kept = try Rules.settle(record, promise, .kept, evidence: Self.note)
        #expect(kept.record.status == status && kept.record.proceedings.openMatters == 0)
        let moved = try Rules.settle(record, promise, .moved(to: Day(2026, 5, 1)), evidence: Self.note)
        #expect(moved.record == record)
    }

    @Test func aPromiseIsMovedOnceToALaterDayAndSettledOnce() {
        func refused(_ isOpen: Bool, _ wasMoved: Bool, _ settlement: Rules.Settlement) -> String? {
            let promise = Rules.Promise(
                commitment: Self.note, dueOn: Day(2026, 4, 1), isOpen: isOpen, wasMoved: wasMoved)
            return Self.reason {
                _ = try Rules.settle(CaseRecord.begun(.closed), promise, settlement, evidence: Self.note)
            }
        }
        #expect(refused(true, false, .moved(to: Day(2026, 4, 1))) == "badParams")
        #expect(refused(true, true, .moved(to: Day(2026, 5, 1))) == "limitReached")
        #expect(refused(true, true, .kept) == nil && refused(true, true, .broken) == nil)
        for settlement in [Rules.Settlement.kept, .broken, .moved(to: Day(2026, 5, 1))] {
            #expect(refused(false, false, settlement) == "promiseSettled")
        }
    }
}

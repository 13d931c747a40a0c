@testable import Domain
@testable import Intake
import TestKit
import Testing

/// 撤件 and 恢复受理, by themselves.
struct RulesOfWithdrawalTests {
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

    @Test(arguments: [CaseStatus.registered, .dispatched, .claimed, .awaitingPetitioner])
    func onlyWhatWasNotDispatchedEndsAtOnce(_ status: CaseStatus) throws {
        let step = try Rules.withdraw(CaseRecord.begun(status), reason: Self.note, hasMembers: false, at: Self.now)
        let isOver = status == .registered
        #expect(step.record.status == (isOver ? .withdrawn : status))
        #expect(step.record.closedAt == (isOver ? Self.now : nil) && step.events == (isOver ? [.caseClosed] : []))
        #expect(step.record.proceedings.isWithdrawalAsked == !isOver)
        #expect(step.clocks == (isOver ? Stage.allCases.map { .stop($0) } : []))
        guard !isOver else { return }
        #expect(
            Self.reason { _ = try Rules.withdraw(step.record, reason: Self.note, hasMembers: false, at: Self.now) }
                == "withdrawalAsked")
    }

    @Test(arguments: CaseType.allCases, Urgency.allCases)
    func reportsAndCriticalCasesStay(_ type: CaseType, _ urgency: Urgency) {
        for status in [CaseStatus.registered, .claimed] {
            var record = CaseRecord.begun(status, type: type)
            record.urgency = urgency
            let refused = Self.reason {
                _ = try Rules.withdraw(record, reason: Self.note, hasMembers: false, at: Self.now)
            }
            #expect(refused == (type == .report || urgency == .critical ? "notWithdrawable" : nil))
        }
    }

    @Test(arguments: [(0, true), (30 * 86_400, true), (30 * 86_400 + 1, false)])
    func aDeclineIsTakenBackWithinThirtyDays(_ seconds: Int, _ isAllowed: Bool) throws {
        var record = CaseRecord.begun(.declined)
        (record.closedAt, record.approvedReply, record.isClassified) = (Self.now, Essay(unchecked: "不予受理"), true)
        let later = Self.now.adding(seconds: seconds)
        guard isAllowed else {
            #expect(
                Self.reason { _ = try Rules.recall(record, reason: Self.note, Self.limits, at: later) } == "tooLate")
            return
        }
        let step = try Rules.recall(record, reason: Self.note, Self.limits, at: later)
        #expect(step.record.status == .registered && step.record.holder == .registry && !step.record.isClassified)
        #expect(step.record.approvedReply == nil && step.record.closedAt == nil)
        #expect(step.clocks == [.start(.registration)])
    }
}

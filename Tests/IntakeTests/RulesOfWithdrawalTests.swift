@testable import Domain
@testable import Intake
import Testing

/// 撤件 and 恢复受理, by themselves.
struct RulesOfWithdrawalTests {
    private static let now = Instant(Day(2026, 3, 2), second: 32_400)
    private static let limits = Limits(
        reopenDays: 30, unreachableMax: 3, dissatisfiedMax: 2, trackFailuresMax: 10, trackWindowMinutes: 15,
        returnsMax: 2, extensionsMax: 2, questionsMax: 2, clusterRaisesAt: 5, recallDays: 30, recurrenceDays: 90,
        repeatUrgesAfterHours: 24)
    private static let note = Note(unchecked: "理由")

    private static func record(_ status: CaseStatus, _ id: Int64 = 1, type: CaseType = .help) -> CaseRecord {
        var record = CaseRecord(
            id: 202_603_000_000_000 + id, version: 1, status: status, channel: ChannelCode(unchecked: "board"),
            externalId: ExternalID(unchecked: "1"), type: type, title: Title(unchecked: "标题"),
            body: Body(unchecked: "正文"), urgency: .ordinary, alias: "来信人", registeredAt: now, holder: .registry)
        if status != .registered { (record.leadUnitId, record.holder) = (UnitID(unchecked: "housing"), .leadUnit) }
        return record
    }

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
        let step = try Rules.withdraw(Self.record(status), reason: Self.note, hasMembers: false, at: Self.now)
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
            var record = Self.record(status, type: type)
            record.urgency = urgency
            let refused = Self.reason {
                _ = try Rules.withdraw(record, reason: Self.note, hasMembers: false, at: Self.now)
            }
            #expect(refused == (type == .report || urgency == .critical ? "notWithdrawable" : nil))
        }
    }

    @Test(arguments: [(0, true), (30 * 86_400, true), (30 * 86_400 + 1, false)])
    func aDeclineIsTakenBackWithinThirtyDays(_ seconds: Int, _ isAllowed: Bool) throws {
        var record = Self.record(.declined)
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

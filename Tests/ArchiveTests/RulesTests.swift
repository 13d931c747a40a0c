@testable import Archive
@testable import Domain
import Testing

/// The archive's decisions by themselves.
struct RulesTests {
    private static let now = Instant(Day(2026, 3, 2), second: 32_400)

    private static func record(type: CaseType = .help) -> CaseRecord {
        CaseRecord(
            id: 202_603_000_000_001, version: 6, status: .closed, channel: ChannelCode(unchecked: "board"),
            externalId: ExternalID(unchecked: "1"), type: type, title: Title(unchecked: "标题"),
            body: Body(unchecked: "正文"),
            urgency: .ordinary, alias: "来信人", registeredAt: now, holder: .archive)
    }

    @Test func aCaseMayBeSealedThirtyDaysAfterItWasOver() {
        let limits = Limits(
            reopenDays: 30, unreachableMax: 3, dissatisfiedMax: 2, trackFailuresMax: 10, trackWindowMinutes: 15,
            returnsMax: 2, extensionsMax: 2, questionsMax: 2, clusterRaisesAt: 5, recallDays: 30,
            recurrenceDays: 90, repeatUrgesAfterHours: 24)
        var record = Self.record()
        #expect(Rules.sealableFrom(record, limits) == nil)
        record.closedAt = Instant(Day(2026, 12, 31), second: 86_399)
        #expect(Rules.sealableFrom(record, limits) == Day(2027, 1, 30))
    }

    @Test func sealingIsFinalAndTheArchives() {
        let step = Rules.seal(Self.record())
        #expect(
            step.record.status == .archived && step.record.holder == .archive && step.events == [] && step.clocks == [])
    }

    @Test(arguments: Role.allCases)
    func filesAreNotForSourcesAndWithheldOnesNotForUnits(_ role: Role) {
        let caller = Caller(clientId: 1, role: role)
        #expect(Rules.mayRead(caller, Self.record()) == (role != .source))
        #expect(Rules.mayRead(caller, Self.record(type: .report)) == ![.source, .unit].contains(role))
        var confidential = Self.record()
        confidential.confidential = true
        #expect(Rules.mayRead(caller, confidential) == ![.source, .unit].contains(role))
    }
}

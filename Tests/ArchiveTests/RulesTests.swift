@testable import Archive
@testable import Domain
import TestKit
import Testing

/// The archive's decisions by themselves.
struct RulesTests {
    private static let now = Instant(Day(2026, 3, 2), second: 32_400)

    private static func record(type: CaseType = .help) -> CaseRecord {
        .begun(.closed, type: type, version: 6, holder: .archive)
    }

    /// In the very moment at which it may last be reopened, or recalled, it is not sealed.
    @Test(arguments: [(CaseStatus.closed, 30), (.withdrawn, 30), (.declined, 20)])
    func aCaseMayBeSealedWhenItCanNoLongerBeTakenUp(_ status: CaseStatus, _ days: Int) {
        var limits = Limits.usual
        limits.recallDays = 20
        var record = Self.record()
        record.status = status
        #expect(Rules.sealableAfter(record, limits) == nil)
        record.closedAt = Instant(Day(2026, 12, 31), second: 86_399)
        #expect(Rules.sealableAfter(record, limits) == Instant(Day(2026, 12, 31 + days), second: 86_399))
    }

    @Test func sealingIsFinalAndTheArchives() throws {
        let step = try Rules.seal(Self.record())
        #expect(
            step.record.status == .archived && step.record.holder == .archive && step.events == [] && step.clocks == [])
    }

    @Test(arguments: [1, 2])
    func nothingIsSealedWhileSomethingIsOpen(_ matters: Int) {
        var record = Self.record()
        record.proceedings.openMatters = matters
        #expect { _ = try Rules.seal(record) } throws: {
            ($0 as? Refusal)?.code == .notAccepted && ($0 as? Refusal)?.reason == "mattersOpen"
        }
    }

    @Test(arguments: Urgency.allCases, [false, true])
    func aFileIsKeptByItsUrgencyOrForGood(_ urgency: Urgency, _ isPermanent: Bool) {
        let policy = RetentionPolicy(ordinary: .years(10), important: .years(30), critical: .permanent)
        var record = Self.record()
        record.urgency = urgency
        record.proceedings.isPermanent = isPermanent
        let expected: [Urgency: Retention] = [
            .ordinary: .years(10), .important: .years(30), .critical: .permanent,
        ]
        #expect(Rules.retention(record, policy) == (isPermanent ? .permanent : expected[urgency]))
    }

    @Test(arguments: ["10y", "1y", "999y", "permanent"])
    func aTermIsReadAsItIsWritten(_ text: String) { #expect(Retention(text)?.description == text) }

    @Test(arguments: ["", "y", "0y", "1000y", "+1y", "-1y", "10", "10d", "Permanent", "１０y"])
    func anythingElseIsNoTerm(_ text: String) { #expect(Retention(text) == nil) }

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

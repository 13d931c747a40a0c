@testable import Domain
@testable import Intake
import TestKit
import Testing

/// 重复件、反弹, by themselves.
struct RulesOfRepeatsTests {
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

    private static func match(
        _ id: Int64, _ status: CaseStatus, isOwn: Bool = true, closedAt: Instant? = nil, master: Int64? = nil
    ) -> Rules.Match {
        Rules.Match(
            number: CaseNumber(id: id), status: status, closedAt: closedAt,
            master: master.map(CaseNumber.init(id:)), isOwn: isOwn)
    }

    @Test(arguments: CaseStatus.allCases)
    func openOnesTakeItUpAndOthersAreRelated(_ status: CaseStatus) {
        let own = Rules.relation(to: [Self.match(7, status, closedAt: Self.now)], Self.limits, at: Self.now)
        let isOver = [.closed, .archived, .declined, .withdrawn].contains(status)
        #expect(own.open == (isOver ? nil : CaseNumber(id: 7)))
        #expect(own.related == (isOver ? CaseNumber(id: 7) : nil))
        let others = Rules.relation(
            to: [Self.match(7, status, isOwn: false, closedAt: Self.now)], Self.limits, at: Self.now)
        #expect(others.open == nil)
        #expect(others.related == ([.closed, .archived].contains(status) ? CaseNumber(id: 7) : nil))
    }

    @Test func aMembersMasterTakesItUpAndAFollowersOwnCase() {
        let member = Rules.relation(to: [Self.match(7, .merged, master: 3)], Self.limits, at: Self.now)
        #expect(member.open == CaseNumber(id: 3))
        let follower = Rules.relation(to: [Self.match(7, .approved, master: 3)], Self.limits, at: Self.now)
        #expect(follower.open == CaseNumber(id: 7))
    }

    @Test(arguments: [(90 * 86_400, true), (90 * 86_400 + 1, false)])
    func anybodysMatterRecursForNinetyDays(_ seconds: Int, _ isRecurrence: Bool) {
        let later = Self.now.adding(seconds: seconds)
        for (isOwn, expected) in [(false, isRecurrence), (true, true)] {
            let found = Rules.relation(
                to: [Self.match(7, .closed, isOwn: isOwn, closedAt: Self.now)], Self.limits, at: later)
            #expect((found.related != nil) == expected)
        }
    }

    @Test(arguments: CaseStatus.allCases)
    func aDayLaterWhoeverHoldsItIsUrged(_ status: CaseStatus) {
        let number = CaseNumber(id: 9)
        let record = CaseRecord.begun(status)
        #expect(Rules.urge(record, by: number, Self.limits, at: Self.now.adding(seconds: 86_399)) == nil)
        let urges: Set<CaseStatus> = [.dispatched, .returning, .claimed, .awaitingPetitioner, .reported, .approved]
        let step = Rules.urge(record, by: number, Self.limits, at: Self.now.adding(seconds: 86_400))
        #expect((step != nil) == urges.contains(status) && (step?.clocks ?? []).isEmpty)
    }
}

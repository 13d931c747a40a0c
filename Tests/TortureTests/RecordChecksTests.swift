import Testing
import Torture

/// The same for timelines, the status table and the events.
struct RecordChecksTests {
    @Test func aGapInATimelineIsFound() {
        var run = SoundRun()
        run.facts.timeline[2].seq = 4
        run.facts.cases[0].version = 4
        #expect(run.found.contains(.timeline))
    }

    @Test func aCaseAheadOfItsTimelineIsFound() {
        var run = SoundRun()
        run.facts.cases[0].version = 4
        #expect(run.found == [.timeline])
    }

    @Test func anEntryThatDoesNotFollowTheOneBeforeIsFound() {
        var run = SoundRun()
        run.facts.timeline[1].from = "declined"
        #expect(run.found.contains(.timeline))
    }

    @Test func aStatusThatTheTimelineDoesNotLeadToIsFound() {
        var run = SoundRun()
        run.facts.cases[0].status = "reported"
        #expect(run.found == [.timeline])
    }

    @Test func anEntryOfNoCaseIsFound() {
        var run = SoundRun()
        run.facts.timeline.append(ChecksTests.progress(seq: 1))
        run.facts.timeline[3].caseId += 7
        #expect(run.found.contains(.timeline))
    }

    @Test(arguments: [("source", "claim"), ("unit", "review"), ("unit", "dance")])
    func whatStandsInNoRowOfTheStatusTableIsFound(role: String, action: String) {
        var run = SoundRun()
        (run.facts.timeline[2].role, run.facts.timeline[2].action) = (role, action)
        #expect(run.found.contains(.status))
    }

    @Test func anEventThatDidNotArriveIsLost() {
        var run = SoundRun()
        run.facts.inbox = [:]
        #expect(run.found == [.lost])
    }

    @Test func anEventThatWasNeverWrittenIsLost() {
        var run = SoundRun()
        run.facts.cases[0].emitted["archive"] = .init(version: 3, ordinal: 1)
        #expect(Set(run.found) == [.lost, .events])
    }

    @Test func aSecondRowInTheInboxIsDoubled() {
        var run = SoundRun()
        run.facts.inboxTwice = ["message-1 supervision"]
        #expect(run.found == [.doubled])
    }

    @Test func anInboxRowThatNobodySentIsUncalledFor() {
        var run = SoundRun()
        run.facts.inbox["message-2 archive"] = "{}"
        #expect(run.found == [.uncalledFor])
    }

    @Test func aConsumerThatLagsBehindIsFound() {
        var run = SoundRun()
        run.facts.positions = [:]
        #expect(run.found == [.events])
    }

    @Test func whatIsLeftInTheOutboxIsFound() {
        var run = SoundRun()
        run.facts.outbox = ["supervision.caseDispatched of 42"]
        #expect(run.found == [.events])
    }

    @Test func poisonThatLivesIsFound() {
        var run = SoundRun()
        run.facts.livingPoison = ["supervision.caseDispatched of 190001000000001"]
        #expect(run.found == [.events])
    }
}

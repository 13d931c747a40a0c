import Testing
import Torture

/// The checker finds what it is there to find. A checker that cannot fail proves nothing.
struct ChecksTests {
    @Test func aSoundRunHasNoViolation() {
        #expect(Checks.all(SoundRun().history, SoundRun().facts).map(\.description) == [])
    }

    @Test func anUnknownRequestMayHaveBeenDone() {
        var run = SoundRun()
        run.facts.timeline.append(Self.progress(seq: 4))
        run.facts.cases[0].version = 4
        run.facts.stored["k4"] = .init(method: "handling.addProgress", response: SoundRun.answer(4, "claimed"))
        #expect(run.found == [])
    }

    @Test func anAcknowledgedRequestWithoutEffectIsLost() {
        var run = SoundRun()
        run.facts.timeline.removeLast()
        (run.facts.cases[0].version, run.facts.cases[0].status) = (2, "dispatched")
        #expect(run.found == [.lost])
    }

    @Test func anAcknowledgedRegistrationWithoutCaseIsLost() {
        var run = SoundRun()
        run.history = [run.history[0]]
        run.facts = Facts()
        #expect(Set(run.found) == [.lost])
    }

    @Test func anAcknowledgedRequestWhoseKeyIsGoneIsLost() {
        var run = SoundRun()
        run.facts.stored["k1"] = nil
        #expect(run.found == [.lost])
    }

    @Test func aSecondEffectIsDoubled() {
        var run = SoundRun()
        run.facts.timeline.append(Self.progress(seq: 4, "k4"))
        run.facts.timeline.append(Self.progress(seq: 5, "k4"))
        run.facts.cases[0].version = 5
        run.facts.stored["k4"] = .init(method: "handling.addProgress", response: SoundRun.answer(4, "claimed"))
        #expect(run.found.contains(.doubled))
    }

    @Test func aMessageThatMadeTwoCasesIsDoubled() {
        var run = SoundRun()
        run.facts.cases.append(.init(id: SoundRun.caseId + 1, version: 1, status: "registered", externalId: "m-1"))
        run.facts.timeline.append(
            .init(
                caseId: SoundRun.caseId + 1, seq: 1, role: "source", action: "register", from: nil, to: "registered",
                person: nil))
        #expect(run.found == [.doubled])
    }

    @Test func anotherAnswerThanTheStoredOneIsAltered() {
        var run = SoundRun()
        run.facts.stored["k2"] = .init(method: "assignment.claim", response: SoundRun.answer(3, "claimed") + [0x20])
        #expect(run.found == [.altered])
    }

    @Test func twoAnswersToOneKeyAreAltered() {
        var run = SoundRun()
        run.history[1].altered = SoundRun.answer(3, "dispatched")
        #expect(run.found == [.altered])
    }

    @Test func aRefusalAfterTheAnswerIsAltered() {
        var run = SoundRun()
        run.history[1].attempts.append(.init(invoked: 2, ended: 3, outcome: .fail, note: "1002"))
        #expect(run.found == [.altered])
    }

    @Test func anAnswerThatNamesAnotherVersionIsAltered() {
        var run = SoundRun()
        run.history[2].answer = SoundRun.answer(2, "claimed")
        run.facts.stored["k2"] = .init(method: "assignment.claim", response: SoundRun.answer(2, "claimed"))
        #expect(run.found == [.altered])
    }

    @Test func aCallerThatWasToldAnotherCaseHasAnAlteredAnswer() {
        var run = SoundRun()
        var second = SoundRun.operation(5, "intake.register", .natural("m-1"))
        let other = Array(#"{"caseNumber":"202611-000000043","status":"registered","version":1}"#.utf8)
        (second.answer, second.attempts[0].outcome) = (other, .ok)
        run.history.append(second)
        run.facts.stored["k5"] = .init(method: "intake.register", response: other)
        #expect(run.found == [.altered])
    }

    @Test func aKeyCommittedWithoutItsEntryIsFound() {
        var run = SoundRun()
        run.facts.stored["k4"] = .init(method: "handling.addProgress", response: SoundRun.answer(4, "claimed"))
        #expect(run.found == [.altered])
    }

    @Test func theEffectOfARefusedRequestIsUncalledFor() {
        var run = SoundRun()
        run.facts.timeline.append(Self.progress(seq: 4, "k3"))
        run.facts.cases[0].version = 4
        #expect(run.found == [.uncalledFor])
    }

    @Test func anEntryOfNobodyIsUncalledFor() {
        var run = SoundRun()
        run.facts.timeline.append(Self.progress(seq: 4, "stranger"))
        run.facts.cases[0].version = 4
        #expect(run.found == [.uncalledFor])
    }

    @Test func aRequestThatShouldHaveBeenRefusedIsUncalledFor() {
        var run = SoundRun()
        run.history[3].answer = SoundRun.answer(3, "claimed")
        run.facts.stored["k3"] = .init(method: "assignment.claim", response: SoundRun.answer(3, "claimed"))
        #expect(run.found == [.uncalledFor])
    }

    static func progress(seq: Int, _ key: String = "k4") -> Facts.Entry {
        .init(
            caseId: SoundRun.caseId, seq: seq, role: "unit", action: "addProgress", from: "claimed", to: "claimed",
            person: key)
    }
}

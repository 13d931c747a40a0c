import Domain
import Foundation
import Testing

/// The words that travel in JSON and stand in the database are DOMAIN's, and stay.
struct WordsTests {
    @Test func theWordsAreTheDomains() {
        func words<W: Word>(_ type: W.Type) -> String { type.allCases.map(\.rawValue).joined(separator: " ") }
        #expect(words(CaseType.self) == "consultation help complaint report suggestion praise")
        #expect(words(Urgency.self) == "ordinary important critical")
        #expect(words(Satisfaction.self) == "satisfied basicallySatisfied dissatisfied unreachable")
        #expect(words(Resolution.self) == "resolved partly unresolved")
        #expect(words(FollowUpMethod.self) == "phone openVisit hiddenVisit")
        #expect(words(PublicationWay.self) == "board phone sms letter inPerson")
        #expect(words(ReviewDecision.self) == "approve sendBack")
        #expect(words(UnitLevel.self) == "city county township")
        #expect(words(Lamp.self) == "green yellow red grey")
        #expect(words(Party.self) == "registry office leadUnit petitioner publisher supervision archive")
        #expect(
            words(Role.self) == "source registrar office unit leader supervisor auditor observer admin service system")
        #expect(
            words(CaseStatus.self)
                == "registered dispatched returning claimed awaitingPetitioner reported approved replied closed declined merged "
                + "withdrawn archived")
        #expect(words(CaseEvent.self) == "caseDispatched replyPublished caseClosed")
        #expect(words(FeedKind.self) == "status question interim reply extension")
        #expect(DeclineGround.allCases.count == 9 && DeclineGround.allCases.allSatisfy { !$0.chinese.isEmpty })
    }

    @Test func urgenciesAreOrderedFromTheMildestToTheGravest() {
        #expect(Urgency.ordinary < .important && .important < .critical)
        #expect([Urgency.critical, .ordinary, .important].max() == .critical)
    }

    @Test func aFollowUpAsksForAResolutionOfMattersOnly() {
        #expect(CaseType.allCases.filter(\.asksResolution) == [.help, .complaint, .report])
        #expect(FollowUpMethod.allCases.filter(\.isVisit) == [.openVisit, .hiddenVisit])
    }

    @Test func anEntryIsNewsOfItsKind() {
        #expect(FeedKind(.confirmPublication, changes: true, noteIsPublic: true) == .reply)
        #expect(FeedKind(.askPetitioner, changes: true, noteIsPublic: true) == .question)
        #expect(FeedKind(.addProgress, changes: false, noteIsPublic: true) == .interim)
        #expect(FeedKind(.addProgress, changes: false, noteIsPublic: false) == nil)
        #expect(FeedKind(.decideExtension, changes: false, noteIsPublic: true) == .extension_)
        #expect(FeedKind(.claim, changes: true, noteIsPublic: false) == .status)
        #expect(FeedKind(.instruct, changes: false, noteIsPublic: false) == nil)
    }

    @Test func eventsAreInTheOrderOfVersionAndOrdinal() {
        let positions = [(2, 1), (1, 2), (1, 1)].map { EventPosition(version: $0.0, ordinal: $0.1) }
        #expect(positions.sorted() == positions.reversed())
        #expect(CaseEvent.replyPublished.consumers == ["supervision", "intake"])
    }

    @Test func aStepSaysWhatHappensToTheClocks() {
        let step = Step(Records.record(.claimed)).noting("说明", publicly: true)
        #expect(step.note == "说明" && step.noteIsPublic && step.clocks.isEmpty && step.events.isEmpty)
        let facts = [ClockStep.start(.review), .stop(.opinion), .sendBack, .rework, .urgency].map {
            ($0.kind, $0.stage)
        }
        #expect(facts.map(\.0) == [.start, .stop, .sendBack, .rework, .urgency])
        #expect(facts.map(\.1) == [.review, .opinion, .result, .result, nil])
    }

    @Test func thePublicTimelineHasNoInternalPapers() {
        let internalPapers: Set<CaseAction> = [
            .classify, .proposeDecline, .requestReturn, .decideReturn, .instruct, .fileOpinion, .fileCoResult, .review,
            .withdrawApproval, .recordFollowUp, .ruleRound, .urge, .openAccountability, .requestExclusion,
            .decideExclusion,
        ]
        #expect(internalPapers.allSatisfy { !$0.isPublic })
        let publicPapers: Set<CaseAction> = [
            .register, .confirmDecline, .dispatch, .claim, .confirmPublication, .rate, .seal,
        ]
        #expect(publicPapers.allSatisfy { $0.isPublic })
    }
}

import Testing

@testable import Postgres

private struct Refusal: Error {}

@Suite struct RetryTests {
    /// How many times a transaction runs that fails with `code` every time.
    private func runs(_ code: PostgresError.Code, _ retry: Retry, isInTime: Bool = true) -> Int {
        var retry = retry
        for run in 1...20 {
            if case .giveUp = retry.verdict(on: PostgresError(code, ""), isInTime: isInTime, jitter: 0.5) { return run }
        }
        return .max
    }

    @Test func conflictsAreTriedFiveTimesMoreAndLossesThree() {
        let writing = Retry(.readWrite, retryUnknown: false)
        #expect(runs(.serializationFailure, writing) == 6)
        #expect(runs(.connectionLost, writing) == 4)
        #expect(runs(.adminShutdown, writing) == 4)
        #expect(runs(.readOnly, writing) == 4)
    }

    @Test func nothingIsTriedAgainPastTheDeadline() {
        for code in PostgresError.Code.allCases {
            #expect(runs(code, Retry(.readWrite, retryUnknown: true), isInTime: false) == 1)
        }
    }

    @Test func anUnknownOutcomeIsTriedAgainOnlyOnRequest() {
        #expect(runs(.outcomeUnknown, Retry(.readWrite, retryUnknown: false)) == 1)
        #expect(runs(.outcomeUnknown, Retry(.readWrite, retryUnknown: true)) == 4)
    }

    @Test func aReadingThatWritesIsNotTriedAgain() {
        #expect(runs(.readOnly, Retry(.readOnly, retryUnknown: false)) == 1)
    }

    @Test(arguments: [
        PostgresError.Code.connectionRefused, .notCommitted, .lockTimeout, .statementTimeout, .uniqueViolation,
        .foreignKeyViolation, .checkViolation, .notNullViolation, .outOfResources, .busy, .deadline, .closed,
        .nulCharacter, .decoding, .other,
    ])
    func whateverElseEndsIt(_ code: PostgresError.Code) {
        #expect(runs(code, Retry(.readWrite, retryUnknown: true)) == 1)
    }

    @Test func afterAnUnknownOutcomeNoOtherErrorIsBelieved() {
        let errors: [any Error] = [Refusal(), PostgresError(.connectionRefused, ""), PostgresError(.lockTimeout, "")]
        for later in errors {
            var retry = Retry(.readWrite, retryUnknown: true)
            _ = retry.verdict(on: PostgresError(.outcomeUnknown, ""), isInTime: true, jitter: 0)
            guard case .giveUp(let error as PostgresError) = retry.verdict(on: later, isInTime: true, jitter: 0) else {
                Issue.record("\(later) was tried again or believed")
                continue
            }
            #expect(error.code == .outcomeUnknown)
        }
    }

    @Test func theWaitGrowsAndIsJittered() {
        var retry = Retry(.readWrite, retryUnknown: false)
        let conflict = PostgresError(.serializationFailure, "")
        let waits = (0..<5).map { _ -> Duration in
            guard case .again(let wait, _) = retry.verdict(on: conflict, isInTime: true, jitter: 0.5) else {
                return .zero
            }
            return wait
        }
        #expect(waits == [2.5, 5, 10, 20, 40].map { .milliseconds($0) })
    }
}

@Suite struct CommitOutcomeTests {
    private let error = PostgresError(.foreignKeyViolation, "", sqlState: "23503")

    @Test func onlyTheTagCommitWithoutDoubtsIsCommitted() {
        #expect(CommitOutcome.decide(.done, tag: "COMMIT", doubts: [], isIdle: true) == .committed)
        for doubt in Notices.doubtful {
            guard case .unknown = CommitOutcome.decide(.done, tag: "COMMIT", doubts: [doubt], isIdle: true) else {
                Issue.record("\(doubt) is no doubt")
                return
            }
        }
    }

    @Test func theTagRollbackIsNotCommitted() {
        let outcome = CommitOutcome.decide(.done, tag: "ROLLBACK", doubts: [], isIdle: true)
        guard case .refused(let refusal) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(refusal.code == .notCommitted)
    }

    @Test func anErrorIsARefusalOnlyWhenTheServerIsReadyAfterIt() {
        #expect(CommitOutcome.decide(.failed(error), tag: "", doubts: [], isIdle: true) == .refused(error))
        let cut = CommitOutcome.decide(.failed(error), tag: "", doubts: [], isIdle: false)
        guard case .unknown = cut else {
            Issue.record("\(cut)")
            return
        }
    }

    @Test(arguments: ["", "INSERT 0 1", "commit", "COMMIT PREPARED", "BEGIN"])
    func anyOtherTagIsUnknown(_ tag: String) {
        guard case .unknown = CommitOutcome.decide(.done, tag: tag, doubts: [], isIdle: true) else {
            Issue.record("\(tag) counts as known")
            return
        }
    }
}

import Testing

@testable import Postgres

@Suite struct PoolStateTests {
    private let now = ContinuousClock.now

    private func job(_ deadline: ContinuousClock.Instant? = nil) -> PoolState.Job {
        PoolState.Job(patience: .init(deadline: deadline), run: { _ in {} }, refuse: { _ in })
    }

    /// `nil` when it is admitted.
    private func refusal(_ admission: PoolState.Admission) -> PostgresError.Code? {
        if case .refuse(let error) = admission { error.code } else { nil }
    }

    @Test func theLaneUsedLastIsTakenFirstAndOneWithoutConnectionLast() {
        var state = PoolState(lanes: 3, waitingMax: 1)
        for expected in 0..<3 {
            guard case .run(expected) = state.admit(job(), now: now) else {
                Issue.record("not lane \(expected)")
                return
            }
        }
        for (lane, isConnected) in [(1, true), (0, true), (2, false)] {
            _ = state.release(lane: lane, isConnected: isConnected, now: now)
        }
        #expect(state.idle == [2, 1, 0])
    }

    @Test func whoComesFirstIsServedFirstAndTheExpiredAreSkipped() {
        var state = PoolState(lanes: 1, waitingMax: 10)
        _ = state.admit(job(), now: now)
        let deadlines = [1, 5, 9].map { now + .seconds($0) }
        for deadline in deadlines { _ = state.admit(job(deadline), now: now) }
        let (next, refused) = state.release(lane: 0, isConnected: true, now: now + .seconds(3))
        #expect(next?.patience.deadline == deadlines[1])
        #expect(refused.map(\.0.patience.deadline) == [deadlines[0]])
        #expect(state.waiting.count == 1)
    }

    @Test func theQueueIsBounded() {
        var state = PoolState(lanes: 1, waitingMax: 2)
        for _ in 0..<3 { _ = state.admit(job(), now: now) }
        #expect(refusal(state.admit(job(), now: now)) == .busy)
    }

    @Test func theAlarmIsSetForTheEarliestDeadlineOnly() {
        var state = PoolState(lanes: 1, waitingMax: 10)
        _ = state.admit(job(), now: now)
        let alarms = [5, 9, 2].map { seconds -> ContinuousClock.Instant? in
            guard case .wait(let alarm) = state.admit(job(now + .seconds(seconds)), now: now) else { return nil }
            return alarm
        }
        #expect(alarms == [now + .seconds(5), nil, now + .seconds(2)])
        let (refused, next) = state.expire(now: now + .seconds(5))
        #expect(refused.count == 2 && next == now + .seconds(9))
    }

    @Test func whoHasWaitedTooLongIsToldThatItIsBusyBeforeTheDeadline() {
        var state = PoolState(lanes: 1, waitingMax: 10)
        _ = state.admit(job(), now: now)
        let patience = Patience(until: now + .seconds(10), from: now)
        let waiting = PoolState.Job(patience: patience, run: { _ in {} }, refuse: { _ in })
        guard case .wait(let alarm) = state.admit(waiting, now: now) else {
            Issue.record("it does not wait")
            return
        }
        #expect(alarm == now + .seconds(5))
        #expect(state.expire(now: now + .seconds(4)).refused.isEmpty)
        #expect(state.expire(now: now + .seconds(5)).refused.map(\.1.code) == [.busy])
    }

    @Test func anExpiredCallerIsRefusedEvenWhenALaneIsIdle() {
        var state = PoolState(lanes: 1, waitingMax: 1)
        #expect(refusal(state.admit(job(now), now: now)) == .deadline)
    }

    @Test func closingRefusesTheWaitingAndTheNew() {
        var state = PoolState(lanes: 1, waitingMax: 9)
        for _ in 0..<3 { _ = state.admit(job(), now: now) }
        #expect(state.close().count == 2)
        #expect(refusal(state.admit(job(), now: now)) == .closed)
    }

    @Test func theBackoffDoublesFrom50MillisecondsTo2Seconds() {
        var state = PoolState(lanes: 1, waitingMax: 0)
        let refused = PostgresError(.connectionRefused, "away")
        var time = now
        for wait in [50, 100, 200, 400, 800, 1600, 2000, 2000] {
            state.connectFailed(refused, began: time, now: time, jitter: 0)
            #expect(state.reasonNotToConnect(now: time + .milliseconds(wait - 1)) == refused)
            time += .milliseconds(wait)
            #expect(state.reasonNotToConnect(now: time) == nil)
        }
        state.connectFailed(refused, began: time, now: time, jitter: 0)
        state.connected()
        #expect(state.reasonNotToConnect(now: time) == nil)
    }

    @Test func lanesThatFailTogetherDoubleTheBackoffOnce() {
        var state = PoolState(lanes: 2, waitingMax: 0)
        let refused = PostgresError(.connectionRefused, "away")
        for _ in 0..<2 { state.connectFailed(refused, began: now, now: now + .milliseconds(1), jitter: 0) }
        #expect(state.reasonNotToConnect(now: now + .milliseconds(52)) == nil)
    }

    @Test func aGenerationIsRetiredOnce() {
        var state = PoolState(lanes: 2, waitingMax: 0)
        state.retire(0)
        state.retire(0)
        #expect(state.generation == 1)
    }

    @Test func theQueueKeepsItsOrderThroughPushesAndPops() {
        var queue = JobQueue()
        var expected = 0
        for number in 0..<1000 {
            queue.append(job(now + .seconds(number)))
            if number % 3 != 0 {
                #expect(queue.popFirst()?.patience.deadline == now + .seconds(expected))
                expected += 1
            }
        }
        #expect(queue.count == 1000 - expected)
        #expect(queue.earliestEnd == now + .seconds(expected))
    }
}

import Foundation
import JSONRPC

/// Whole lives of cases over HTTP, from the registration to the seal: each is taken from step to step without a pause, and
/// so many at once.
struct Lives: Sendable {
    static let atOnce = 32
    let place: Place
    let desks: Desks

    /// RFC 3339, to milliseconds.
    static var now: String { Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }

    private struct State: Sendable {
        struct Life: Sendable {
            var caseNumber = ""
            /// Among `Step.allCases`; `nil` while the case is being registered.
            var step: Int?
        }
        var lives: [Life]
        var request: Template
        var number = Registrations.first
        var stretch = Stretch()
    }

    /// - Returns: as many replies as lives.
    func run(for duration: Duration) async throws -> Stretch {
        let (load, messages) = (HTTPLoad(address: place.gateway), Registrations())
        let first = load.request(messages.body, token: desks.source, key: messages.id(Template.mark))
        let state = State(lives: Array(repeating: State.Life(), count: Self.atOnce), request: Template(first))
        let began = ContinuousClock.now
        var ended = try await load.drive(Self.atOnce, state) { state, line, reply in
            if let reply {
                try Replies.check(reply)
                let next = (state.lives[line].step ?? -1) + 1
                if state.lives[line].step == nil { state.lives[line].caseNumber = try Self.caseNumber(reply) }
                if next < Step.allCases.count {
                    state.lives[line].step = next
                    let (step, number) = (Step.allCases[next], state.lives[line].caseNumber)
                    let request = load.request(
                        step.body(number, at: Self.now), token: step.token(desks), key: step.key(number, messages.run))
                    return Array(request.utf8)
                }
                state.stretch.replies += 1
                state.stretch.moments.append((ContinuousClock.now - began) / .seconds(1))
                if ContinuousClock.now - began >= duration { return nil }
            }
            state.lives[line].step = nil
            state.request.write(state.number)
            state.number += 1
            return state.request.bytes
        }
        ended.stretch.seconds = (ContinuousClock.now - began) / .seconds(1)
        return ended.stretch
    }

    private static func caseNumber(_ reply: [UInt8]) throws -> String {
        guard case .result(let result) = try Reply.parse(reply).outcome,
            let number = try JSONValue(parsing: reply, in: result)["caseNumber"]?.stringValue
        else { throw Failure("a registration did not answer a case number") }
        return number
    }
}

/// Lives a second, beside the sum of what pgbench took for the registration and the six steps after it; it seals nothing.
struct LifeContest: Sendable {
    let lives: Lives
    let record: Record
    let processors: Processors
    let plan: Plan

    /// - Parameter seconds: that pgbench took for each part of a life.
    func run(beside seconds: [Double]) async throws -> [Report.Line] {
        var stretches: [Stretch] = []
        for _ in 0..<plan.otherRounds {
            try await record.settle()
            let (mark, before) = (try await record.mark(), try processors.used())
            var stretch = try await lives.run(for: .seconds(plan.seconds))
            try await record.settle()
            stretch.used = zip(try processors.used(), before).map { $0 - $1 }
            try await record.check("whole lives", stretch, after: mark, status: "archived")
            stretches.append(stretch)
        }
        Console.say("CPU a life, in ms: \(Processors.text(stretches))")
        return [
            Report.Line(
                what: "whole lives, registration to seal: HTTP, \(Lives.atOnce) at once",
                value: median(stretches.map(\.perSecondInTheMiddle)), unit: "/s",
                spread: stretches.map(\.perSecondInTheMiddle), reference: "pgbench, the sum of \(seconds.count) parts",
                referenceValue: 1 / seconds.reduce(0, +), bar: .atLeast(0.8))
        ]
    }
}

import Torture

/// A small history and the database that fits it: one case, registered, dispatched, claimed; one request refused, one
/// unknown. Every test spoils one thing in it.
struct SoundRun {
    var history: [Operation]
    var facts: Facts

    static let caseId = Int64(202_611_000_000_042)
    static let number = "202611-000000042"

    init() {
        history = [
            Self.operation(0, "intake.register", .natural("m-1"), answer: Self.answer(1, "registered")),
            Self.operation(1, "assignment.dispatch", answer: Self.answer(2, "dispatched")),
            Self.operation(2, "assignment.claim", answer: Self.answer(3, "claimed")),
            Self.operation(3, "assignment.claim", .refusal(code: 1004), refusal: 1004),
            Self.operation(4, "handling.addProgress"),
        ]
        facts = Facts()
        facts.timeline = [
            .init(
                caseId: Self.caseId, seq: 1, role: "source", action: "register", from: nil, to: "registered",
                person: "k0"),
            .init(
                caseId: Self.caseId, seq: 2, role: "office", action: "dispatch", from: "registered", to: "dispatched",
                person: "k1"),
            .init(
                caseId: Self.caseId, seq: 3, role: "unit", action: "claim", from: "dispatched", to: "claimed",
                person: "k2"),
        ]
        let place = Facts.Place(version: 2, ordinal: 1)
        let supervision = Facts.Address(consumer: "supervision", caseId: Self.caseId)
        facts.cases = [
            .init(id: Self.caseId, version: 3, status: "claimed", externalId: "m-1", emitted: ["supervision": place])
        ]
        for operation in history {
            guard let answer = operation.answer else { continue }
            facts.stored[operation.key] = .init(method: operation.method, response: answer)
        }
        facts.messages = [.init(id: "message-1", to: supervision, place: place)]
        facts.inbox = [Facts.pair("message-1", "supervision"): "{}"]
        facts.positions = [supervision: place]
    }

    /// What the checks find, by kind.
    var found: [Violation.Kind] { Checks.all(history, facts).map(\.kind) }

    static func answer(_ version: Int, _ status: String) -> [UInt8] {
        Array(#"{"caseNumber":"\#(number)","status":"\#(status)","version":\#(version)}"#.utf8)
    }

    static func operation(
        _ id: Int, _ method: String, _ effect: Operation.Effect = .once, answer: [UInt8]? = nil, refusal: Int? = nil
    ) -> Operation {
        var operation = Operation(id: id, method: method, key: "k\(id)", effect: effect)
        operation.answer = answer
        operation.refusal = refusal
        let outcome: Operation.Outcome = answer != nil ? .ok : refusal != nil ? .fail : .unknown
        operation.attempts = [.init(invoked: 0, ended: 1, outcome: outcome, note: "gateway.1")]
        return operation
    }
}

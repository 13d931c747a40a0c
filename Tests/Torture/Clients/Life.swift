import Domain
import JSONRPC

/// A case as the callers take it through its script: one request at a time, the next only when the one before is
/// answered.
struct Life: Sendable {
    /// A request that waits for its answer.
    struct Pending: Sendable {
        var operation: Int
        var deed: Deed
        var params: [UInt8]
        var tries = 0
        /// Whoever sends it does not care for the answer: it stays unknown if it is not the first.
        var isNeverAskedAgain: Bool
        var hasTwin: Bool
    }

    let number: Int
    var seed: Seed
    let script: Script
    private(set) var position = 0
    private(set) var caseNumber: String?
    private(set) var version = 0
    var pending: Pending?

    init(_ number: Int, run: Seed, name: String) {
        self.number = number
        seed = run.branch("life", number)
        script = Script(externalId: "\(name)-\(number)", &seed)
    }

    var isOver: Bool { position >= script.deeds.count }

    /// The next request, with a key that no other has.
    mutating func next(run name: String, _ history: History) -> Pending {
        let deed = script.deeds[position]
        let key = "\(name)-\(number)-\(position)"
        var members = [deed.params, #""idempotencyKey":"\#(key)","person":{"name":"\#(key)","title":"科员"}"#]
        if let caseNumber, deed.method != "intake.register" { members.append(#""caseNumber":"\#(caseNumber)""#) }
        if deed.method == "handling.confirmPublication" { members.append(#""at":"\#(Instant.present)""#) }
        let params = "{" + members.filter { !$0.isEmpty }.joined(separator: ",") + "}"
        let pending = Pending(
            operation: history.begin(deed.method, key: key, effect: deed.effect), deed: deed,
            params: Array(params.utf8),
            isNeverAskedAgain: seed.chance(0.02), hasTwin: seed.chance(0.03))
        self.pending = pending
        return pending
    }

    /// - Returns: whether the answer lets the life go on.
    mutating func take(_ answer: Answer) -> Bool {
        guard let pending else { return false }
        switch (answer, pending.deed.effect) {
        case (.result(let bytes), .once), (.result(let bytes), .natural):
            guard let result = try? JSONValue(parsing: bytes) else { return false }
            caseNumber = result["caseNumber"]?.stringValue ?? caseNumber
            version = result["version"]?.intValue ?? version
        case (.refused(let code, _), .refusal(let expected)) where code == expected: break
        default: return false
        }
        self.pending = nil
        position += 1
        return !isOver
    }
}

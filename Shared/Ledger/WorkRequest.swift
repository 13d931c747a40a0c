import Domain
import Postgres

/// What the ledger must know of a request besides its params.
public struct WorkRequest: Sendable {
    public var caller: Caller
    public var method: String
    public var person: Person?
    public var expectedVersion: Int?
    /// It is about one case, which it finds by its number.
    public var isOfOneCase = false
    /// How long the caller waits.
    public var patience = Patience.endless
    public var key: RequestKey?
    /// Where the call came from, for limits per address; `nil` when no gateway said.
    public var address: String?
    /// Finds the log lines of the request.
    public var traceId = ""

    public init(caller: Caller, method: String) {
        self.caller = caller
        self.method = method
    }
}

/// The key under which a mutation counts once, and the digest that tells whether it is the same mutation.
public struct RequestKey: Sendable, Hashable {
    public var text: String
    /// SHA-256 of the params as RFC 8785 text, without `idempotencyKey` and `expectedVersion`; 32 bytes.
    public var digest: [UInt8]
    /// A caller's key is kept 90 days; one that the gateway minted for its own tries, a day.
    public var daysKept: Int

    public init(text: String, digest: [UInt8], daysKept: Int) {
        self.text = text
        self.digest = digest
        self.daysKept = daysKept
    }
}

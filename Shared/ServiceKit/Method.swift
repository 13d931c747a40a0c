import Domain
import Ledger

/// One JSON-RPC method of a service: its name, what goes in, what comes out, who may call it, and the code that answers.
///
/// `handle` runs inside the transaction that also writes the caller's key, so it is synchronous and touches nothing but
/// `work` and the values of `service`; it may run again.
public protocol Method<Service>: Sendable {
    associatedtype Service: Sendable
    associatedtype Params: Codable & Sendable
    associatedtype Result: Codable & Sendable

    /// The wire name, `service.verbNoun`.
    static var name: String { get }
    /// Who may call it; empty for anyone, without a token.
    static var roles: Set<Role> { get }
    static var kind: MethodKind { get }
    /// One line for the OpenRPC document, the Chinese term first.
    static var summary: String { get }

    static func handle(_ params: Params, in work: Work, of service: Service) throws -> Result
}

/// What a method does to the system of record, and so which common params it takes.
public enum MethodKind: Sendable {
    case read
    /// A read whose reading is recorded (`revealIdentity`). It takes a key and a person; its answer is not stored.
    case recordedRead
    /// Takes `idempotencyKey` and `person`.
    case mutation
    /// Takes `expectedVersion` too.
    case caseMutation
    /// What another service tells; applied once and in the order of its case.
    case event

    var takesKey: Bool {
        switch self {
        case .recordedRead, .mutation, .caseMutation: true
        case .read, .event: false
        }
    }
}

/// An event's handler. Its params are always the same; it judges the record as it is now.
public protocol EventMethod<Service>: Method where Params == EventParams {}

extension EventMethod {
    public static var roles: Set<Role> { [.service] }
    public static var kind: MethodKind { .event }
}

/// For results that say nothing.
public struct Empty: Codable, Sendable, Hashable {
    public init() {}
}

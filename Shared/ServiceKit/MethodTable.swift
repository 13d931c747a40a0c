import Domain
import JSONRPC
import Ledger

/// Every method that a program answers, by its wire name. The OpenRPC document is made from the same table.
public struct MethodTable: Sendable {
    struct Entry: Sendable {
        let name: String
        let roles: Set<Role>
        /// The common params it takes; `nil` for what the instance answers by itself.
        let kind: MethodKind
        let summary: String
        let params: JSONValue
        let result: JSONValue
        /// Calls that wait are done together, so those of one batch need not wait for one another.
        var isGathered = false
        let run: @Sendable (_ invocation: Invocation, _ ledger: Ledger) async throws -> Outcome
    }

    /// A result's JSON, and what must be sent now that it is committed.
    struct Outcome: Sendable {
        var result: [UInt8]
        var events: [OutgoingEvent] = []
    }

    private(set) var entries: [String: Entry] = [:]

    /// No methods but what every program answers.
    public init() {}

    public init<Service: Sendable>(_ methods: [any Method<Service>.Type], of service: Service) {
        for method in methods {
            if let gathered = method as? any GatheredMethod<Service>.Type {
                add(gathered: gathered, service)
            } else {
                add(method, service)
            }
        }
    }

    /// Adds methods that belong to the running instance and not to the system of record.
    mutating func add(_ entry: Entry) {
        precondition(entries[entry.name] == nil, "\(entry.name) is listed twice")
        entries[entry.name] = entry
    }

    public var names: [String] { entries.keys.sorted() }

    private mutating func add<Service: Sendable, M: Method<Service>>(_ method: M.Type, _ service: Service) {
        add(
            Self.entry(M.self) { invocation, ledger in
                try await invocation.perform(M.self, of: service, in: ledger)
            })
    }

    private mutating func add<Service: Sendable, M: GatheredMethod<Service>>(
        gathered method: M.Type, _ service: Service
    ) {
        let gatherer = Gatherer<M>(service: service)
        var entry = Self.entry(M.self) { invocation, ledger in
            try await invocation.perform(gatherer, of: service, in: ledger)
        }
        entry.isGathered = true
        add(entry)
    }

    private static func entry<M: Method>(
        _ method: M.Type, run: @escaping @Sendable (Invocation, Ledger) async throws -> Outcome
    ) -> Entry {
        Entry(
            name: M.name, roles: M.roles, kind: M.kind, summary: M.summary,
            params: schema(of: M.Params.self, M.name, takes: CommonParams.schema(M.kind)),
            result: schema(of: M.Result.self, M.name, takes: []), run: run)
    }

    static func schema(of type: any Decodable.Type, _ name: String, takes common: [JSONMember]) -> JSONValue {
        do {
            let schema = try SchemaProbe.schema(of: type)
            guard !common.isEmpty, case .object(var members) = schema,
                let index = members.firstIndex(where: { $0.name == "properties" }),
                case .object(let properties) = members[index].value
            else { return schema }
            members[index].value = .object(properties + common)
            return .object(members)
        } catch {
            preconditionFailure("\(name) has a type that no schema can be made of: \(error)")
        }
    }
}

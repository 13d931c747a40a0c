import JSONRPC
import Postgres

extension City {
    /// The code of the refusal; `nil` when the call succeeded.
    public func code(_ method: String, _ params: JSONValue = [:], as who: Who) async -> Int? {
        await refusal(method, params, as: who)?.code
    }

    /// How many rows a query counts.
    public func count(_ query: String) async throws -> Int {
        try await sql { db in try db.value("SELECT count(*) FROM \(raw: query)") }
    }
}

extension RPCError {
    /// The paths of the fields that were refused.
    public var paths: [String] { self["fields"]?.elements?.compactMap { $0["path"]?.stringValue } ?? [] }
}

extension JSONValue {
    /// The object with these members in place of its own.
    public func with(_ changes: KeyValuePairs<String, JSONValue>) -> JSONValue {
        let names = changes.map { JSONString($0.key) }
        return .object(
            (members ?? []).filter { !names.contains($0.name) }
                + changes.map { JSONMember(JSONString($0.key), $0.value) })
    }

    public var nameSet: Set<String> { Set((members ?? []).map(\.name.text)) }
    /// The value as JSON.
    public var json: String { String(decoding: serialized(), as: UTF8.self) }
}

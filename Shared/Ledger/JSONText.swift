import JSONRPC
import Postgres

/// A value kept as JSON in a `json`, `jsonb` or `text` column.
public struct JSONText<Value: Codable & Sendable>: SQLValue {
    public var value: Value

    public init(_ value: Value) { self.value = value }

    public init?(sqlText: String) {
        guard let json = try? JSONValue(parsing: Array(sqlText.utf8)),
            let held = try? ParamsDecoder.decode(Held.self, from: ["value": json], unknownNames: .ignored)
        else { return nil }
        value = held.value
    }

    /// The decoder takes objects, and a column may hold an array.
    private struct Held: Decodable { var value: Value }

    /// Only the program's own values come here, and all of them can be written.
    public var sqlText: String {
        do {
            return String(decoding: try JSONWriter.encode(value), as: UTF8.self)
        } catch {
            preconditionFailure("\(Value.self) cannot be written as JSON: \(error)")
        }
    }
}

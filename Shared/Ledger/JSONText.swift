import JSONRPC
import Postgres

/// A value kept as JSON in a `json`, `jsonb` or `text` column.
public struct JSONText<Value: Codable & Sendable>: SQLValue {
    public var value: Value

    public init(_ value: Value) { self.value = value }

    public init?(sqlText: String) {
        guard let json = try? JSONValue(parsing: Array(sqlText.utf8)),
            let value = try? ParamsDecoder.decode(Value.self, from: json, unknownNames: .ignored)
        else { return nil }
        self.value = value
    }

    /// Only the program's own values come here, and all of them can be written.
    public var sqlText: String {
        do {
            return String(decoding: try JSONWriter.encode(value), as: UTF8.self)
        } catch {
            preconditionFailure("\(Value.self) cannot be written as JSON: \(error)")
        }
    }
}

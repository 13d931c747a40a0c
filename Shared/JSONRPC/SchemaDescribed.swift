/// A type that says what its JSON looks like, because that cannot be seen by decoding it: `Title`, `CaseNumber`, `Day`.
public protocol SchemaDescribed {
    /// A JSON Schema (draft 2020-12), for example `{"type": "string", "minLength": 1, "maxLength": 200}`.
    static var schema: JSONValue { get }
    /// A value that its own rules accept. It stands in while a type that holds it is probed or checked further.
    static var sample: Self { get }
}

/// Params that may also come by position.
public protocol PositionalParams {
    /// The member names in order.
    static var positions: [String] { get }
}

import JSONRPC

extension Retention: SchemaDescribed {
    static var schema: JSONValue { ["type": "string", "pattern": "^(permanent|[1-9][0-9]{0,2}y)$"] }
    static var sample: Retention { .years(10) }
}

import Domain
import JSONRPC

extension Retention: SchemaDescribed {
    public static var schema: JSONValue { ["type": "string", "pattern": "^(permanent|[1-9][0-9]{0,2}y)$"] }
    public static var sample: Retention { .years(10) }
}

import Domain
import JSONRPC

/// The OpenRPC document (1.3.2) of a method table. It is made from the table that dispatches, so it cannot drift.
public enum OpenRPC {
    static func document(_ table: MethodTable, title: String) -> JSONValue {
        document(methods: table.entries.values.sorted { $0.name < $1.name }.map(method), title: title)
    }

    public static func document(methods: [JSONValue], title: String) -> JSONValue {
        [
            "openrpc": "1.3.2",
            "info": ["title": JSONValue(title), "version": JSONValue(Version.text)],
            "methods": .array(methods),
            "components": ["errors": .object(errors.map { JSONMember(JSONString($0.name), error($0)) })],
        ]
    }

    private static func method(_ entry: MethodTable.Entry) -> JSONValue {
        let required = Set((entry.params["required"]?.elements ?? []).compactMap(\.stringValue))
        let params = (entry.params["properties"]?.members ?? []).map { member -> JSONValue in
            [
                "name": JSONValue(member.name.text), "required": JSONValue(required.contains(member.name.text)),
                "schema": member.value,
            ]
        }
        return [
            "name": JSONValue(entry.name), "summary": JSONValue(entry.summary),
            "paramStructure": entry.name == "system.subtract" ? "either" : "by-name",
            "params": .array(params),
            "result": ["name": "result", "schema": entry.result],
            "errors": .array(errors.map { ["$ref": JSONValue("#/components/errors/\($0.name)")] }),
            "x-roles": .array(entry.roles.map(\.rawValue).sorted().map { JSONValue($0) }),
        ]
    }

    private static func error(_ entry: (name: String, code: Int, message: String)) -> JSONValue {
        ["code": JSONValue(entry.code), "message": JSONValue(entry.message)]
    }

    private static let errors: [(name: String, code: Int, message: String)] = [
        ("ParseError", -32700, "Parse error"), ("InvalidRequest", -32600, "Invalid Request"),
        ("MethodNotFound", -32601, "Method not found"), ("InvalidParams", -32602, "Invalid params"),
        ("InternalError", -32603, "Internal error"), ("Unauthenticated", -32001, "Unauthenticated"),
        ("NotAllowed", -32003, "Not allowed"), ("Overloaded", -32005, "Overloaded"),
        ("DeadlineExceeded", -32008, "Deadline exceeded"), ("KeyInUse", -32009, "Key in use"),
        ("KeyReused", -32022, "Key reused"), ("Unavailable", -32050, "Unavailable"), ("NotFound", 1001, "Not found"),
        ("WrongStatus", 1002, "Wrong status"), ("StaleVersion", 1003, "Stale version"),
        ("AlreadyClaimed", 1004, "Already claimed"), ("TooLate", 1005, "Too late"),
        ("LimitReached", 1006, "Limit reached"),
        ("ConflictOfInterest", 1007, "Conflict of interest"), ("CoOrdersOpen", 1008, "Co-orders open"),
        ("UnknownReference", 1009, "Unknown reference"), ("Sealed", 1010, "Sealed"),
        ("NotAccepted", 1011, "Not accepted"),
    ]
}

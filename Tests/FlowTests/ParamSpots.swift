import JSONRPC

/// A place in the params of a method, as its schema names it: `petitioner.phone`, `attachments[0].bytes`.
struct ParamSpot: Sendable {
    enum Step: Sendable, Equatable {
        case name(String)
        case first
    }

    var steps: [Step]
    var schema: JSONValue
    var isRequired: Bool

    var path: String {
        steps.reduce("") { path, step in
            switch step {
            case .name(let name): path.isEmpty ? name : "\(path).\(name)"
            case .first: "\(path)[0]"
            }
        }
    }

    var type: String { schema["type"]?.stringValue ?? "any" }

    /// The params with another value here.
    func putting(_ value: JSONValue, in params: JSONValue) -> JSONValue { Self.put(value, in: params, steps[...]) }

    private static func put(_ value: JSONValue, in params: JSONValue, _ steps: ArraySlice<Step>) -> JSONValue {
        switch steps.first {
        case nil: return value
        case .first: return .array([put(value, in: params[0] ?? .null, steps.dropFirst())])
        case .name(let name):
            let inner = put(value, in: params[name] ?? .null, steps.dropFirst())
            return .object(
                (params.members ?? []).filter { $0.name.text != name } + [JSONMember(JSONString(name), inner)])
        }
    }

    /// Every place of an object's schema, its own members and what lies in them.
    static func all(in schema: JSONValue, at steps: [Step] = []) -> [ParamSpot] {
        switch schema["type"]?.stringValue {
        case "object":
            let required = (schema["required"]?.elements ?? []).compactMap(\.stringValue)
            return (schema["properties"]?.members ?? []).flatMap { member -> [ParamSpot] in
                let here = steps + [.name(member.name.text)]
                let spot = ParamSpot(steps: here, schema: member.value, isRequired: required.contains(member.name.text))
                return [spot] + all(in: member.value, at: here)
            }
        case "array":
            guard let items = schema["items"] else { return [] }
            let here = steps + [.first]
            return [ParamSpot(steps: here, schema: items, isRequired: true)] + all(in: items, at: here)
        default: return []
        }
    }
}

/// Params that fit a schema.
enum SampleParams {
    /// - Parameter known: values for names that must refer to something.
    static func of(_ schema: JSONValue, known: [String: JSONValue], name: String = "") -> JSONValue {
        if let value = known[name] { return value }
        if let word = schema["enum"]?[0] { return word }
        switch schema["type"]?.stringValue {
        case "object":
            return .object(
                (schema["properties"]?.members ?? []).map {
                    JSONMember($0.name, of($0.value, known: known, name: $0.name.text))
                })
        case "array": return .array([of(schema["items"] ?? [:], known: known, name: "\(name)[]")])
        case "integer": return schema["minimum"] ?? 1
        case "number": return 25
        case "boolean": return false
        case "string":
            switch schema["format"]?.stringValue {
            case "date": return "2026-03-02"
            case "date-time": return "2026-03-02T08:00:00+08:00"
            case "uri": return "https://example.org/1"
            default: return schema["pattern"] == nil ? "1" : JSONValue(String(repeating: "0", count: 64))
            }
        default: return "1"
        }
    }
}

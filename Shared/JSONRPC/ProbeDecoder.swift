/// The `Decoder` that notes what a type asks for and answers with stand-ins.
final class ProbeDecoder: Decoder {
    private enum Shape {
        case unasked
        case anything
        case scalar(JSONValue)
        case array
        case object
    }

    struct Field {
        let name: String
        let schema: JSONValue
        let isRequired: Bool
    }

    private let outer: [ObjectIdentifier]
    private var shape = Shape.unasked
    private var fields: [Field] = []
    /// The schema of an array's elements; nil while none was asked for.
    private var element: JSONValue?
    /// The schema of members of any name; nil where the names are known.
    private var anyMember: JSONValue?
    private var nested: [(name: String, decoder: ProbeDecoder)] = []
    /// Names whose presence was asked for: optional, whatever follows.
    private var tested: Set<String> = []

    /// Whether arrays and dictionaries are to be empty.
    var answersEmpty = false

    let codingPath: [any CodingKey] = []
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(inside outer: [ObjectIdentifier]) { self.outer = outer }

    var schema: JSONValue {
        switch shape {
        case .unasked, .object: objectSchema
        case .anything: [:]
        case .scalar(let schema): schema
        case .array: ["type": "array", "items": element ?? nested.first?.decoder.schema ?? [:]]
        }
    }

    var knowsElements: Bool { element != nil || anyMember != nil }

    func noteAnything() { shape = .anything }
    func note(scalar type: String) { shape = .scalar(["type": JSONValue(type)]) }
    func note(schema: JSONValue) { shape = .scalar(schema) }
    func note(element schema: JSONValue) { element = schema }
    func note(test name: String) { tested.insert(name) }
    func note(anyMember schema: JSONValue) { anyMember = schema }

    func note(_ name: String, _ schema: JSONValue, isRequired: Bool) {
        guard !fields.contains(where: { $0.name == name }) else { return }
        fields.append(Field(name: name, schema: schema, isRequired: isRequired && !tested.contains(name)))
    }

    /// The schema and a stand-in of a type that this one holds.
    func probe<T: Decodable>(_ type: T.Type) throws -> Probed<T> { try Probed(type, inside: outer) }

    func nest(_ name: String) -> ProbeDecoder {
        let decoder = ProbeDecoder(inside: outer)
        nested.append((name, decoder))
        return decoder
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        shape = .object
        return KeyedDecodingContainer(ProbeObjectContainer(decoder: self))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer {
        shape = .array
        return ProbeArrayContainer(decoder: self)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { ProbeScalarContainer(decoder: self) }

    private var objectSchema: JSONValue {
        let all = fields + nested.map { Field(name: $0.name, schema: $0.decoder.schema, isRequired: true) }
        if let anyMember, all.isEmpty { return ["type": "object", "additionalProperties": anyMember] }
        return [
            "type": "object",
            "properties": .object(all.map { JSONMember(JSONString($0.name), $0.schema) }),
            "required": .array(all.filter(\.isRequired).map { JSONValue($0.name) }),
            "additionalProperties": anyMember ?? false,
        ]
    }
}

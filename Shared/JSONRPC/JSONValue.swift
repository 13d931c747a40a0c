/// A JSON value in memory that loses nothing of its text but whitespace and the spelling of escapes.
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(JSONString)
    case array([JSONValue])
    /// The members in the order in which they were written.
    case object([JSONMember])

    public init(_ value: Bool) { self = .bool(value) }
    public init(_ value: some BinaryInteger) { self = .number(JSONNumber(value)) }
    public init(_ value: String) { self = .string(JSONString(value)) }

    /// The member of that name; nil if there is none or this is not an object.
    public subscript(name: String) -> JSONValue? {
        members?.first { $0.name.isExactly(name) }?.value
    }

    /// The element at `index`; nil if there is none or this is not an array.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    public var isNull: Bool { self == .null }

    public var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// nil also for a number that is not integral or not in range.
    public var intValue: Int? {
        guard case .number(let number) = self, case .value(let value) = number.integer(Int.self) else { return nil }
        return value
    }

    /// nil also for a number too large for a double.
    public var doubleValue: Double? {
        guard case .number(let number) = self else { return nil }
        return number.double
    }

    /// nil also for a string that holds a lone surrogate.
    public var stringValue: String? {
        guard case .string(let string) = self, !string.hasLoneSurrogate else { return nil }
        return string.text
    }

    public var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    public var members: [JSONMember]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}

/// A name and its value in an object.
public struct JSONMember: Sendable, Equatable {
    public let name: JSONString
    public var value: JSONValue

    public init(_ name: JSONString, _ value: JSONValue) {
        self.name = name
        self.value = value
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
    public init(stringLiteral value: String) { self = .string(JSONString(value)) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral members: (JSONString, JSONValue)...) {
        self = .object(members.map { JSONMember($0.0, $0.1) })
    }
}

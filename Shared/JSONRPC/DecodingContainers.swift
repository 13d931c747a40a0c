/// The keyed container of params: an object.
struct ObjectContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let decoder: ValueDecoder
    private let object: ObjectReader

    init(_ decoder: ValueDecoder, _ object: ObjectReader) {
        self.decoder = decoder
        self.object = object
    }

    var codingPath: [any CodingKey] { decoder.codingPath }

    /// Whoever asks for all keys gets those that `Key` knows, and has asked for them.
    var allKeys: [Key] {
        object.members.compactMap { member in
            guard let key = Key(stringValue: member.name.text) else { return nil }
            _ = object.value(member.name.text)
            return key
        }
    }

    func contains(_ key: Key) -> Bool { object.value(key.stringValue) != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try value(key).isNull }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        do {
            return try decoder.pass.read(type, value(key), at: path(key))
        } catch let problem as ParamsProblem {
            return try decoder.pass.standIn(for: type, after: problem)
        }
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        guard let value = object.value(key.stringValue), !value.isNull else { return nil }
        do {
            return try decoder.pass.read(type, value, at: path(key))
        } catch let problem as ParamsProblem {
            guard decoder.pass.goesOn(after: problem) else { throw problem }
            return nil
        }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try nested(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try nested(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        let name = "super"
        return decoder.nest(object.value(name) ?? .null, at: .name(name, in: decoder.path))
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { try nested(key) }

    private func nested(_ key: Key) throws -> ValueDecoder { decoder.nest(try value(key), at: path(key)) }

    private func path(_ key: Key) -> FieldPath { .name(key.stringValue, in: decoder.path) }

    private func value(_ key: Key) throws -> JSONValue {
        guard let value = object.value(key.stringValue) else { throw ParamsProblem(path(key), "required") }
        return value
    }
}

/// The unkeyed container of params: an array.
struct ArrayContainer: UnkeyedDecodingContainer {
    private let decoder: ValueDecoder
    private let elements: [JSONValue]
    private(set) var currentIndex = 0

    init(_ decoder: ValueDecoder, _ elements: [JSONValue]) {
        self.decoder = decoder
        self.elements = elements
    }

    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    mutating func decodeNil() throws -> Bool {
        guard try current().isNull else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let element = try current()
        let result: T
        do {
            result = try decoder.pass.read(type, element, at: path)
        } catch let problem as ParamsProblem {
            result = try decoder.pass.standIn(for: type, after: problem)
        }
        currentIndex += 1
        return result
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested>
    {
        try nested().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try nested().unkeyedContainer() }

    mutating func superDecoder() throws -> any Decoder { try nested() }

    private mutating func nested() throws -> ValueDecoder {
        let nested = decoder.nest(try current(), at: path)
        currentIndex += 1
        return nested
    }

    private var path: FieldPath { .index(currentIndex, in: decoder.path) }

    private func current() throws -> JSONValue {
        guard !isAtEnd else { throw ParamsProblem(path, "required") }
        return elements[currentIndex]
    }
}

/// The single-value container of params.
struct ScalarContainer: SingleValueDecodingContainer {
    let decoder: ValueDecoder

    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.value.isNull }

    func decode(_ type: Bool.Type) throws -> Bool {
        guard case .bool(let value) = decoder.value else { throw decoder.mismatch("must be true or false") }
        return value
    }

    func decode(_ type: String.Type) throws -> String {
        guard case .string(let string) = decoder.value else { throw decoder.mismatch("must be a string") }
        if let flaw = string.flaw { throw ParamsProblem(decoder.path, flaw) }
        return string.text
    }

    func decode(_ type: Double.Type) throws -> Double {
        guard case .number(let number) = decoder.value else { throw decoder.mismatch("must be a number") }
        guard let value = number.double else { throw ParamsProblem(decoder.path, "out of range") }
        return value
    }

    func decode(_ type: Float.Type) throws -> Float {
        let value = Float(try decode(Double.self))
        guard value.isFinite else { throw ParamsProblem(decoder.path, "out of range") }
        return value
    }

    func decode(_ type: Int.Type) throws -> Int { try integer() }
    func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
    func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
    func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
    func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
    func decode(_ type: UInt.Type) throws -> UInt { try integer() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }

    func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.convert(type) }

    private func integer<Integer: FixedWidthInteger & Sendable>() throws -> Integer {
        guard case .number(let number) = decoder.value else { throw decoder.mismatch("must be an integer") }
        switch number.integer(Integer.self) {
        case .value(let value): return value
        case .notIntegral: throw ParamsProblem(decoder.path, "must be an integer")
        case .outOfRange: throw ParamsProblem(decoder.path, "out of range")
        }
    }
}

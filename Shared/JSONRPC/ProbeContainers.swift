struct ProbeObjectContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: ProbeDecoder

    /// A name that only a key type made for any name takes, as that of a dictionary.
    private let anyName = "a name"

    var codingPath: [any CodingKey] { [] }

    var allKeys: [Key] { decoder.answersEmpty ? [] : Key(stringValue: anyName).map { [$0] } ?? [] }

    func contains(_ key: Key) -> Bool {
        decoder.note(test: key.stringValue)
        return true
    }

    func decodeNil(forKey key: Key) -> Bool {
        decoder.note(test: key.stringValue)
        return false
    }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
        let probed = try decoder.probe(type)
        if key.stringValue == anyName {
            decoder.note(anyMember: probed.schema)
        } else {
            decoder.note(key.stringValue, probed.schema, isRequired: true)
        }
        guard let sample = probed.sample else { throw SchemaUnknown(type: "\(type)") }
        return sample
    }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? { try absent(type, key) }

    // Without these the protocol's own, which call `contains` and `decode`, would be taken for the plain types.
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try absent(type, key) }
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try absent(type, key) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try absent(type, key) }
    func decodeIfPresent(_ type: Float.Type, forKey key: Key) throws -> Float? { try absent(type, key) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try absent(type, key) }
    func decodeIfPresent(_ type: Int8.Type, forKey key: Key) throws -> Int8? { try absent(type, key) }
    func decodeIfPresent(_ type: Int16.Type, forKey key: Key) throws -> Int16? { try absent(type, key) }
    func decodeIfPresent(_ type: Int32.Type, forKey key: Key) throws -> Int32? { try absent(type, key) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try absent(type, key) }
    func decodeIfPresent(_ type: UInt.Type, forKey key: Key) throws -> UInt? { try absent(type, key) }
    func decodeIfPresent(_ type: UInt8.Type, forKey key: Key) throws -> UInt8? { try absent(type, key) }
    func decodeIfPresent(_ type: UInt16.Type, forKey key: Key) throws -> UInt16? { try absent(type, key) }
    func decodeIfPresent(_ type: UInt32.Type, forKey key: Key) throws -> UInt32? { try absent(type, key) }
    func decodeIfPresent(_ type: UInt64.Type, forKey key: Key) throws -> UInt64? { try absent(type, key) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedDecodingContainer<Nested> {
        decoder.nest(key.stringValue).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer {
        decoder.nest(key.stringValue).unkeyedContainer()
    }

    func superDecoder() -> any Decoder { decoder.nest("super") }

    func superDecoder(forKey key: Key) -> any Decoder { decoder.nest(key.stringValue) }

    private func absent<T: Decodable>(_ type: T.Type, _ key: Key) throws -> T? {
        decoder.note(key.stringValue, try decoder.probe(type).schema, isRequired: false)
        return nil
    }
}

/// An array of one element, or of none where the element's type is being probed already.
struct ProbeArrayContainer: UnkeyedDecodingContainer {
    let decoder: ProbeDecoder
    private(set) var currentIndex = 0

    init(decoder: ProbeDecoder) { self.decoder = decoder }

    var codingPath: [any CodingKey] { [] }
    var count: Int? { nil }
    var isAtEnd: Bool { decoder.answersEmpty || currentIndex > 0 }

    func decodeNil() -> Bool { false }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let probed = try decoder.probe(type)
        currentIndex += 1
        decoder.note(element: probed.schema)
        guard let sample = probed.sample else { throw SchemaUnknown(type: "\(type)") }
        return sample
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedDecodingContainer<Nested> {
        nested().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer { nested().unkeyedContainer() }

    mutating func superDecoder() -> any Decoder { nested() }

    private mutating func nested() -> ProbeDecoder {
        currentIndex += 1
        return decoder.nest("")
    }
}

struct ProbeScalarContainer: SingleValueDecodingContainer {
    let decoder: ProbeDecoder

    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { false }

    func decode(_ type: Bool.Type) -> Bool { noted("boolean", false) }
    func decode(_ type: String.Type) -> String { noted("string", "") }
    func decode(_ type: Double.Type) -> Double { noted("number", 0) }
    func decode(_ type: Float.Type) -> Float { noted("number", 0) }
    func decode(_ type: Int.Type) -> Int { noted("integer", 0) }
    func decode(_ type: Int8.Type) -> Int8 { noted("integer", 0) }
    func decode(_ type: Int16.Type) -> Int16 { noted("integer", 0) }
    func decode(_ type: Int32.Type) -> Int32 { noted("integer", 0) }
    func decode(_ type: Int64.Type) -> Int64 { noted("integer", 0) }
    func decode(_ type: UInt.Type) -> UInt { noted("integer", 0) }
    func decode(_ type: UInt8.Type) -> UInt8 { noted("integer", 0) }
    func decode(_ type: UInt16.Type) -> UInt16 { noted("integer", 0) }
    func decode(_ type: UInt32.Type) -> UInt32 { noted("integer", 0) }
    func decode(_ type: UInt64.Type) -> UInt64 { noted("integer", 0) }

    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        let probed = try decoder.probe(type)
        decoder.note(schema: probed.schema)
        guard let sample = probed.sample else { throw SchemaUnknown(type: "\(type)") }
        return sample
    }

    private func noted<T>(_ type: String, _ sample: T) -> T {
        decoder.note(scalar: type)
        return sample
    }
}

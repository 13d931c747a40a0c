struct ObjectEncodingContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: ValueEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil(forKey key: Key) { encoder.member(key).write { $0.append(ascii: "null") } }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws { try encoder.member(key).encode(value) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        encoder.member(key, detached: true).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        encoder.member(key, detached: true).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { encoder.member(PathKey(stringValue: "super"), detached: true) }

    func superEncoder(forKey key: Key) -> any Encoder { encoder.member(key, detached: true) }
}

struct ArrayEncodingContainer: UnkeyedEncodingContainer {
    let encoder: ValueEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { encoder.count }

    func encodeNil() { encoder.element().write { $0.append(ascii: "null") } }

    func encode<T: Encodable>(_ value: T) throws { try encoder.element().encode(value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        encoder.element(detached: true).container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder.element(detached: true).unkeyedContainer() }

    func superEncoder() -> any Encoder { encoder.element(detached: true) }
}

struct ScalarEncodingContainer: SingleValueEncodingContainer {
    let encoder: ValueEncoder

    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil() { encoder.write { $0.append(ascii: "null") } }

    func encode(_ value: Bool) { encoder.write { value ? $0.append(ascii: "true") : $0.append(ascii: "false") } }

    func encode(_ value: String) { encoder.write { $0.append(string: value) } }

    func encode(_ value: Double) throws {
        guard value.isFinite else {
            throw EncodingError.invalidValue(
                value, .init(codingPath: codingPath, debugDescription: "JSON has no infinity and no NaN"))
        }
        encoder.write { $0.append(token: CanonicalNumber.text(of: value)) }
    }

    func encode(_ value: Float) throws { try encode(Double(value)) }

    func encode(_ value: Int) { integer(value) }
    func encode(_ value: Int8) { integer(value) }
    func encode(_ value: Int16) { integer(value) }
    func encode(_ value: Int32) { integer(value) }
    func encode(_ value: Int64) { integer(value) }
    func encode(_ value: UInt) { integer(value) }
    func encode(_ value: UInt8) { integer(value) }
    func encode(_ value: UInt16) { integer(value) }
    func encode(_ value: UInt32) { integer(value) }
    func encode(_ value: UInt64) { integer(value) }

    func encode<T: Encodable>(_ value: T) throws { try value.encode(to: encoder) }

    private func integer(_ value: some BinaryInteger) { encoder.write { $0.append(token: String(value)) } }
}

extension ValueEncoder {
    fileprivate func encode(_ value: some Encodable) throws {
        try value.encode(to: self)
        close()
    }
}

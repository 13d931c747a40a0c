/// Writes `Encodable` values as compact JSON.
///
/// Members stand in the order in which `encode(to:)` names them, which for synthesized code is the declared order; nil
/// optionals are left out; numbers are written as RFC 8785 does; neither `/` nor Chinese is escaped. (A `Dictionary`
/// has no order of its own: encode an array, or build a `JSONValue`, where the order matters.)
public enum JSONWriter {
    /// - Throws: `EncodingError.invalidValue` for infinities and NaN, and whatever the value's `encode(to:)` throws.
    public static func encode<T: Encodable>(_ value: T) throws -> [UInt8] {
        let encoder = ValueEncoder(at: .root, into: OutputSegment())
        try value.encode(to: encoder)
        encoder.close()
        var bytes: [UInt8] = []
        encoder.segment.flatten(into: &bytes)
        return bytes
    }
}

/// A stretch of output, and the places in it where others are put in when all is done.
///
/// A value that `encode(_:forKey:)` gets is complete when its `encode(to:)` returns, so it writes into its parent's
/// stretch. Only nested containers and super encoders, which may be filled later and in any order, have stretches of
/// their own.
final class OutputSegment {
    var output = JSONOutput()
    private var insertions: [(at: Int, encoder: ValueEncoder)] = []

    func insert(_ encoder: ValueEncoder) { insertions.append((output.bytes.count, encoder)) }

    func flatten(into bytes: inout [UInt8]) {
        guard !insertions.isEmpty else {
            bytes = bytes.isEmpty ? output.bytes : bytes + output.bytes
            return
        }
        var written = 0
        for (at, encoder) in insertions {
            bytes += output.bytes[written..<at]
            encoder.close()
            encoder.segment.flatten(into: &bytes)
            written = at
        }
        bytes += output.bytes[written...]
    }
}

/// The `Encoder` of one value.
final class ValueEncoder: Encoder {
    private enum Shape { case none, object, array, scalar }

    let path: FieldPath
    let segment: OutputSegment
    private var shape = Shape.none
    private(set) var count = 0

    var codingPath: [any CodingKey] { path.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(at path: FieldPath, into segment: OutputSegment) {
        self.path = path
        self.segment = segment
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        open(.object, ASCII.braceOpen)
        return KeyedEncodingContainer(ObjectEncodingContainer(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        open(.array, ASCII.bracketOpen)
        return ArrayEncodingContainer(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { ScalarEncodingContainer(encoder: self) }

    /// Writes the whole value. Writing two values into one place is a fault of the type.
    func write(_ body: (inout JSONOutput) -> Void) {
        precondition(shape == .none, "\(path.text) is encoded twice")
        shape = .scalar
        body(&segment.output)
    }

    /// Begins the next member and hands back the encoder of its value.
    func member(_ key: any CodingKey, detached: Bool = false) -> ValueEncoder {
        separate()
        segment.output.append(string: key.stringValue)
        segment.output.append(ASCII.colon)
        return child(.name(key.stringValue, in: path), detached)
    }

    /// Begins the next element and hands back its encoder.
    func element(detached: Bool = false) -> ValueEncoder {
        let index = count
        separate()
        return child(.index(index, in: path), detached)
    }

    /// Ends the value; one that wrote nothing is `{}`.
    func close() {
        switch shape {
        case .none: segment.output.append(ascii: "{}")
        case .object: segment.output.append(ASCII.braceClose)
        case .array: segment.output.append(ASCII.bracketClose)
        case .scalar: break
        }
        shape = .scalar
    }

    private func open(_ wanted: Shape, _ byte: UInt8) {
        if shape == wanted { return }
        precondition(shape == .none, "\(path.text) is encoded as two kinds of value")
        shape = wanted
        segment.output.append(byte)
    }

    private func separate() {
        if count > 0 { segment.output.append(ASCII.comma) }
        count += 1
    }

    private func child(_ path: FieldPath, _ detached: Bool) -> ValueEncoder {
        let child = ValueEncoder(at: path, into: detached ? OutputSegment() : segment)
        if detached { segment.insert(child) }
        return child
    }
}

/// Makes a JSON Schema from a `Decodable` type by running its `init(from:)` against a decoder that notes what is asked.
///
/// Member by member: `decode` makes it required, `decodeIfPresent` optional. Arrays, sets, dictionaries with String
/// keys, nested types and String enums (`CaseIterable`) are followed; a type with rules of its own says them as
/// `SchemaDescribed`. A type that refuses the probe's stand-ins is an error here, at the first start, not a wrong
/// schema.
public enum SchemaProbe {
    /// The schema of what `type` decodes; an object is
    /// `{"type":"object","properties":{…},"required":[…],"additionalProperties":false}`.
    /// A type inside itself is `{"type":"object"}` there.
    /// - Throws: `SchemaUnknown`.
    public static func schema(of type: any Decodable.Type) throws(SchemaUnknown) -> JSONValue {
        try opened(type)
    }

    /// A value of the type as JSON: its required members with stand-ins.
    /// - Throws: `SchemaUnknown`.
    public static func example<T: Codable>(of type: T.Type) throws(SchemaUnknown) -> JSONValue {
        do {
            return try JSONValue(parsing: JSONWriter.encode(sample(type)))
        } catch let unknown as SchemaUnknown {
            throw unknown
        } catch {
            throw SchemaUnknown(type: "\(type)")
        }
    }

    private static func sample<T: Decodable>(_ type: T.Type) throws(SchemaUnknown) -> T {
        guard let sample = try Probed(type, inside: []).sample else { throw SchemaUnknown(type: "\(type)") }
        return sample
    }

    private static func opened<T: Decodable>(_ type: T.Type) throws(SchemaUnknown) -> JSONValue {
        try Probed(type, inside: []).schema
    }
}

/// A type whose schema cannot be found by probing: it must be `SchemaDescribed`.
public struct SchemaUnknown: Error, Sendable, Equatable {
    /// The Swift type's name.
    public let type: String

    public init(type: String) { self.type = type }
}

/// What is known of one type.
struct Probed<T: Decodable> {
    let schema: JSONValue
    /// nil for a type inside itself.
    let sample: T?

    /// - Parameter outer: the types whose probing led here.
    init(_ type: T.Type, inside outer: [ObjectIdentifier]) throws(SchemaUnknown) {
        if let described = type as? any SchemaDescribed.Type {
            (schema, sample) = (described.schema, described.sample as? T)
            return
        }
        if let words = Sample.words(of: type) {
            (schema, sample) = (["type": "string", "enum": .array(words.map { JSONValue($0) })], Sample.of(type))
            return
        }
        guard !outer.contains(ObjectIdentifier(type)) else {
            (schema, sample) = (["type": "object"], nil)
            return
        }
        let decoder = ProbeDecoder(inside: outer + [ObjectIdentifier(type)])
        do {
            sample = try Self.sample(decoder)
            schema = decoder.schema
        } catch let unknown as SchemaUnknown {
            throw unknown
        } catch {
            throw SchemaUnknown(type: "\(type)")
        }
    }

    /// A list whose elements are of a type that is being probed already has none: its sample is the empty list.
    private static func sample(_ decoder: ProbeDecoder) throws -> T {
        do {
            return try T(from: decoder)
        } catch  where decoder.knowsElements {
            decoder.answersEmpty = true
            return try T(from: decoder)
        }
    }
}

/// Values that stand in for ones that cannot be had.
enum Sample {
    /// nil where nothing is known about the type; its `init(from:)` must make one then.
    static func of<T>(_ type: T.Type) -> T? {
        if let described = type as? any SchemaDescribed.Type { return described.sample as? T }
        if let first = (type as? any CaseIterable.Type).flatMap({ words(of: $0) == nil ? nil : firstCase(of: $0) }) {
            return first as? T
        }
        return plain.lazy.compactMap { $0 as? T }.first
    }

    /// The words of an enum with String raw values; nil for any other type.
    static func words(of type: Any.Type) -> [String]? {
        guard let type = type as? any CaseIterable.Type, let words = rawValues(of: type), !words.isEmpty else {
            return nil
        }
        return words
    }

    private static let plain: [any Sendable] = [
        "", 0, false, 0.0, JSONValue.null, Int64(0), Int32(0), Int16(0), Int8(0), UInt(0), UInt64(0), UInt32(0),
        UInt16(0),
        UInt8(0), Float(0),
    ]

    private static func rawValues<C: CaseIterable>(of type: C.Type) -> [String]? {
        guard type is any RawRepresentable.Type else { return nil }
        return C.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
    }

    private static func firstCase<C: CaseIterable>(of type: C.Type) -> Any? { C.allCases.first }
}

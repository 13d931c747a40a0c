import Domain
import JSONRPC

/// How many items a list may answer: 1–200, 50 unless said.
public struct PageLimit: Codable, Sendable, Hashable, SchemaDescribed {
    public let count: Int
    public static let usual = PageLimit(count: 50)

    init(count: Int) { self.count = count }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        count = try container.decode(Int.self)
        guard (1...200).contains(count) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "must be 1 to 200")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(count)
    }

    public static var schema: JSONValue { ["type": "integer", "minimum": 1, "maximum": 200, "default": 50] }
    public static var sample: PageLimit { usual }
}

/// Where the next page of a list begins. Opaque to callers: numbers in base 36 and a check, joined by dots. With it a
/// word that a caller made up is no cursor.
public struct Cursor: Codable, Sendable, Hashable, SchemaDescribed {
    public let places: [Int64]

    public init(_ places: Int64...) { self.places = places }

    public init?(_ text: String) {
        guard (1...200).contains(text.utf8.count) else { return nil }
        var parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let check = parts.popLast(), check == Self.check(parts.joined(separator: ".")) else { return nil }
        let numbers = parts.compactMap { Int64($0, radix: 36) }
        guard !parts.isEmpty, numbers.count == parts.count, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
        places = numbers
    }

    public var text: String {
        let numbers = places.map { String($0, radix: 36) }.joined(separator: ".")
        return numbers + "." + Self.check(numbers)
    }

    private static func check(_ numbers: String) -> String {
        String(numbers.utf8.reduce(7) { ($0 * 31 + Int($1)) % 46_649 }, radix: 36)
    }

    /// - Throws: `.badParams` unless the cursor comes from a list with so many places.
    public func places(_ count: Int) throws(Refusal) -> [Int64] {
        guard places.count == count else { throw .field("cursor", "not a cursor of this list") }
        return places
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let cursor = Cursor(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a cursor of this list")
        }
        self = cursor
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    public static var schema: JSONValue { ["type": "string"] }
    public static var sample: Cursor { Cursor(1) }
}

/// A page of a list.
public struct Page<Item: Codable & Sendable & Hashable>: Codable, Sendable, Hashable {
    public var items: [Item]
    @Nullable public var nextCursor: Cursor?

    public init(items: [Item], nextCursor: Cursor?) {
        self.items = items
        self.nextCursor = nextCursor
    }
}

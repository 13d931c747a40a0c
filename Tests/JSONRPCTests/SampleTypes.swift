import JSONRPC

/// A domain value: 1–200 characters.
struct Title: Codable, Equatable, SchemaDescribed {
    static let schema: JSONValue = ["type": "string", "minLength": 1, "maxLength": 200]
    static var sample: Title { Title(text: "标题") }

    var text: String

    init(text: String) { self.text = text }

    init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
        guard (1...200).contains(text.unicodeScalars.count) else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "must have 1–200 characters"))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

enum Urgency: String, Codable, CaseIterable { case red, amber, green }

/// Not `CaseIterable`.
enum Direction: String, Codable { case `in`, out }

struct Petitioner: Codable, Equatable {
    var name: String?
    var phone: String?
}

struct Place: Codable, Equatable {
    var latitude: Double
    var longitude: Double
}

struct Attachment: Codable, Equatable { var bytes: UInt32 }

struct Filing: Codable, Equatable {
    var title: Title
    var urgency: Urgency
    var count: Int?
    var small: UInt8?
    var open: Bool?
    var petitioner: Petitioner?
    var about: [String]?
    var place: Place?
    var attachments: [Attachment]?
    var labels: [String: Int]?
    var free: JSONValue?
}

struct Nothing: Codable {}

struct Holder<Value: Codable>: Codable { var value: Value }

/// Throws an error that is none of Codable's.
struct Stubborn: Codable {
    init(from decoder: any Decoder) throws { throw RPCError.internalError() }
}

/// Complains about one member by name.
struct Span: Decodable {
    enum CodingKeys: String, CodingKey { case from, to }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let from = try container.decode(Int.self, forKey: .from)
        guard try container.decode(Int.self, forKey: .to) >= from else {
            throw DecodingError.dataCorruptedError(forKey: .to, in: container, debugDescription: "is before from")
        }
    }
}

/// Tries one type, then another.
enum Either: Codable, Equatable {
    case number(Int)
    case text(String)

    enum CodingKeys: String, CodingKey { case number }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let number = try? container.decode(Int.self, forKey: .number) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self, forKey: .number))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .number(let number): try container.encode(number, forKey: .number)
        case .text(let text): try container.encode(text, forKey: .number)
        }
    }
}

struct Pair: Codable {
    var either: Either
    var count: Int
}

/// Reads and writes its parts through nested containers, out of order when writing.
struct ByHand: Codable, Equatable {
    var a: Int
    var two: Int
    var b: Int
    var c: Int

    enum Keys: String, CodingKey { case inner, list, base, a, b, c }

    init(a: Int, two: Int, b: Int, c: Int) { (self.a, self.two, self.b, self.c) = (a, two, b, c) }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        a = try container.nestedContainer(keyedBy: Keys.self, forKey: .inner).decode(Int.self, forKey: .a)
        var list = try container.nestedUnkeyedContainer(forKey: .list)
        two = try list.decode(Int.self)
        b = try list.nestedContainer(keyedBy: Keys.self).decode(Int.self, forKey: .b)
        c = try container.superDecoder(forKey: .base).container(keyedBy: Keys.self).decode(Int.self, forKey: .c)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        var inner = container.nestedContainer(keyedBy: Keys.self, forKey: .inner)
        var list = container.nestedUnkeyedContainer(forKey: .list)
        try list.encode(two)
        var second = list.nestedContainer(keyedBy: Keys.self)
        let base = container.superEncoder(forKey: .base)
        var baseContainer = base.container(keyedBy: Keys.self)
        try second.encode(b, forKey: .b)
        try baseContainer.encode(c, forKey: .c)
        try inner.encode(a, forKey: .a)
    }
}

/// A text that has a length and nothing else: the number of Unicode scalars allowed, NUL excluded.
///
/// Each kind is a type of its own, so that a title cannot stand where a note is expected. The limits are CONTRACT's.
public protocol BoundedText: Hashable, Codable, Sendable, LosslessStringConvertible {
    /// How many Unicode scalars the text may have.
    static var length: ClosedRange<Int> { get }
    /// What is wrong with `text` beyond its length; `nil` when nothing is.
    static func problem(_ text: String) -> String?
    var text: String { get }
    /// Takes `text` as it is. For texts that come from the system of record; others go through `init?(_:)`.
    init(unchecked text: String)
}

extension BoundedText {
    public static func problem(_ text: String) -> String? {
        text.unicodeScalars.allSatisfy(\.properties.isWhitespace) ? "must not be blank" : nil
    }

    /// Everything that is wrong with `text`; `nil` when it may be used.
    public static func refusal(of text: String) -> String? {
        // The UTF-8 length is known without a walk, and a scalar has at most four bytes.
        if text.utf8.count > length.upperBound * 4 { return lengthProblem }
        if !length.contains(text.unicodeScalars.count) { return lengthProblem }
        if text.utf8.contains(0) { return "must not contain NUL" }
        return problem(text)
    }

    private static var lengthProblem: String { "must have \(length.lowerBound) to \(length.upperBound) characters" }

    public init?(_ text: String) {
        guard Self.refusal(of: text) == nil else { return nil }
        self.init(unchecked: text)
    }

    public var description: String { text }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        if let refusal = Self.refusal(of: text) {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: refusal)
        }
        self.init(unchecked: text)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// A title, 1–200 characters.
public struct Title: BoundedText {
    public static let length = 1...200
    public let text: String
    public init(unchecked text: String) { self.text = text }
}

/// A message as the citizen wrote it, 1–20,000 characters.
public struct Body: BoundedText {
    public static let length = 1...20_000
    public let text: String
    public init(unchecked text: String) { self.text = text }
}

/// The number under which a channel knows a message, 1–200 characters.
public struct ExternalID: BoundedText {
    public static let length = 1...200
    public let text: String
    public init(unchecked text: String) { self.text = text }
}

/// A person's or unit's name, or a position, 1–100 characters.
public struct Name: BoundedText {
    public static let length = 1...100
    public let text: String
    public init(unchecked text: String) { self.text = text }
}

/// A note, ground, question, task or instruction, 1–2,000 characters.
public struct Note: BoundedText {
    public static let length = 1...2000
    public let text: String
    public init(unchecked text: String) { self.text = text }
}

/// An opinion, account, explanation, reply or supplement, 1–20,000 characters.
public struct Essay: BoundedText {
    public static let length = 1...20_000
    public let text: String
    public init(unchecked text: String) { self.text = text }
}

/// An http or https address, 1–2,000 characters.
public struct WebAddress: BoundedText {
    public static let length = 1...2000
    public let text: String
    public init(unchecked text: String) { self.text = text }

    public static func problem(_ text: String) -> String? {
        let lower = text.prefix(8).lowercased()
        let scheme = lower.hasPrefix("https://") ? 8 : lower.hasPrefix("http://") ? 7 : 0
        let hasHost = scheme > 0 && text.dropFirst(scheme).first.map { !"/?#:@".contains($0) } ?? false
        let isClean = text.unicodeScalars.allSatisfy { !$0.properties.isWhitespace && $0.value > 0x1F }
        return hasHost && isClean ? nil : "must be an http or https address"
    }
}

/// A SHA-256 digest as 64 hexadecimal digits; kept in lower case.
public struct Digest256: BoundedText {
    public static let length = 64...64
    public let text: String
    public init(unchecked text: String) { self.text = text.lowercased() }

    public static func problem(_ text: String) -> String? {
        text.utf8.allSatisfy {
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0 | 0x20
        }
            ? nil : "must be 64 hexadecimal digits"
    }
}

/// An idempotency key, 1–200 printable ASCII characters.
public struct IdempotencyKey: BoundedText {
    public static let length = 1...200
    public let text: String
    public init(unchecked text: String) { self.text = text }

    public static func problem(_ text: String) -> String? {
        text.utf8.allSatisfy { 0x20...0x7E ~= $0 } ? nil : "must be printable ASCII"
    }
}

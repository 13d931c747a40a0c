/// A Swift value that travels to and from PostgreSQL in text format.
///
/// An enumeration or a wrapper whose raw value is one of these needs nothing more: `\(status)` and `row["status"]`
/// work for it as it is. `nil` is NULL in both directions.
public protocol SQLValue: Sendable {
    var sqlText: String { get }
    /// `nil` when the text is not such a value.
    init?(sqlText: String)
}

extension SQLValue where Self: LosslessStringConvertible {
    public var sqlText: String { description }
    public init?(sqlText: String) { self.init(sqlText) }
}

extension SQLValue where Self: RawRepresentable, RawValue: SQLValue {
    public var sqlText: String { rawValue.sqlText }

    public init?(sqlText: String) {
        guard let raw = RawValue(sqlText: sqlText) else { return nil }
        self.init(rawValue: raw)
    }
}

extension String: SQLValue {
    public var sqlText: String { self }
    public init?(sqlText: String) { self = sqlText }
}

extension Int: SQLValue {}
extension Int32: SQLValue {}
extension Int64: SQLValue {}
extension Double: SQLValue {}

extension Bool: SQLValue {
    public var sqlText: String { self ? "t" : "f" }

    public init?(sqlText: String) {
        switch sqlText {
        case "t", "true": self = true
        case "f", "false": self = false
        default: return nil
        }
    }
}

/// What an array may hold: `[String]` is `text[]`, `[Int64]` and its like are `bigint[]`, and `[UInt8]` is `bytea`.
public protocol SQLElement: Sendable {
    static func sqlText(of elements: [Self]) -> String
    /// `nil` when the text is not such an array, or holds NULL.
    static func elements(sqlText: String) -> [Self]?
}

extension Array: SQLValue where Element: SQLElement {
    public var sqlText: String { Element.sqlText(of: self) }

    public init?(sqlText: String) {
        guard let elements = Element.elements(sqlText: sqlText) else { return nil }
        self = elements
    }
}

extension SQLElement where Self: SQLValue {
    public static func sqlText(of elements: [Self]) -> String {
        ArrayText.literal(elements.map(\.sqlText))
    }

    public static func elements(sqlText: String) -> [Self]? {
        guard let texts = ArrayText.elements(sqlText) else { return nil }
        let values = texts.compactMap { $0.flatMap(Self.init(sqlText:)) }
        return values.count == texts.count ? values : nil
    }
}

extension String: SQLElement {}
extension Int: SQLElement {}
extension Int32: SQLElement {}
extension Int64: SQLElement {}

extension UInt8: SQLElement {
    private static let digits = Array("0123456789abcdef".utf8)

    public static func sqlText(of elements: [UInt8]) -> String {
        var hex = Array("\\x".utf8)
        hex.reserveCapacity(2 + 2 * elements.count)
        for byte in elements {
            hex.append(digits[Int(byte >> 4)])
            hex.append(digits[Int(byte & 15)])
        }
        return String(decoding: hex, as: UTF8.self)
    }

    public static func elements(sqlText: String) -> [UInt8]? {
        let text = Array(sqlText.utf8)
        guard text.starts(with: Array("\\x".utf8)), text.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2 - 1)
        for index in stride(from: 2, to: text.count, by: 2) {
            guard let high = nibble(text[index]), let low = nibble(text[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

/// A JSON number, kept as the text it was written in. Equality is of that text: `1` and `1.0` differ.
public struct JSONNumber: Sendable, Hashable {
    public let token: String

    /// nil unless `token` is a number by JSON's grammar.
    public init?(token: String) {
        let isNumber = Array(token.utf8).withUnsafeBufferPointer { buffer in
            var cursor = JSONCursor(buffer, in: 0..<buffer.count)
            do {
                try cursor.number()
                return cursor.at == buffer.count
            } catch {
                return false
            }
        }
        guard isNumber else { return nil }
        self.token = token
    }

    public init(_ value: some BinaryInteger) { token = String(value) }

    /// nil for infinities and NaN.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        token = CanonicalNumber.text(of: value)
    }

    init(scanned content: Slice<UnsafeBufferPointer<UInt8>>) {
        token = String(decoding: UnsafeBufferPointer(rebasing: content), as: UTF8.self)
    }

    /// The nearest double; nil where that is infinite.
    public var double: Double? {
        guard let value = Double(token), value.isFinite else { return nil }
        return value
    }

    public enum IntegerReading<Integer: FixedWidthInteger & Sendable>: Sendable, Equatable {
        case value(Integer)
        case notIntegral
        case outOfRange
    }

    /// The number as an integer, exactly: `1.0` and `1e2` are integers, `1.5` is not. The cost does not depend on the
    /// exponent's size.
    public func integer<Integer: FixedWidthInteger & Sendable>(_: Integer.Type = Int.self) -> IntegerReading<Integer> {
        if let value = Integer(token) { return .value(value) }
        let decimal = Decimal(token)
        guard !decimal.digits.isEmpty else { return .value(0) }
        guard decimal.exponent >= 0 else { return .notIntegral }
        // No integer type here has more than 39 digits (UInt128).
        guard decimal.digits.count + decimal.exponent <= 40 else { return .outOfRange }
        let digits = decimal.digits + String(repeating: "0", count: decimal.exponent)
        guard let value = Integer(decimal.isNegative ? "-" + digits : digits) else { return .outOfRange }
        return .value(value)
    }

    /// `digits` × 10^`exponent`, the digits without zeros at either end; no digits for zero.
    private struct Decimal {
        var digits: String
        var exponent: Int
        let isNegative: Bool

        init(_ token: String) {
            let parts = token.utf8.split(maxSplits: 1) { $0 | 0x20 == ASCII.lowerE }
            let mantissa = parts.first.map { $0.drop { $0 == ASCII.minus } } ?? token.utf8.prefix(0)
            isNegative = token.utf8.first == ASCII.minus
            var plain = mantissa.filter { $0 != ASCII.point }
            let point = mantissa.firstIndex(of: ASCII.point)
            let fractionDigits = point.map { mantissa.distance(from: $0, to: mantissa.endIndex) - 1 } ?? 0
            let untrimmed = plain.count
            while plain.last == ASCII.zero { plain.removeLast() }
            let scale = untrimmed - plain.count - fractionDigits
            digits = String(decoding: plain.drop { $0 == ASCII.zero }, as: UTF8.self)
            exponent = scale + (parts.count > 1 ? Self.exponent(parts[1]) : 0)
        }

        /// Beyond a billion in either direction the size no longer matters: no token is that long.
        private static func exponent(_ text: Substring.UTF8View) -> Int {
            let limit = 1_000_000_000
            let digits = text.filter(ASCII.isDigit)
            let size = digits.reduce(0) { min(limit, $0 * 10 + Int($1 - ASCII.zero)) }
            return text.first == ASCII.minus ? -size : size
        }
    }
}

extension JSONNumber: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int) { self.init(value) }
}

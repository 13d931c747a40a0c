/// How days and moments are written and read: RFC 3339, moments in +08:00, days as `2026-10-08`.
extension Day: LosslessStringConvertible, Codable {
    public var description: String {
        let (year, month, day) = components
        return "\(year.padded(4))-\(month.padded(2))-\(day.padded(2))"
    }

    /// Reads `2026-10-08`; `nil` for anything else, a date that does not exist included.
    public init?(_ text: String) {
        var reader = DigitReader(text)
        guard let day = reader.day(), reader.isAtEnd else { return nil }
        self = day
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let day = Day(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "must be a day such as 2026-10-08")
        }
        self = day
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Instant: LosslessStringConvertible, Codable {
    /// `2026-10-08T23:59:59+08:00`, with three decimals only where the second is not whole.
    public var description: String {
        let ofDay = Int(millisecondOfDay)
        let (second, fraction) = (ofDay / 1000, ofDay % 1000)
        let clock = "\((second / 3600).padded(2)):\((second / 60 % 60).padded(2)):\((second % 60).padded(2))"
        return "\(day)T\(clock)\(fraction == 0 ? "" : ".\(fraction.padded(3))")+08:00"
    }

    /// Reads RFC 3339 with any offset; decimals beyond the third are cut. Also reads PostgreSQL's output form
    /// (`2026-10-08 23:59:59.5+08`). `nil` for anything else, a moment without offset included.
    public init?(_ text: String) {
        var reader = DigitReader(text)
        guard let day = reader.day(), reader.take("T") || reader.take("t") || reader.take(" "),
            let hour = reader.number(2), hour <= 23, reader.take(":"),
            let minute = reader.number(2), minute <= 59, reader.take(":"),
            let second = reader.number(2), second <= 59
        else { return nil }
        guard let fraction = reader.fractionMilliseconds(), let offset = reader.offsetSeconds(), reader.isAtEnd else {
            return nil
        }
        let seconds = Int64(day.number) * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)
        self.init(milliseconds: seconds * 1000 + Int64(fraction))
        // In +08:00, in which it is written again, its year has four digits too.
        guard (1...9999).contains(self.day.year) else { return nil }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let instant = Instant(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "must be a time with offset such as 2026-10-08T09:30:00+08:00")
        }
        self = instant
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension Int {
    fileprivate func padded(_ width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
    }
}

/// Reads fixed-width numbers from ASCII text, never past its end. A text of more than 64 bytes is never read to its end.
private struct DigitReader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) { bytes = Array(text.utf8.prefix(65)) }

    var isAtEnd: Bool { index == bytes.count && index <= 64 }

    mutating func take(_ expected: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: expected) else { return false }
        index += 1
        return true
    }

    mutating func number(_ width: Int) -> Int? {
        guard index + width <= bytes.count else { return nil }
        var value = 0
        for byte in bytes[index..<index + width] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        index += width
        return value
    }

    mutating func day() -> Day? {
        guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let value = Day(year, month, day)
        return value.components.month == month && year >= 1 ? value : nil
    }

    /// 0 when there is no fraction; `nil` when there is a point without digits.
    mutating func fractionMilliseconds() -> Int? {
        guard take(".") else { return 0 }
        var (value, digits) = (0, 0)
        while let digit = number(1) {
            if digits < 3 { value = value * 10 + digit }
            digits += 1
        }
        guard digits > 0 else { return nil }
        return digits >= 3 ? value : digits == 2 ? value * 10 : value * 100
    }

    /// `Z`, `+08:00` or `+08`, in seconds east of Greenwich.
    mutating func offsetSeconds() -> Int? {
        if take("Z") || take("z") { return 0 }
        let sign: Int
        if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
        guard let hours = number(2), hours <= 23 else { return nil }
        guard take(":") else { return sign * hours * 3600 }
        guard let minutes = number(2), minutes <= 59 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }
}

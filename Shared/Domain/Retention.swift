/// 保管期限 — how long a file is kept: for good (`permanent`), or so many years (`10y`), counted from the first of January
/// after it was sealed (机关档案管理规定).
public enum Retention: Hashable, Codable, Sendable, LosslessStringConvertible {
    case years(Int)
    case permanent

    /// Reads `permanent` and `1y` … `999y`; `nil` for anything else.
    public init?(_ text: String) {
        if text == "permanent" {
            self = .permanent
        } else if text.hasSuffix("y"), text.utf8.count <= 4, text.utf8.dropLast().allSatisfy({ 48...57 ~= $0 }),
            let years = Int(text.dropLast()), years > 0
        {
            self = .years(years)
        } else {
            return nil
        }
    }

    public var description: String {
        switch self {
        case .years(let years): "\(years)y"
        case .permanent: "permanent"
        }
    }

    /// `nil` is for good.
    public var yearCount: Int? {
        switch self {
        case .years(let years): years
        case .permanent: nil
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let retention = Retention(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "must be permanent, or such as 30y")
        }
        self = retention
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// The policy `retention`: by urgency. What was instructed, or led to accountability, is kept for good whatever it says.
public struct RetentionPolicy: Codable, Hashable, Sendable {
    public var ordinary: Retention
    public var important: Retention
    public var critical: Retention
}

/// The names by which things are found. To callers all of them are opaque texts of 1–100 characters.
public protocol Identifier: BoundedText {}
extension Identifier {
    public static var length: ClosedRange<Int> { 1...100 }
}

/// A responsible unit (承办单位).
public struct UnitID: Identifier, Comparable {
    public let text: String
    public init(unchecked text: String) { self.text = text }
    public static func < (a: UnitID, b: UnitID) -> Bool { a.text < b.text }
}

/// A channel through which messages arrive.
public struct ChannelCode: Identifier {
    public let text: String
    public init(unchecked text: String) { self.text = text }
}

public struct CategoryCode: Identifier {
    public let text: String
    public init(unchecked text: String) { self.text = text }
}

/// An administrative division; a code's parent is kept with it, not derived from its digits.
public struct DivisionCode: Identifier {
    public let text: String
    public init(unchecked text: String) { self.text = text }
}

/// The number of an assignment letter, such as 云网问交〔2026〕12号.
public struct LetterNumber: Identifier {
    public let text: String
    public init(unchecked text: String) { self.text = text }
}

/// The number of a case, such as `202611-000000042`: the month of its registration (+08:00) and a running number, which
/// may skip. The month says in which partition of the ledger the case lies.
public struct CaseNumber: Identifier, Comparable {
    public let text: String
    public init(unchecked text: String) { self.text = text }

    /// - Parameter id: `yyyymm` × 10⁹ + running number.
    public init(id: Int64) {
        let digits = String(id % Self.perMonth)
        text = "\(id / Self.perMonth)-\(String(repeating: "0", count: 9 - digits.count))\(digits)"
    }

    /// The ledger's key; `nil` when no case can have this number.
    public var id: Int64? {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count == 6, parts[1].count == 9,
            parts.allSatisfy({ $0.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } }),
            let month = Int64(String(decoding: parts[0], as: UTF8.self)),
            let running = Int64(String(decoding: parts[1], as: UTF8.self)),
            (1...12).contains(month % 100), month >= 1000_01
        else { return nil }
        return month * Self.perMonth + running
    }

    /// The key of the `running`-th case registered in the month of `day`.
    public static func id(_ running: Int64, registeredOn day: Day) -> Int64 {
        let (year, month, _) = day.components
        return Int64(year * 100 + month) * perMonth + running % perMonth
    }

    public static func < (a: CaseNumber, b: CaseNumber) -> Bool { a.text < b.text }

    static let perMonth: Int64 = 1_000_000_000
}

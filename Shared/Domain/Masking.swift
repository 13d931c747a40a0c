/// Finds and hides numbers that identify a person: mobile and landline phones, resident identity numbers.
///
/// Digits count in any width (`１３８`), and a single space or dash between two of them does not hide a number.
public enum Masking {
    /// The text with every phone and identity number replaced by asterisks of the same length. For what citizens write.
    public static func masked(_ text: String) -> String { hide(text, [.mobile, .identity, .landline]) }

    /// The same, but published office lines stay. For what offices write.
    public static func maskedReply(_ text: String) -> String { hide(text, [.mobile, .identity]) }

    /// Whether the text holds anyone's mobile or identity number.
    public static func holdsPersonalNumber(_ text: String) -> Bool {
        !NumberFinder(text).ranges(of: [.mobile, .identity]).isEmpty
    }

    /// The letters and digits of `text` in half width and lower case: for finding a name or phone in a reply however it
    /// is spaced.
    public static func folded(_ text: String) -> String {
        let kept = text.unicodeScalars.lazy.map(halfWidth).filter {
            $0.properties.isAlphabetic || $0.properties.numericType != nil
        }
        return String(String.UnicodeScalarView(kept)).lowercased()
    }

    private static func hide(_ text: String, _ kinds: Set<NumberFinder.Kind>) -> String {
        let finder = NumberFinder(text)
        let ranges = finder.ranges(of: kinds)
        guard !ranges.isEmpty else { return text }
        var scalars = finder.scalars
        for index in ranges.joined() where !NumberFinder.separators.contains(scalars[index]) { scalars[index] = "*" }
        return String(String.UnicodeScalarView(scalars))
    }

    static func halfWidth(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard (0xFF01...0xFF5E).contains(scalar.value) else { return scalar }
        return Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    }
}

/// Finds numbers in a text. A number begins where no digit stands before it and ends where none follows.
struct NumberFinder {
    enum Kind { case mobile, identity, landline }

    static let separators: Set<Unicode.Scalar> = [" ", "-", "\u{2010}", "\u{2013}", "\u{2014}", "\u{3000}", "\u{B7}"]

    let scalars: [Unicode.Scalar]
    /// Digits 0–9; 10 for an X; -1 for everything else.
    private let values: [Int8]

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        values = scalars.map { scalar in
            let half = Masking.halfWidth(scalar)
            if ("0"..."9").contains(half) { return Int8(half.value - 0x30) }
            return half == "X" || half == "x" ? 10 : -1
        }
    }

    func ranges(of kinds: Set<Kind>) -> [Range<Int>] {
        var (found, index) = ([Range<Int>](), 0)
        while index < values.count {
            let begins = 0...9 ~= values[index] && (index == 0 || !(0...9 ~= values[index - 1]))
            guard begins, let range = number(at: index, kinds) else {
                index += 1
                continue
            }
            found.append(range)
            index = range.upperBound
        }
        return found
    }

    private func number(at start: Int, _ kinds: Set<Kind>) -> Range<Int>? {
        if kinds.contains(.identity) {
            if let (digits, range) = take(18, from: start), Self.isBirthDate(digits[6..<14]) { return range }
            if let (digits, range) = take(15, from: start), Self.isBirthDate([1, 9] + digits[6..<12]) { return range }
        }
        if kinds.contains(.mobile) {
            for prefix in [[], [8, 6], [0, 0, 8, 6]] as [[Int8]] {
                guard let (digits, range) = take(prefix.count + 11, from: start), digits.starts(with: prefix) else { continue }
                if digits[prefix.count] == 1, digits[prefix.count + 1] >= 3 { return range }
            }
        }
        if kinds.contains(.landline), values[start] == 0 {
            for length in [12, 11, 10] {
                if let (digits, range) = take(length, from: start), digits[1] > 0 { return range }
            }
        }
        return nil
    }

    /// Exactly `count` digits from `start` on, single separators between them allowed, no digit after them. Only an
    /// eighteenth may be an X.
    private func take(_ count: Int, from start: Int) -> (digits: [Int8], range: Range<Int>)? {
        var (digits, index) = ([Int8](), start)
        while digits.count < count {
            guard index < values.count else { return nil }
            let value = values[index]
            if 0...9 ~= value || (value == 10 && digits.count == 17) {
                digits.append(value)
            } else if digits.isEmpty || !Self.separators.contains(scalars[index]) || Self.separators.contains(scalars[index - 1]) {
                return nil
            }
            index += 1
        }
        if index < values.count, 0...9 ~= values[index] { return nil }
        return (digits, start..<index)
    }

    private static func isBirthDate(_ digits: some Collection<Int8>) -> Bool {
        let all = Array(digits)
        guard all.allSatisfy({ $0 <= 9 }) else { return false }
        let number = all.reduce(0) { $0 * 10 + Int($1) }
        return (18...21).contains(number / 1_000_000) && (1...12).contains(number / 100 % 100) && (1...31).contains(number % 100)
    }
}

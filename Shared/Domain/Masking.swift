/// Finds and hides numbers that identify a person: mobile and landline phones, resident identity numbers.
///
/// Digits count in any width and script (`１３８`). Up to three spaces, dashes, brackets or invisible characters between
/// two of them do not hide a number.
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
        for index in ranges.joined() where !finder.isSeparator(index) { scalars[index] = "*" }
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

    let scalars: [Unicode.Scalar]
    /// Digits 0–9; 10 for an X; -2 for what may stand between digits; -1 for everything else.
    private let values: [Int8]

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        values = scalars.map(Self.value)
    }

    func isSeparator(_ index: Int) -> Bool { values[index] == -2 }

    private static func value(_ scalar: Unicode.Scalar) -> Int8 {
        let half = Masking.halfWidth(scalar)
        switch half {
        case "0"..."9": return Int8(half.value - 0x30)
        case "X", "x": return 10
        case " ", "-", "(", ")", "\t", "\u{B7}", "\u{2212}": return -2
        // Most of what is written here, and no digit: known without a look at its properties.
        case "\u{4E00}"..."\u{9FFF}": return -1
        case _ where half.isASCII: return -1
        default: break
        }
        switch half.properties.generalCategory {
        case .spaceSeparator, .dashPunctuation, .format: return -2
        // Not `.otherNumber`: in ①13812345678 the mark begins a list.
        case .decimalNumber: return half.properties.numericValue.map { Int8($0) } ?? -1
        default: return -1
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
            if let (digits, range) = take(15, from: start), Self.isOldIdentity(digits) { return range }
        }
        if kinds.contains(.mobile) {
            for prefix in [[], [0], [8, 6], [0, 0, 8, 6]] as [[Int8]] {
                guard let (digits, range) = take(prefix.count + 11, from: start), digits.starts(with: prefix) else {
                    continue
                }
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

    /// Exactly `count` digits from `start` on, up to three separators between them allowed, no digit after them. Only an
    /// eighteenth may be an X.
    private func take(_ count: Int, from start: Int) -> (digits: [Int8], range: Range<Int>)? {
        var (digits, index, between) = ([Int8](), start, 0)
        while digits.count < count {
            guard index < values.count else { return nil }
            let value = values[index]
            if 0...9 ~= value || (value == 10 && digits.count == 17) {
                digits.append(value)
                between = 0
            } else {
                between += 1
                guard value == -2, between <= 3 else { return nil }
            }
            index += 1
        }
        if index < values.count, 0...9 ~= values[index] { return nil }
        return (digits, start..<index)
    }

    /// An identity number of the fifteen-digit kind begins with the code of a province, which a case number does not.
    private static func isOldIdentity(_ digits: [Int8]) -> Bool {
        let province = digits[0] * 10 + digits[1]
        let known = [11...15, 21...23, 31...37, 41...46, 50...54, 61...65, 71...71, 81...83] as [ClosedRange<Int8>]
        return known.contains { $0.contains(province) } && isBirthDate([1, 9] + digits[6..<12])
    }

    private static func isBirthDate(_ digits: some Collection<Int8>) -> Bool {
        let all = Array(digits)
        guard all.allSatisfy({ $0 <= 9 }) else { return false }
        let number = all.reduce(0) { $0 * 10 + Int($1) }
        return (18...21).contains(number / 1_000_000) && (1...12).contains(number / 100 % 100)
            && (1...31).contains(number % 100)
    }
}

/// The member names of the objects that are open at the cursor, innermost last: what finds a repeated name.
///
/// A name is compared with each earlier one of its object while these are few, and through a set from the seventeenth on,
/// so that an object of n members costs n. (The set's hash is seeded, so nobody can choose names that collide.)
struct OpenNames {
    static let comparedMax = 16

    /// One object's part.
    struct Seen {
        fileprivate let first: Int
        fileprivate var many: Set<[UInt8]>?
    }

    fileprivate var tokens: [StringToken] = []

    func open() -> Seen { Seen(first: tokens.count, many: nil) }

    mutating func close(_ seen: Seen) { tokens.removeSubrange(seen.first...) }
}

extension JSONCursor {
    /// Whether an earlier name of the same object is the same text once both are unescaped; remembers `name`.
    mutating func isRepeated(_ name: StringToken, among seen: inout OpenNames.Seen) -> Bool {
        if seen.many != nil { return seen.many?.insert(exactBytes(name)).inserted == false }
        for earlier in names.tokens[seen.first...] where isSame(earlier, name) { return true }
        names.tokens.append(name)
        if names.tokens.count - seen.first == OpenNames.comparedMax {
            seen.many = Set(names.tokens[seen.first...].map(exactBytes))
        }
        return false
    }

    /// Whether the string, unescaped, is exactly `word`, which must be ASCII.
    func isWord(_ token: StringToken, _ word: StaticString) -> Bool {
        guard token.hasEscapes else { return matches(token.range, word) }
        return word.withUTF8Buffer { exactBytes(token).elementsEqual($0) }
    }

    func matches(_ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        var other = word.utf8Start
        for index in range {
            guard bytes[index] == other.pointee else { return false }
            other += 1
        }
        return true
    }

    /// The string's content, unescaped; see `Escape`.
    func exactBytes(_ token: StringToken) -> [UInt8] {
        token.hasEscapes ? Escape.undo(bytes[token.range]).bytes : Array(bytes[token.range])
    }

    private func isSame(_ one: StringToken, _ other: StringToken) -> Bool {
        if one.hasEscapes || other.hasEscapes { return exactBytes(one) == exactBytes(other) }
        guard one.range.count == other.range.count else { return false }
        let distance = other.range.lowerBound - one.range.lowerBound
        for index in one.range where bytes[index] != bytes[index + distance] { return false }
        return true
    }
}

/// The member names of the objects that are open at the cursor, innermost last: what finds a repeated name.
///
/// A name is compared with each earlier one of its object while these are few and short, and else only if its hash has
/// come before, so that an object's cost grows with its length. (The hash is seeded: nobody can choose names that
/// collide.)
struct OpenNames {
    /// How many names are compared each with each, and how long they may be as written.
    static let comparedMax = 16
    static let comparedBytesMax = 64

    /// One object's part.
    struct Seen {
        fileprivate let first: Int
        /// The names' hashes; nil while the names are few.
        fileprivate var hashes: Set<Int>?
    }

    fileprivate var tokens: [StringToken] = []

    func open() -> Seen { Seen(first: tokens.count, hashes: nil) }

    mutating func close(_ seen: Seen) { tokens.removeSubrange(seen.first...) }
}

extension JSONCursor {
    /// Whether an earlier name of the same object is the same text once both are unescaped; remembers `name`.
    mutating func isRepeated(_ name: StringToken, among seen: inout OpenNames.Seen) -> Bool {
        let isPossible = seen.hashes == nil || seen.hashes?.insert(hash(name)).inserted == false
        if isPossible, names.tokens[seen.first...].contains(where: { isSame($0, name) }) { return true }
        names.tokens.append(name)
        let isMuch =
            names.tokens.count - seen.first >= OpenNames.comparedMax || name.range.count > OpenNames.comparedBytesMax
        if seen.hashes == nil, isMuch {
            seen.hashes = Set(names.tokens[seen.first...].map(hash))
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

    private func hash(_ name: StringToken) -> Int {
        var hasher = Hasher()
        if name.hasEscapes {
            exactBytes(name).withUnsafeBytes { hasher.combine(bytes: $0) }
        } else {
            hasher.combine(bytes: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[name.range])))
        }
        return hasher.finalize()
    }

    private func isSame(_ one: StringToken, _ other: StringToken) -> Bool {
        if one.hasEscapes || other.hasEscapes { return exactBytes(one) == exactBytes(other) }
        guard one.range.count == other.range.count else { return false }
        let distance = other.range.lowerBound - one.range.lowerBound
        for index in one.range where bytes[index] != bytes[index + distance] { return false }
        return true
    }
}

/// A string as it stands in a text.
struct StringToken {
    /// The bytes between the quotes.
    let range: Range<Int>
    let hasEscapes: Bool
}

extension JSONCursor {
    /// Reads a string. Lone surrogate escapes and `\u0000` are grammar and pass.
    mutating func string() throws(JSONError) -> StringToken {
        guard at < end else { throw JSONError(.unexpectedEnd, at: at) }
        guard bytes[at] == ASCII.quote else { throw JSONError(.unexpectedByte, at: at) }
        let start = at + 1
        var next = start
        var hasEscapes = false
        while next < end {
            let byte = bytes[next]
            if byte >= 0x80 {
                next = try afterScalar(at: next)
            } else if byte == ASCII.quote {
                at = next + 1
                return StringToken(range: start..<next, hasEscapes: hasEscapes)
            } else if byte == ASCII.backslash {
                hasEscapes = true
                next = try afterEscape(at: next)
            } else if byte < 0x20 {
                throw JSONError(.controlCharacter, at: next)
            } else {
                next = afterPlainBytes(from: next + 1)
            }
        }
        throw JSONError(.unexpectedEnd, at: end)
    }

    /// Passes printable ASCII without quote and backslash, eight bytes at a time while eight are left.
    private func afterPlainBytes(from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        let raw = UnsafeRawBufferPointer(bytes)
        var next = start
        while next + 8 <= end {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: next, as: UInt64.self))
            let quotes = word ^ (ones &* UInt64(ASCII.quote))
            let backslashes = word ^ (ones &* UInt64(ASCII.backslash))
            // A byte's top bit is set where it is below 0x20, a quote, a backslash or not ASCII. A borrow can mark
            // bytes too many, but only behind a true mark: the first one is always true.
            let marks =
                ((word &- ones &* 0x20) & ~word) | ((quotes &- ones) & ~quotes)
                | ((backslashes &- ones) & ~backslashes) | word
            guard marks & tops == 0 else { return next + (marks & tops).trailingZeroBitCount / 8 }
            next += 8
        }
        return next
    }

    /// Passes one well-formed scalar of two to four bytes (Unicode, table 3-7).
    private func afterScalar(at start: Int) throws(JSONError) -> Int {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch bytes[start] {
        case 0xE1...0xEC, 0xEE...0xEF: length = 3
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw JSONError(.badUTF8, at: start)
        }
        guard start + length <= end, second.contains(bytes[start + 1]) else { throw JSONError(.badUTF8, at: start) }
        for index in (start + 2)..<max(start + 2, start + length) where bytes[index] & 0xC0 != 0x80 {
            throw JSONError(.badUTF8, at: start)
        }
        return start + length
    }

    private func afterEscape(at start: Int) throws(JSONError) -> Int {
        guard start + 1 < end else { throw JSONError(.unexpectedEnd, at: end) }
        guard bytes[start + 1] == ASCII.lowerU else {
            guard Escape.byte(for: bytes[start + 1]) != nil else { throw JSONError(.badEscape, at: start) }
            return start + 2
        }
        guard start + 6 <= end else { throw JSONError(.unexpectedEnd, at: end) }
        for index in (start + 2)..<(start + 6) where ASCII.hexValue(bytes[index]) == nil {
            throw JSONError(.badEscape, at: start)
        }
        return start + 6
    }
}

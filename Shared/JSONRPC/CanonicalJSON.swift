extension JSONValue {
    /// The canonical text of RFC 8785: members ordered by the UTF-16 code units of their names, numbers as ECMAScript
    /// writes the nearest double, the fewest escapes, no whitespace.
    /// - Throws: `notCanonical` where the RFC has no text: a lone surrogate, a number beyond a double, a name twice.
    public func canonical() throws(JSONError) -> [UInt8] {
        var output = JSONOutput()
        try output.appendCanonical(self)
        return output.bytes
    }
}

extension JSONOutput {
    fileprivate mutating func appendCanonical(_ value: JSONValue) throws(JSONError) {
        switch value {
        case .null, .bool: append(value: value)
        case .number(let number):
            guard let text = CanonicalNumber.text(of: number) else { throw JSONError(.notCanonical) }
            append(token: text)
        case .string(let string): try appendCanonical(string)
        case .array(let elements):
            append(ASCII.bracketOpen)
            for (index, element) in elements.enumerated() {
                if index > 0 { append(ASCII.comma) }
                try appendCanonical(element)
            }
            append(ASCII.bracketClose)
        case .object(let members):
            append(ASCII.braceOpen)
            var previous: JSONString?
            for member in members.sorted(by: Self.comesFirst) {
                guard member.name != previous else { throw JSONError(.notCanonical) }
                if previous != nil { append(ASCII.comma) }
                try appendCanonical(member.name)
                append(ASCII.colon)
                try appendCanonical(member.value)
                previous = member.name
            }
            append(ASCII.braceClose)
        }
    }

    private mutating func appendCanonical(_ string: JSONString) throws(JSONError) {
        guard !string.hasLoneSurrogate else { throw JSONError(.notCanonical) }
        append(string: string)
    }

    /// The order of UTF-16 code units, found in UTF-8: it is the order of the bytes, but for scalars beyond U+FFFF
    /// (lead bytes from F0), whose surrogates (D800–DFFF) come before U+E000–U+FFFF (lead bytes EE and EF).
    private static func comesFirst(_ one: JSONMember, _ other: JSONMember) -> Bool {
        var (left, right) = (one.name.text, other.name.text)
        return left.withUTF8 { left in
            right.withUTF8 { right in
                for (index, byte) in left.enumerated() {
                    guard index < right.count else { return false }
                    guard byte != right[index] else { continue }
                    if min(byte, right[index]) >= 0xEE, (byte >= 0xF0) != (right[index] >= 0xF0) { return byte >= 0xF0 }
                    return byte < right[index]
                }
                return left.count < right.count
            }
        }
    }
}

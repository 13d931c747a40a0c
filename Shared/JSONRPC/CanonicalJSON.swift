extension JSONValue {
    /// The canonical text of RFC 8785: members ordered by the UTF-16 code units of their names, numbers as ECMAScript writes
    /// the nearest double, the fewest escapes, no whitespace.
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
            guard let double = number.double else { throw JSONError(.notCanonical) }
            append(token: CanonicalNumber.text(of: double))
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

    private static func comesFirst(_ one: JSONMember, _ other: JSONMember) -> Bool {
        one.name.text.utf16.lexicographicallyPrecedes(other.name.text.utf16)
    }
}

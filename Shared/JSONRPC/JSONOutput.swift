/// Compact JSON text being written: UTF-8, the escapes of RFC 8785 (`\b \t \n \f \r \" \\`, `\u00xx` for the other
/// control characters, nothing else), so neither `/` nor Chinese is escaped.
struct JSONOutput {
    var bytes: [UInt8] = []

    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    mutating func append(ascii text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func append(token: String) { bytes.append(contentsOf: token.utf8) }

    mutating func append(string: String) {
        append(ASCII.quote)
        var copy = string
        copy.withUTF8 { text in
            var plain = text[...]
            while let stop = plain.firstIndex(where: Self.mustEscape) {
                bytes.append(contentsOf: plain[..<stop])
                appendEscape(text[stop])
                plain = plain[(stop + 1)...]
            }
            bytes.append(contentsOf: plain)
        }
        append(ASCII.quote)
    }

    /// Lone surrogates are written as the escapes they came as.
    mutating func append(string: JSONString) {
        guard let exact = string.exact else { return append(string: string.text) }
        append(ASCII.quote)
        var rest = exact[...]
        while let byte = rest.popFirst() {
            if byte == 0xED, let second = rest.first, second >= 0xA0, let third = rest.dropFirst().first {
                append(ascii: "\\ud")
                append(Self.hexDigit(second >> 2 & 0xF))
                append(Self.hexDigit((second & 0x3) << 2 | third >> 4 & 0x3))
                append(Self.hexDigit(third & 0xF))
                rest = rest.dropFirst(2)
            } else if Self.mustEscape(byte) {
                appendEscape(byte)
            } else {
                append(byte)
            }
        }
        append(ASCII.quote)
    }

    mutating func append(value: JSONValue) {
        switch value {
        case .null: append(ascii: "null")
        case .bool(let value): value ? append(ascii: "true") : append(ascii: "false")
        case .number(let number): append(token: number.token)
        case .string(let string): append(string: string)
        case .array(let elements):
            append(ASCII.bracketOpen)
            for (index, element) in elements.enumerated() {
                if index > 0 { append(ASCII.comma) }
                append(value: element)
            }
            append(ASCII.bracketClose)
        case .object(let members):
            append(ASCII.braceOpen)
            for (index, member) in members.enumerated() {
                if index > 0 { append(ASCII.comma) }
                append(string: member.name)
                append(ASCII.colon)
                append(value: member.value)
            }
            append(ASCII.braceClose)
        }
    }

    private static func mustEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == ASCII.quote || byte == ASCII.backslash
    }

    private mutating func appendEscape(_ byte: UInt8) {
        switch byte {
        case ASCII.quote: append(ascii: "\\\"")
        case ASCII.backslash: append(ascii: "\\\\")
        case 0x08: append(ascii: "\\b")
        case 0x09: append(ascii: "\\t")
        case 0x0A: append(ascii: "\\n")
        case 0x0C: append(ascii: "\\f")
        case 0x0D: append(ascii: "\\r")
        default:
            append(ascii: "\\u00")
            append(Self.hexDigit(byte >> 4))
            append(Self.hexDigit(byte & 0xF))
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x61 + value - 10 }
}

extension JSONValue {
    /// Compact JSON that keeps the numbers' text and the members' order.
    public func serialized() -> [UInt8] {
        var output = JSONOutput()
        output.append(value: self)
        return output.bytes
    }
}

/// RFC 8259 once more, as plainly as possible: by scalars, with the grammar's numbers as a pattern.
struct SlowReader {
    private struct Wrong: Error {}

    private var rest: ArraySlice<Unicode.Scalar>

    static func isJSON(_ bytes: [UInt8]) -> Bool {
        guard let text = String(validating: bytes, as: UTF8.self) else { return false }
        var reader = SlowReader(rest: Array(text.unicodeScalars)[...])
        do {
            try reader.value(depth: 0)
            return reader.rest.isEmpty
        } catch {
            return false
        }
    }

    private mutating func value(depth: Int) throws {
        space()
        switch rest.first {
        case "{":
            guard depth < 64 else { throw Wrong() }
            try list(closing: "}") { reader in
                reader.space()
                try reader.string()
                reader.space()
                try reader.take(":")
                try reader.value(depth: depth + 1)
            }
        case "[":
            guard depth < 64 else { throw Wrong() }
            try list(closing: "]") { try $0.value(depth: depth + 1) }
        case "\"": try string()
        default: try word()
        }
        space()
    }

    private mutating func list(closing: Unicode.Scalar, _ item: (inout SlowReader) throws -> Void) throws {
        rest.removeFirst()
        space()
        if rest.first == closing {
            rest.removeFirst()
            return
        }
        try item(&self)
        space()
        while rest.first == "," {
            rest.removeFirst()
            try item(&self)
            space()
        }
        try take(closing)
    }

    private mutating func string() throws {
        try take("\"")
        while let scalar = rest.popFirst() {
            if scalar == "\"" { return }
            guard scalar.value >= 0x20 else { throw Wrong() }
            if scalar == "\\" { try escape() }
        }
        throw Wrong()
    }

    private mutating func escape() throws {
        guard let letter = rest.popFirst() else { throw Wrong() }
        if letter == "u" {
            let digits = rest.prefix(4)
            guard digits.count == 4, digits.allSatisfy(\.properties.isASCIIHexDigit) else { throw Wrong() }
            rest = rest.dropFirst(4)
        } else if !"\"\\/bfnrt".unicodeScalars.contains(letter) {
            throw Wrong()
        }
    }

    private mutating func word() throws {
        let word = rest.prefix {
            $0.properties.isAlphabetic || $0.isASCII && "+-.0123456789".unicodeScalars.contains($0)
        }
        var text = ""
        text.unicodeScalars.append(contentsOf: word)
        let isNumber = text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil
        guard isNumber || ["true", "false", "null"].contains(text) else { throw Wrong() }
        rest = rest.dropFirst(word.count)
    }

    private mutating func take(_ scalar: Unicode.Scalar) throws {
        guard rest.popFirst() == scalar else { throw Wrong() }
    }

    private mutating func space() {
        rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" }
    }
}

/// A reading position in a JSON text (RFC 8259), over memory that somebody else keeps alive.
///
/// Each function starts on the first byte of what it reads and ends behind its last. Arrays and objects hand each part
/// to a closure, so that skipping, building and request scanning share one grammar. Recursion stops at
/// `JSONScanner.depthMax`.
struct JSONCursor {
    /// What a value was, told without building it.
    enum Kind {
        case null, bool, number, array, object
        case string(StringToken)
    }

    let bytes: UnsafeBufferPointer<UInt8>
    let end: Int
    var at: Int
    /// The first repeated member name since this was last set to nil: the offset of its first byte.
    var duplicateAt: Int?
    var names = OpenNames()

    /// - Parameter range: the part to read; must lie in `bytes`.
    init(_ bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        self.bytes = bytes
        end = range.upperBound
        at = range.lowerBound
    }

    /// Runs `read` on the first byte of the text's value; only whitespace may surround it.
    mutating func document<R>(_ read: (inout JSONCursor) throws(JSONError) -> R) throws(JSONError) -> R {
        skipWhitespace()
        let result = try read(&self)
        skipWhitespace()
        guard at == end else { throw JSONError(.trailingBytes, at: at) }
        return result
    }

    /// Validates one value.
    /// - Parameter depth: how many arrays and objects are open around it.
    @discardableResult
    mutating func skipValue(depth: Int) throws(JSONError) -> Kind {
        guard at < end else { throw JSONError(.unexpectedEnd, at: at) }
        switch bytes[at] {
        case ASCII.quote:
            return .string(try string())
        case ASCII.braceOpen:
            try members(depth: depth) { (cursor: inout JSONCursor, _: StringToken) throws(JSONError) in
                try cursor.skipValue(depth: depth + 1)
            }
            return .object
        case ASCII.bracketOpen:
            try elements(depth: depth) { (cursor: inout JSONCursor) throws(JSONError) in
                try cursor.skipValue(depth: depth + 1)
            }
            return .array
        case ASCII.lowerT:
            try literal("true")
            return .bool
        case ASCII.lowerF:
            try literal("false")
            return .bool
        case ASCII.lowerN:
            try literal("null")
            return .null
        default:
            try number()
            return .number
        }
    }

    /// Reads an object; `read` must consume each member's value, which lies at `depth + 1`.
    @inline(__always)
    mutating func members(
        depth: Int, _ read: (inout JSONCursor, StringToken) throws(JSONError) -> Void
    ) throws(JSONError) {
        try open(depth: depth)
        if take(ASCII.braceClose) { return }
        var seen = names.open()
        while true {
            let name = try string()
            if duplicateAt == nil, isRepeated(name, among: &seen) { duplicateAt = name.range.lowerBound }
            skipWhitespace()
            try expect(ASCII.colon)
            skipWhitespace()
            try read(&self, name)
            skipWhitespace()
            guard take(ASCII.comma) else { break }
            skipWhitespace()
        }
        try expect(ASCII.braceClose)
        names.close(seen)
    }

    /// Reads an array; `read` must consume each element, which lies at `depth + 1`.
    @inline(__always)
    mutating func elements(depth: Int, _ read: (inout JSONCursor) throws(JSONError) -> Void) throws(JSONError) {
        try open(depth: depth)
        if take(ASCII.bracketClose) { return }
        while true {
            try read(&self)
            skipWhitespace()
            guard take(ASCII.comma) else { break }
            skipWhitespace()
        }
        try expect(ASCII.bracketClose)
    }

    mutating func literal(_ word: StaticString) throws(JSONError) {
        let length = word.utf8CodeUnitCount
        guard end - at >= length else { throw JSONError(.unexpectedEnd, at: at) }
        guard matches(at..<(at + length), word) else { throw JSONError(.unexpectedByte, at: at) }
        at += length
    }

    mutating func skipWhitespace() {
        while at < end {
            switch bytes[at] {
            case ASCII.space, ASCII.newline, ASCII.carriageReturn, ASCII.tab: at += 1
            default: return
            }
        }
    }

    private mutating func open(depth: Int) throws(JSONError) {
        guard depth < JSONScanner.depthMax else { throw JSONError(.tooDeep, at: at) }
        at += 1
        skipWhitespace()
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < end, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(JSONError) {
        guard at < end else { throw JSONError(.unexpectedEnd, at: at) }
        guard bytes[at] == byte else { throw JSONError(.unexpectedByte, at: at) }
        at += 1
    }
}

extension JSONValue {
    /// Reads a text by the rules of ``JSONScanner``.
    /// - Parameter range: the part of `bytes` to read, by default all of it.
    /// - Throws: what the scanner throws, and `duplicateName` where an object has a name twice.
    public init(parsing bytes: [UInt8], in range: Range<Int>? = nil) throws(JSONError) {
        self = try bytes.withUnsafeBufferPointer { (buffer: UnsafeBufferPointer<UInt8>) throws(JSONError) in
            var cursor = JSONCursor(buffer, in: range ?? 0..<buffer.count)
            let value = try cursor.document { (cursor: inout JSONCursor) throws(JSONError) in
                try cursor.buildValue(depth: 0)
            }
            if let offset = cursor.duplicateAt { throw JSONError(.duplicateName, at: offset) }
            return value
        }
    }
}

extension JSONCursor {
    /// Builds one value.
    /// - Parameter depth: how many arrays and objects are open around it.
    mutating func buildValue(depth: Int) throws(JSONError) -> JSONValue {
        guard at < end else { throw JSONError(.unexpectedEnd, at: at) }
        switch bytes[at] {
        case ASCII.quote:
            return .string(buildString(try string()))
        case ASCII.braceOpen:
            var built: [JSONMember] = []
            try members(depth: depth) { (cursor: inout JSONCursor, name: StringToken) throws(JSONError) in
                built.append(JSONMember(cursor.buildString(name), try cursor.buildValue(depth: depth + 1)))
            }
            return .object(built)
        case ASCII.bracketOpen:
            var built: [JSONValue] = []
            try elements(depth: depth) { (cursor: inout JSONCursor) throws(JSONError) in
                built.append(try cursor.buildValue(depth: depth + 1))
            }
            return .array(built)
        case ASCII.lowerT:
            try literal("true")
            return .bool(true)
        case ASCII.lowerF:
            try literal("false")
            return .bool(false)
        case ASCII.lowerN:
            try literal("null")
            return .null
        default:
            let start = at
            try number()
            return .number(JSONNumber(scanned: bytes[start..<at]))
        }
    }

    func buildString(_ token: StringToken) -> JSONString {
        JSONString(bytes[token.range], hasEscapes: token.hasEscapes)
    }
}

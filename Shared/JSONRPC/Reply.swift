/// One JSON-RPC reply: writing it by concatenation, and reading another's.
public struct Reply: Sendable, Equatable {
    public enum Outcome: Sendable, Equatable {
        /// Where the result lies in the bytes that were read.
        case result(Range<Int>)
        case error(RPCError)
    }

    public let id: RequestID
    public let outcome: Outcome

    /// `{"jsonrpc":"2.0","id":…,"result":…}`
    /// - Parameter result: the text of a JSON value, handed on untouched.
    public static func success(id: RequestID, result: [UInt8]) -> [UInt8] {
        compose(id, room: result.count) { output in
            output.append(ascii: #","result":"#)
            output.bytes += result
        }
    }

    /// `{"jsonrpc":"2.0","id":…,"error":…}`
    public static func failure(id: RequestID, error: RPCError) -> [UInt8] {
        compose(id, room: 256) { output in
            output.append(ascii: #","error":"#)
            output.append(value: error.json)
        }
    }

    /// Joins the replies to a batch.
    /// - Parameter replies: at least one; to a batch of notifications nothing is answered.
    public static func batch(_ replies: [[UInt8]]) -> [UInt8] {
        precondition(!replies.isEmpty)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(replies.reduce(2) { $0 + $1.count + 1 })
        for reply in replies {
            bytes.append(bytes.isEmpty ? ASCII.bracketOpen : ASCII.comma)
            bytes += reply
        }
        bytes.append(ASCII.bracketClose)
        return bytes
    }

    private static func compose(_ id: RequestID, room: Int, _ outcome: (inout JSONOutput) -> Void) -> [UInt8] {
        var output = JSONOutput()
        output.bytes.reserveCapacity(40 + id.token.count + room)
        output.append(ascii: #"{"jsonrpc":"2.0","id":"#)
        output.bytes += id.token
        outcome(&output)
        output.append(ASCII.braceClose)
        return output.bytes
    }
}

extension Reply {
    /// Reads a single reply.
    /// - Throws: what the scanner throws; `duplicateName`; `notAReply` unless it is an object with `jsonrpc` "2.0", an
    ///   id that is a string, number or null, and either a result or an error with an integer code and a message.
    public static func parse(_ bytes: [UInt8]) throws(JSONError) -> Reply {
        try bytes.withUnsafeBufferPointer { (buffer: UnsafeBufferPointer<UInt8>) throws(JSONError) in
            var cursor = JSONCursor(buffer, in: 0..<buffer.count)
            var found = FoundMembers()
            try cursor.document { (cursor: inout JSONCursor) throws(JSONError) in
                guard cursor.at < cursor.end, cursor.bytes[cursor.at] == ASCII.braceOpen else {
                    try cursor.skipValue(depth: 0)
                    throw JSONError(.notAReply)
                }
                try cursor.members(depth: 0) { (cursor: inout JSONCursor, name: StringToken) throws(JSONError) in
                    try found.read(name, &cursor)
                }
            }
            if let offset = cursor.duplicateAt { throw JSONError(.duplicateName, at: offset) }
            guard let reply = found.reply else { throw JSONError(.notAReply) }
            return reply
        }
    }

    private struct FoundMembers {
        private var versionIsRight = false
        private var id: RequestID?
        private var result: Range<Int>?
        private var error: JSONValue?

        mutating func read(_ name: StringToken, _ cursor: inout JSONCursor) throws(JSONError) {
            let start = cursor.at
            if cursor.isWord(name, "error") {
                error = try cursor.buildValue(depth: 1)
                return
            }
            let kind = try cursor.skipValue(depth: 1)
            if cursor.isWord(name, "result") {
                result = start..<cursor.at
            } else if cursor.isWord(name, "id"), kind.isID {
                id = RequestID(scanned: Array(cursor.bytes[start..<cursor.at]))
            } else if cursor.isWord(name, "jsonrpc"), case .string(let token) = kind {
                versionIsRight = cursor.isWord(token, "2.0")
            }
        }

        var reply: Reply? {
            guard versionIsRight, let id else { return nil }
            switch (result, error) {
            case (let result?, nil): return Reply(id: id, outcome: .result(result))
            case (nil, let error?): return RPCError(error).map { Reply(id: id, outcome: .error($0)) }
            default: return nil
            }
        }
    }
}

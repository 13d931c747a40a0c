/// Reads the requests of a body in one pass: method, id and where the params lie. Params are validated as JSON, not
/// built.
///
/// The checks, in order: not JSON (-32700 for the whole body); neither object nor array, an empty batch, a batch over
/// the limit (one -32600); then for each item by itself its members (-32600 with the item's id).
public enum RequestScanner {
    public struct Limits: Sendable {
        public var batchItemsMax: Int

        public init(batchItemsMax: Int = 100) { self.batchItemsMax = batchItemsMax }
    }

    /// - Throws: the one error that answers the whole body, with id null.
    public static func scan(_ body: [UInt8], limits: Limits = Limits()) throws(RPCError) -> RequestBody {
        let scanned: Result<RequestBody, RPCError>
        do {
            scanned = try body.withUnsafeBufferPointer { (buffer: UnsafeBufferPointer<UInt8>) throws(JSONError) in
                var cursor = JSONCursor(buffer, in: 0..<buffer.count)
                return try cursor.document { (cursor: inout JSONCursor) throws(JSONError) in
                    try cursor.requestBody(limits)
                }
            }
        } catch {
            throw .parseError(error)
        }
        return try scanned.get()
    }
}

extension JSONCursor {
    /// An error is returned, not thrown, because the rest of the text must still prove to be JSON.
    fileprivate mutating func requestBody(
        _ limits: RequestScanner.Limits
    ) throws(JSONError) -> Result<RequestBody, RPCError> {
        guard at < end, bytes[at] == ASCII.bracketOpen else {
            if at < end, bytes[at] == ASCII.braceOpen { return .success(.single(try requestItem(depth: 0))) }
            try skipValue(depth: 0)
            return .failure(.invalidRequest(.notAnObject))
        }
        var items: [RequestItem] = []
        var count = 0
        try elements(depth: 0) { (cursor: inout JSONCursor) throws(JSONError) in
            count += 1
            if count <= limits.batchItemsMax {
                items.append(try cursor.requestItem(depth: 1))
            } else {
                try cursor.skipValue(depth: 1)
            }
        }
        if items.isEmpty { return .failure(.invalidRequest(.emptyBatch)) }
        return count == items.count ? .success(.batch(items)) : .failure(.invalidRequest(.batchTooLarge))
    }

    private mutating func requestItem(depth: Int) throws(JSONError) -> RequestItem {
        guard at < end, bytes[at] == ASCII.braceOpen else {
            try skipValue(depth: depth)
            return .invalid(.invalidRequest(.notAnObject), id: .null)
        }
        duplicateAt = nil
        var found = FoundMembers()
        let start = at
        try members(depth: depth) { (cursor: inout JSONCursor, name: StringToken) throws(JSONError) in
            let start = cursor.at
            let kind = try cursor.skipValue(depth: depth + 1)
            found.note(name, kind, start..<cursor.at, cursor)
        }
        return found.item(start..<at, self)
    }
}

/// The members of one item that matter. Where a name came twice the last one stands; such an item is invalid anyway.
private struct FoundMembers {
    private var versionIsRight = false
    private var method: StringToken?
    private var params: Range<Int>?
    private var paramsAreRight = true
    private var id: Range<Int>?
    private var idIsRight = true
    private var idCount = 0

    mutating func note(_ name: StringToken, _ kind: JSONCursor.Kind, _ range: Range<Int>, _ cursor: JSONCursor) {
        if cursor.isWord(name, "jsonrpc") {
            if case .string(let token) = kind { versionIsRight = cursor.isWord(token, "2.0") }
        } else if cursor.isWord(name, "method") {
            if case .string(let token) = kind { method = token }
        } else if cursor.isWord(name, "id") {
            (id, idIsRight) = (range, kind.isID)
            idCount += 1
        } else if cursor.isWord(name, "params") {
            params = range
            switch kind {
            case .object, .array: paramsAreRight = true
            case .null, .bool, .number, .string: paramsAreRight = false
            }
        }
    }

    func item(_ range: Range<Int>, _ cursor: JSONCursor) -> RequestItem {
        let ownID = id.map { RequestID(scanned: Array(cursor.bytes[$0])) }
        func invalid(_ fault: RequestFault) -> RequestItem {
            .invalid(.invalidRequest(fault), id: idCount == 1 && idIsRight ? ownID ?? .null : .null)
        }
        if cursor.duplicateAt != nil { return invalid(.duplicateMember) }
        guard versionIsRight else { return invalid(.badVersion) }
        guard let method else { return invalid(.badMethod) }
        guard idIsRight else { return invalid(.badId) }
        guard paramsAreRight else { return invalid(.badParams) }
        return .request(
            RequestHead(id: ownID, method: cursor.buildString(method).text, params: params, range: range))
    }
}

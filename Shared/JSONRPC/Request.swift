/// What the scanner read of one request; its params stay bytes of the body.
public struct RequestHead: Sendable, Equatable {
    /// nil in a notification. An id of `null` is an id, and is answered.
    public let id: RequestID?
    /// Unescaped; a lone surrogate is U+FFFD. Names compare by Swift's `==`, so look it up among ASCII names only.
    public let method: String
    /// The params in the body, brackets included; nil without params.
    public let params: Range<Int>?
    /// The whole request in the body.
    public let range: Range<Int>

    public var isNotification: Bool { id == nil }
}

/// One item of a body: a request, or something that must be answered with -32600 even without an id.
public enum RequestItem: Sendable, Equatable {
    case request(RequestHead)
    /// The id is the item's own if it had one that was well formed and unambiguous, else null.
    case invalid(RPCError, id: RequestID)
}

/// A body that is JSON and not refused as a whole.
public enum RequestBody: Sendable, Equatable {
    case single(RequestItem)
    /// 1 … `batchItemsMax` items, in order.
    case batch([RequestItem])
}

public enum Request {
    /// `{"jsonrpc":"2.0","method":…,"params":…,"id":…}`
    /// - Parameters:
    ///   - id: nil for a notification.
    ///   - params: the text of an object or array, handed on untouched; nil to leave it out.
    public static func compose(id: RequestID?, method: String, params: [UInt8]?) -> [UInt8] {
        var output = JSONOutput()
        output.bytes.reserveCapacity(64 + method.utf8.count + (params?.count ?? 0))
        output.append(ascii: #"{"jsonrpc":"2.0","method":"#)
        output.append(string: method)
        if let params {
            output.append(ascii: #","params":"#)
            output.bytes += params
        }
        if let id {
            output.append(ascii: #","id":"#)
            output.bytes += id.token
        }
        output.append(ASCII.braceClose)
        return output.bytes
    }
}

import JSONRPC

/// What an instance says about itself in the headers of everything that it sends back: `instance` and `version` in every
/// message, the rest in pongs. An unknown instance or connection in a place where another was known means that whatever
/// was sent there before will not be answered.
struct InstanceCard: Codable, Sendable, Hashable {
    var instance: String?
    var version: String?
    /// The name that the answering socket gives the connection; a new one each time the caller connects.
    var connection: String?
    /// Requests that it has taken and not answered yet.
    var queued: Int?
    /// `false` while its database is away or does not keep what it acknowledges.
    var serving: Bool?
    var draining: Bool?
    /// With `busy`: how long to send it nothing; zero when only this request should go elsewhere.
    var retryAfterMs: Int?

    init(instance: String? = nil, version: String? = nil) {
        self.instance = instance
        self.version = version
    }

    /// - Returns: an empty card for what is none; instances of an older version send none.
    init(frame: [UInt8]) {
        guard !frame.isEmpty, frame.count <= Headers.bytesMax, let json = try? JSONValue(parsing: frame),
            let card = try? ParamsDecoder.decode(InstanceCard.self, from: json, unknownNames: .ignored)
        else {
            self.init()
            return
        }
        self = card
    }

    var frame: [UInt8] {
        do {
            return try JSONWriter.encode(self)
        } catch {
            preconditionFailure("a card cannot be written: \(error)")
        }
    }
}

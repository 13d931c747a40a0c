import CZeroMQ

/// A CURVE key pair in Z85, the printable form of 32 bytes in 40 characters. Descriptions show the public key only.
public struct CurveKeys: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    public let publicKey: String
    public let secretKey: String

    /// - Throws: `.invalidKey`. Whether the two belong together is not checked; see `derivePublic`.
    public init(publicKey: String, secretKey: String) throws(ZeroMQError) {
        _ = try Z85.decode(publicKey)
        _ = try Z85.decode(secretKey)
        self.publicKey = publicKey
        self.secretKey = secretKey
    }

    /// The pair whose secret key is these 32 bytes.
    ///
    /// - Throws: `.invalidKey` for any other number of bytes.
    public init(secretBytes: [UInt8]) throws(ZeroMQError) {
        guard let secretKey = Z85.encode(secretBytes) else { throw ZeroMQError(.invalidKey, "key") }
        try self.init(publicKey: Self.derivePublic(secretKey), secretKey: secretKey)
    }

    /// Whether a text is a key in Z85.
    public static func isKey(_ text: String) -> Bool { (try? Z85.decode(text)) != nil }

    public static func generate() throws(ZeroMQError) -> CurveKeys {
        var publicKey = [CChar](repeating: 0, count: Z85.length + 1)
        var secretKey = publicKey
        guard zmq_curve_keypair(&publicKey, &secretKey) == 0 else { throw .last("zmq_curve_keypair") }
        return try CurveKeys(publicKey: Z85.string(publicKey), secretKey: Z85.string(secretKey))
    }

    public static func derivePublic(_ secretKey: String) throws(ZeroMQError) -> String {
        _ = try Z85.decode(secretKey)
        var publicKey = [CChar](repeating: 0, count: Z85.length + 1)
        guard zmq_curve_public(&publicKey, secretKey) == 0 else { throw .last("zmq_curve_public") }
        return Z85.string(publicKey)
    }

    public var description: String { "CurveKeys(\(publicKey))" }
    public var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }
}

/// What a connecting socket needs for CURVE: whom it expects, and who it is.
public struct CurveClient: Sendable {
    public let serverKey: String
    public let keys: CurveKeys

    /// - Throws: `.invalidKey`
    public init(serverKey: String, keys: CurveKeys) throws(ZeroMQError) {
        _ = try Z85.decode(serverKey)
        self.serverKey = serverKey
        self.keys = keys
    }
}

enum Z85 {
    static let length = 40

    static func decode(_ key: String) throws(ZeroMQError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        guard key.utf8.count == length, !key.utf8.contains(0), zmq_z85_decode(&bytes, key) != nil else {
            throw ZeroMQError(.invalidKey, "key")
        }
        return bytes
    }

    /// `nil` when these are not the 32 bytes of a key.
    static func encode(_ bytes: [UInt8]) -> String? {
        guard bytes.count == 32 else { return nil }
        var text = [CChar](repeating: 0, count: length + 1)
        guard zmq_z85_encode(&text, bytes, bytes.count) != nil else { return nil }
        return string(text)
    }

    fileprivate static func string(_ text: [CChar]) -> String {
        String(decoding: text.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

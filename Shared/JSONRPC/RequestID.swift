/// A request's id as the bytes of its JSON token, which a reply repeats exactly: `9007199254740993`, `1.50`,
/// `"a\u0062"`.
public struct RequestID: Sendable, Hashable {
    /// A JSON string, number or null.
    public let token: [UInt8]

    public static let null = RequestID(scanned: [ASCII.lowerN, ASCII.lowerU, 0x6C, 0x6C])

    public init(_ number: Int) { token = Array(String(number).utf8) }

    public init(_ text: String) {
        var output = JSONOutput()
        output.append(string: text)
        token = output.bytes
    }

    /// nil unless `token` is exactly a JSON string, number or null, without whitespace around it.
    public init?(token: [UInt8]) {
        guard let first = token.first, Self.canBegin(with: first) else { return nil }
        do {
            guard try JSONScanner.scan(token).value == 0..<token.count else { return nil }
        } catch {
            return nil
        }
        self.token = token
    }

    init(scanned token: [UInt8]) { self.token = token }

    private static func canBegin(with byte: UInt8) -> Bool {
        byte == ASCII.quote || byte == ASCII.lowerN || byte == ASCII.minus || ASCII.isDigit(byte)
    }
}

extension JSONCursor.Kind {
    var isID: Bool {
        switch self {
        case .string, .number, .null: true
        case .bool, .array, .object: false
        }
    }
}

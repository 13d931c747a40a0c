/// A string of a JSON text, which may hold what Swift's `String` cannot (a lone surrogate) or what we refuse (NUL).
///
/// Equality is of the exact text, not Swift's canonical equivalence: "é" in one scalar and in two are different names.
public struct JSONString: Sendable, Hashable {
    /// The text; each lone surrogate is U+FFFD here.
    public let text: String
    public let hasNUL: Bool
    /// The exact bytes, see `Escape`; nil without lone surrogates.
    let exact: [UInt8]?

    public var hasLoneSurrogate: Bool { exact != nil }

    public init(_ text: String) {
        self.text = text
        hasNUL = text.utf8.contains(0)
        exact = nil
    }

    /// - Parameter content: the bytes between the quotes of a string that the scanner accepted.
    init(_ content: Slice<UnsafeBufferPointer<UInt8>>, hasEscapes: Bool) {
        guard hasEscapes else {
            text = String(decoding: UnsafeBufferPointer(rebasing: content), as: UTF8.self)
            hasNUL = false
            exact = nil
            return
        }
        let undone = Escape.undo(content)
        text = String(decoding: undone.hasLoneSurrogate ? Self.repaired(undone.bytes) : undone.bytes, as: UTF8.self)
        hasNUL = undone.hasNUL
        exact = undone.hasLoneSurrogate ? undone.bytes : nil
    }

    public static func == (one: JSONString, other: JSONString) -> Bool {
        one.exact == other.exact && one.text.utf8.elementsEqual(other.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        var copy = text
        copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    /// Whether the text is exactly `name`.
    func isExactly(_ name: String) -> Bool { exact == nil && text.utf8.elementsEqual(name.utf8) }

    /// Puts U+FFFD, three bytes as well, for each lone surrogate.
    private static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for index in bytes.indices where bytes[index] == 0xED && bytes[index + 1] >= 0xA0 {
            bytes.replaceSubrange(index..<(index + 3), with: [0xEF, 0xBF, 0xBD])
        }
        return bytes
    }
}

extension JSONString: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(value) }
}

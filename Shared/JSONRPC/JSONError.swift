/// Why a text is not the JSON we take, or why a value has no canonical text.
public struct JSONError: Error, Sendable, Equatable {
    public enum Code: String, Sendable {
        case unexpectedEnd, unexpectedByte, trailingBytes
        case badNumber, badEscape, controlCharacter, badUTF8
        /// More than ``JSONScanner/depthMax`` arrays and objects inside one another.
        case tooDeep
        case duplicateName
        /// RFC 8785 has no text for the value: a number beyond a double, a lone surrogate, a repeated name.
        case notCanonical
        /// JSON, but not a JSON-RPC 2.0 reply.
        case notAReply
    }

    public let code: Code
    /// Index, in the array that was read, of the byte that is wrong; 0 where no byte is to blame.
    public let offset: Int

    public init(_ code: Code, at offset: Int = 0) {
        self.code = code
        self.offset = offset
    }
}

/// Validates JSON texts (RFC 8259) without building anything.
///
/// Strict UTF-8 without a byte order mark, JSON whitespace only, one value, at most 64 arrays and objects inside one
/// another. The escapes of lone surrogates and of NUL are grammar and pass; `ParamsDecoder` refuses them with the
/// field's path. Repeated member names are grammar too, but reported: to a JSON-RPC request they are fatal.
public enum JSONScanner {
    /// How many arrays and objects may be open at once; `[]` is one.
    public static let depthMax = 64

    /// What a valid text holds.
    public struct Scan: Sendable, Equatable {
        /// The value without the whitespace around it.
        public let value: Range<Int>
        /// The first byte of the first member name that its object already has, compared after unescaping; nil if none.
        public let duplicateAt: Int?
    }

    /// - Parameter range: the part of `bytes` to read, by default all of it. Offsets in results and errors count from
    ///   the start of `bytes`.
    /// - Throws: any code but `duplicateName`, `notCanonical` and `notAReply`.
    public static func scan(_ bytes: [UInt8], in range: Range<Int>? = nil) throws(JSONError) -> Scan {
        try bytes.withUnsafeBufferPointer { (buffer: UnsafeBufferPointer<UInt8>) throws(JSONError) in
            var cursor = JSONCursor(buffer, in: range ?? 0..<buffer.count)
            let value = try cursor.document { (cursor: inout JSONCursor) throws(JSONError) in
                let start = cursor.at
                try cursor.skipValue(depth: 0)
                return start..<cursor.at
            }
            return Scan(value: value, duplicateAt: cursor.duplicateAt)
        }
    }
}

/// A file that belongs to a message, kept elsewhere: its digest stands for it.
public struct Attachment: Codable, Hashable, Sendable {
    public var name: Name
    /// 1–100 characters, such as `image/jpeg`.
    public var mediaType: Name
    /// Its size; 0 … 2⁵³.
    public var bytes: Int
    public var sha256: Digest256
    public var url: WebAddress

    /// - Throws: `.badParams` for a size out of range.
    public static func check(_ attachments: [Attachment]?, path: String = "attachments") throws(Refusal) {
        guard let attachments else { return }
        guard attachments.count <= 20 else { throw .field(path, "must have at most 20 items") }
        for (index, attachment) in attachments.enumerated() where !(0...1 << 53).contains(attachment.bytes) {
            throw .field("\(path)[\(index)].bytes", "out of range")
        }
    }
}

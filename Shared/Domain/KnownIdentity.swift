/// The petitioner's name and phone, which no text for the public may hold.
public struct KnownIdentity: Equatable, Sendable {
    public var name: String?
    public var phone: String?

    public init(name: String?, phone: String?) {
        self.name = name
        self.phone = phone
    }

    /// What people write where a name is asked for, and what replies call anybody.
    public static let nobodysNames: Set<String> = [
        "匿名", "网友", "匿名网友", "热心网友", "市民", "热心市民", "群众", "居民", "村民", "业主", "先生", "女士", "来信人", "来电人",
    ]

    /// - Throws: `.notAccepted` (`identityInReply`) when the text holds the petitioner's name or phone, or anyone's mobile
    ///   or identity number. Published office lines are allowed.
    public static func keepOut(_ identity: KnownIdentity?, of text: String) throws(Refusal) {
        let folded = Masking.folded(text)
        let known = [identity?.name.map { (Masking.folded($0), 2) }, identity?.phone.map { (Masking.folded($0), 5) }]
        let isNamed = known.contains { found in
            guard let (word, least) = found, word.unicodeScalars.count >= least else { return false }
            guard !nobodysNames.contains(word) else { return false }
            return folded.contains(word)
        }
        guard !isNamed, !Masking.holdsPersonalNumber(text) else {
            throw .notAccepted("identityInReply", "答复中含有来信人身份或个人号码，不得公开")
        }
    }
}

import Domain

/// Who wrote a message, as it was filed. It is kept encrypted, apart from the case.
struct Petitioner: Codable, Sendable {
    var name: Name?
    var phone: Name?
    var contact: Name?
    var account: Name?
    /// 保密 — the petitioner asks that units do not learn who they are.
    var confidential: Bool?

    var isAnonymous: Bool { name == nil && phone == nil && contact == nil && account == nil }

    /// What `revealIdentity` answers.
    struct Identity: Codable, Sendable {
        var name: Name?
        var phone: Name?
        var contact: Name?
    }

    var identity: Identity { Identity(name: name, phone: phone, contact: contact) }
}

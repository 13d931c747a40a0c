import Domain
import Ledger
import ServiceKit

/// 查看来信人身份 — name, phone and contact, for a purpose that is logged with who asked.
enum RevealIdentity: Method {
    static let name = "intake.revealIdentity"
    static let roles: Set<Role> = [.unit, .registrar, .supervisor]
    static let kind = MethodKind.recordedRead
    static let summary = "查看来信人身份：the petitioner's name, phone and contact; logged"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var purpose: IdentityPurpose
    }

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> Petitioner.Identity {
        let record = try work.find(params.caseNumber)
        try Rules.reveal(record, to: work.caller)
        try Store.logReveal(record, params.purpose, work)
        let petitioner = try Store.petitioner(of: record.number, intake.secrets, work.db)
        return petitioner?.identity ?? Petitioner.Identity()
    }
}

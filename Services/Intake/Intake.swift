import Foundation
import ServiceKit

/// 登记 — takes messages in, sorts them, keeps who wrote them to itself, and tells petitioners and sources what becomes of
/// their cases.
///
/// Owns schema `intake`: petitioners' identities, what came with a message, supplements, proposals to decline.
package struct Intake: ServiceCard {
    package static let name = "intake"
    package static let bundle = Bundle.module

    /// Seals identities, makes tracking codes and aliases.
    let secrets: Secrets
    let references = KnownReferences()

    static let methods: [any Method<Intake>.Type] = [
        Register.self, RegisterBatch.self, Get.self, Search.self, Changes.self, Track.self, Classify.self,
        ProposeDecline.self, ConfirmDecline.self, Recall.self, Merge.self, Unmerge.self, Withdraw.self,
        Supplement.self, RevealIdentity.self, IdentityLog.self, Vocabulary.self, SaveChannel.self, SaveCategory.self,
        ReplyPublished.self,
    ]

    package static func sweeps(_ settings: Settings) -> Sweeps {
        Sweeps([Follow.self], of: Intake(secrets: settings.secrets))
    }

    package static func table(_ settings: Settings) -> MethodTable {
        MethodTable(methods, of: Intake(secrets: settings.secrets))
    }
}

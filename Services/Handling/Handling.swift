import Foundation
import ServiceKit

/// 办理、审定、反馈 — units file what they mean to do and what they did, the two offices review it, and whoever published
/// the reply says where.
///
/// Owns schema `handling`: results, co-units' accounts, reviews, publications.
package struct Handling: ServiceCard {
    package static let name = "handling"
    package static let bundle = Bundle.module

    /// Opens identities for one purpose: to keep them out of replies.
    let secrets: Secrets

    static let methods: [any Method<Handling>.Type] = [
        FileOpinion.self, AddProgress.self, AskPetitioner.self, Resume.self, FileCoResult.self, FileResult.self,
        Review.self, WithdrawApproval.self,
        ConfirmPublication.self,
    ]

    package static func table(_ settings: Settings) -> MethodTable {
        MethodTable(methods, of: Handling(secrets: settings.secrets))
    }
}

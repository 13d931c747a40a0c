import Foundation
import ServiceKit

/// 交办 — gives cases to units by letter, lets units claim them, and keeps the register of units.
///
/// Owns schema `assignment`: letters, claims, returns and rulings, reassignments, extensions, urgency changes, leaders'
/// instructions.
package struct Assignment: ServiceCard {
    package static let name = "assignment"
    package static let bundle = Bundle.module

    /// Opens identities for one purpose: to keep them out of interim replies.
    let secrets: Secrets

    static let methods: [any Method<Assignment>.Type] = [
        Dispatch.self, Reassign.self, ReadLetter.self, ClaimList.self, Claim.self, ChangeResponsible.self,
        RequestReturn.self, DecideReturn.self, Returns.self, RequestExtension.self, DecideExtension.self,
        ReadExtensions.self,
        AddCoOrder.self, WithdrawCoOrder.self, ObjectCoOrder.self, DecideCoObjection.self, ChangeUrgency.self,
        Instruct.self, SaveUnit.self, Units.self,
    ]

    package static func sweeps(_ settings: Settings) -> Sweeps {
        Sweeps([Successions.self], of: Assignment(secrets: settings.secrets))
    }

    package static func table(_ settings: Settings) -> MethodTable {
        MethodTable(methods, of: Assignment(secrets: settings.secrets))
    }
}

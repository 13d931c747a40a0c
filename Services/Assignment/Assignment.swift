import Foundation
import ServiceKit

/// 交办 — gives cases to units by letter, lets units claim them, and keeps the register of units.
///
/// Owns schema `assignment`: letters, claims, leaders' instructions.
package struct Assignment: ServiceCard {
    package static let name = "assignment"
    package static let bundle = Bundle.module

    static let methods: [any Method<Assignment>.Type] = [
        Dispatch.self, ReadLetter.self, ClaimList.self, Claim.self, Instruct.self, SaveUnit.self, Units.self,
    ]

    package static func table(_ settings: Settings) -> MethodTable { MethodTable(methods, of: Assignment()) }
}

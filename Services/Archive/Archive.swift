import Foundation
import ServiceKit

/// 归档 — seals the whole file of a case that is over as one canonical document, and proves it unchanged.
///
/// Owns schema `archive`: the sealed files with their catalogue, the roots that chain their days, the packages that were
/// exported, and which cases wait to be sealed.
package struct Archive: ServiceCard {
    package static let name = "archive"
    package static let bundle = Bundle.module

    /// An administrator may seal by hand in tests only.
    let isTest: Bool

    static let methods: [any Method<Archive>.Type] = [
        Seal.self, GetFile.self, SearchFiles.self, Verify.self, ReadRoot.self, Export.self,
        ExportPart.self, CaseClosed.self,
    ]

    package static func sweeps(_ settings: Settings) -> Sweeps {
        Sweeps([Sealing.self, DayRoots.self, Expiry.self], of: Archive(isTest: settings.isTest))
    }

    package static func table(_ settings: Settings) -> MethodTable {
        MethodTable(methods, of: Archive(isTest: settings.isTest))
    }
}

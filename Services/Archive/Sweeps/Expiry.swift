import Ledger
import ServiceKit

/// Gives up exported packages that have expired. Who took what stays on record.
enum Expiry: Sweep {
    static let name = "exportExpiry"

    static func run(upTo limit: Int, in work: Work, of archive: Archive) throws -> Int {
        try ExportStore.dropExpired(at: work.now, upTo: limit, work.db)
    }
}

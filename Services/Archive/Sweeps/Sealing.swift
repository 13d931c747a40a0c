import Domain
import Ledger
import ServiceKit

/// 定期归档 — seals what has been over for long enough and of which nothing is open.
enum Sealing: Sweep {
    static let name = "sealing"

    static func run(upTo limit: Int, in work: Work, of archive: Archive) throws -> Int {
        let waiting = try Store.waiting(at: work.now, upTo: limit, work.db)
        for id in waiting {
            let record = try work.find(CaseNumber(id: id))
            if let end = Rules.sealableAfter(record, try work.book().limits), Rules.isSealable(record) {
                if end >= work.now {
                    try Store.wait(id, after: end, work.db)
                } else if record.proceedings.openMatters > 0 {
                    // Looked at again every day while a promise, an exclusion or accountability is open.
                    try Store.wait(id, after: work.now.day.advanced(by: 1).start, work.db)
                } else {
                    try seal(record, in: work)
                }
            } else {
                try Store.stopWaiting(id, work.db)
            }
        }
        return waiting.count
    }

    /// What cannot be sealed whole keeps nothing else from being sealed; it is tried again the next day.
    private static func seal(_ record: CaseRecord, in work: Work) throws {
        do {
            _ = try Seal.seal(try work.take(record.number, for: .seal), in: work)
        } catch let refusal as Refusal where refusal.reason == "tooManyPapers" {
            try Store.wait(record.id, after: work.now.day.advanced(by: 1).start, work.db)
        }
    }
}

import Domain
import Ledger
import ServiceKit

/// 已办结 — the archive notes when its sweep may seal the case. One that has been reopened since is noted no more.
enum CaseClosed: EventMethod {
    static let name = "archive.caseClosed"
    static let summary = "已办结（事件）：notes when the case may be sealed"

    static func handle(_ params: EventParams, in work: Work, of archive: Archive) throws -> Empty {
        let record = try work.find(params.caseNumber)
        if let end = Rules.sealableAfter(record, try work.book().limits), Rules.isSealable(record) {
            try Store.wait(record.id, after: end, work.db)
        } else {
            try Store.stopWaiting(record.id, work.db)
        }
        return Empty()
    }
}

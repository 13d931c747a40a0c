import Domain
import Ledger
import ServiceKit

/// 已办结 — the archive notes from which day its sweep may seal the case. One that has been reopened since is noted no more.
enum CaseClosed: EventMethod {
    static let name = "archive.caseClosed"
    static let summary = "已办结（事件）：notes from which day the case may be sealed"

    static func handle(_ params: EventParams, in work: Work, of archive: Archive) throws -> Empty {
        let record = try work.find(params.caseNumber)
        if let day = Rules.sealableFrom(record, try work.book().limits), Rules.isSealable(record) {
            try Store.wait(record.id, from: day, work.db)
        } else {
            try Store.stopWaiting(record.id, work.db)
        }
        return Empty()
    }
}

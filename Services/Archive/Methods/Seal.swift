import Domain
import Ledger
import ServiceKit

/// 归档 — seals a case that is closed, declined or withdrawn, now. The sweep does it when its days have passed.
enum Seal: Method {
    static let name = "archive.seal"
    static let roles: Set<Role> = [.service, .admin]
    static let kind = MethodKind.caseMutation
    static let summary = "归档：seals a case that is over; in tests also for an administrator"

    struct Params: Codable, Sendable { var caseNumber: CaseNumber }

    struct Result: Codable, Sendable {
        var caseNumber: CaseNumber
        var status: CaseStatus
        var version: Int
        var sha256: String
        var day: Day
        var position: Int64
    }

    static func handle(_ params: Params, in work: Work, of archive: Archive) throws -> Result {
        guard work.caller.role == .service || archive.isTest else {
            throw Refusal(.notAllowed, "roleNotAllowed", "归档由系统完成")
        }
        return try seal(try work.take(params.caseNumber, for: .seal, isEntitled: true), in: work)
    }

    /// Writes the whole file of a case that was taken for it. A refusal comes before anything is written.
    static func seal(_ record: CaseRecord, in work: Work) throws -> Result {
        let step = try Rules.seal(record)
        let papers = try Store.papers(of: record.id, work.db)
        let members = try Store.members(of: record.id, work.db)
        let change = try work.save(step, .seal)
        let retention = Rules.retention(record, try CatalogueStore.retentionPolicy(on: work.now.day, work.db))
        let document = try Document.canonical(
            record, members: members, retention, try Timeline.entries(of: record.id, work.db),
            try ClockFacts.all(of: record.id, work.db), papers, at: work.now)
        let digest = Secrets.sha256(document)
        let (position, day) = try Store.insert(
            document, sha256: digest, of: record, retention, at: work.now, work.db)
        try Store.stopWaiting(record.id, work.db)
        return Result(
            caseNumber: change.caseNumber, status: change.status, version: change.version, sha256: Secrets.hex(digest),
            day: day, position: position)
    }
}

import Domain
import Ledger
import ServiceKit

/// 核验 — proves a file, or all files of a range of days, unchanged; names the first that is not.
enum Verify: Method {
    static let name = "archive.verify"
    static let roles = Role.callers
    static let kind = MethodKind.read
    static let summary = "核验档案：proves one file or a range of days unchanged, and names the first that is not"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber?
        /// Both days included; at most 400.
        var from: Day?
        var to: Day?
    }

    struct Result: Codable, Sendable {
        struct Broken: Codable, Sendable {
            var caseNumber: CaseNumber
            var why: String
        }
        var verified: Bool
        var files: Int
        var firstBroken: Broken?
    }

    static func handle(_ params: Params, in work: Work, of archive: Archive) throws -> Result {
        if let number = params.caseNumber {
            if params.from != nil || params.to != nil {
                throw Refusal.field("caseNumber", "not together with from and to")
            }
            let record = try work.find(number)
            guard Rules.mayRead(work.caller, record), let file = try Store.file(of: record.id, work.db) else {
                throw Refusal.notFound
            }
            return result(1, try check(file))
        }
        guard let from = params.from else { throw Refusal.field("from", "required without caseNumber") }
        guard let to = params.to else { throw Refusal.field("to", "required without caseNumber") }
        guard from <= to else { throw Refusal.field("to", "lies before from") }
        guard to.number - from.number < 400 else { throw Refusal.field("to", "the range has more than 400 days") }
        return try range(from, to, work)
    }

    private static func range(_ from: Day, _ to: Day, _ work: Work) throws -> Result {
        var (count, last) = (0, Int64(0))
        while true {
            let files = try Store.files(from: from, to: to, after: last, work.db)
            for file in files {
                let before =
                    count == 0 ? try Store.neighbours(of: file.position, file.position, work.db).before ?? 0 : last
                if file.position != before + 1 { return result(count, broken(file, missing)) }
                count += 1
                if let broken = try check(file) { return result(count, broken) }
                last = file.position
            }
            guard files.isEmpty else { continue }
            // A gap behind the last file of the range may have been one of its days.
            let after = count == 0 ? nil : try Store.neighbours(of: last, last, work.db).after
            return result(count, after.flatMap { $0.position == last + 1 ? nil : broken($0, missing) })
        }
    }

    private static let missing = "前一份档案缺失"

    /// - Returns: what is wrong with the file; `nil` when it is as it was sealed.
    private static func check(_ file: Store.File) throws -> Result.Broken? {
        Secrets.sha256(Array(file.document.utf8)) == file.sha256 ? nil : broken(file, "内容与摘要不符")
    }

    private static func broken(_ file: Store.File, _ why: String) -> Result.Broken {
        Result.Broken(caseNumber: file.caseNumber, why: why)
    }

    private static func result(_ files: Int, _ broken: Result.Broken?) -> Result {
        Result(verified: broken == nil, files: files, firstBroken: broken)
    }
}

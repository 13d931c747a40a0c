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
            var caseNumber: CaseNumber?
            var why: String
        }
        var verified: Bool
        /// Looked at, up to and with the first broken one.
        var files: Int
        var firstBroken: Broken?
    }

    static func handle(_ params: Params, in work: Work, of archive: Archive) throws -> Result {
        var verification = Verification(work.db)
        do {
            try check(params, &verification, work)
            return Result(verified: true, files: verification.files)
        } catch let broken as Verification.Broken {
            return Result(
                verified: false, files: verification.files,
                firstBroken: .init(caseNumber: broken.caseNumber, why: broken.why))
        }
    }

    private static func check(_ params: Params, _ verification: inout Verification, _ work: Work) throws {
        if let number = params.caseNumber {
            if params.from != nil || params.to != nil {
                throw Refusal.field("caseNumber", "not together with from and to")
            }
            let record = try work.find(number)
            guard Rules.mayRead(work.caller, record),
                try verification.check(record.number, isSealed: record.status == .archived)
            else { throw Refusal.notFound }
            return
        }
        guard let from = params.from else { throw Refusal.field("from", "required without caseNumber") }
        guard let to = params.to else { throw Refusal.field("to", "required without caseNumber") }
        try Rules.checkRange(from, to)
        try verification.check(from: from, to: to)
    }
}

import Domain
import Ledger
import ServiceKit

/// 批示 — a leader writes an instruction on a case, or the office records one written on paper.
enum Instruct: Method {
    static let name = "assignment.instruct"
    static let roles = StatusTable.roles(of: .instruct)
    static let kind = MethodKind.caseMutation
    static let summary = "批示：a leader's instruction, or the office's record of a paper one"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var text: Note
        var leader: Person
        /// Today unless said.
        var writtenOn: Day?
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> CaseChange {
        let day = try Rules.writtenOn(params.writtenOn, at: work.now)
        let record = try work.take(params.caseNumber, for: .instruct)
        let change = try work.save(Rules.instruct(record, text: params.text, leader: params.leader), .instruct)
        try Store.insertInstruction(change, text: params.text, leader: params.leader, writtenOn: day, work.db)
        return change
    }
}

import Domain
import Ledger
import ServiceKit

/// 查看 — a case, as far as the caller may see it.
enum Get: Method {
    static let name = "intake.get"
    static let roles = Role.caseReaders
    static let kind = MethodKind.read
    static let summary = "查看事项：a case, as far as the caller may see it"

    struct Params: Codable, Sendable { var caseNumber: CaseNumber }

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> CaseView {
        let record = try work.find(params.caseNumber)
        var view = try work.view(record)
        if work.caller.role != .source, !CaseView.isWithheld(record, from: work.caller) {
            view.attachments = try Store.attachments(of: record.id, work.db)
        }
        return view
    }
}

import Domain
import Ledger
import ServiceKit

/// 移出并件 — a case that was merged by mistake is by itself again, until its master's reply is approved.
enum Unmerge: Method {
    static let name = "intake.unmerge"
    static let roles = StatusTable.roles(of: .unmerge)
    static let kind = MethodKind.caseMutation
    static let summary = "移出并件：a merged case is registered by itself again"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var reason: Note
    }

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> CaseChange {
        let seen = try work.find(params.caseNumber)
        try work.lock([seen.number] + [seen.master].compactMap { $0 })
        let member = try work.take(params.caseNumber, for: .unmerge)
        guard let number = member.master, let master = try work.takeBeside(number) else {
            preconditionFailure("a merged case has no master")
        }
        let step = try Rules.unmerge(
            member, from: master, reason: params.reason, try work.book().calendar, at: work.now)
        let change = try work.save(step, .unmerge)
        try work.saveBeside(Step(master).noting("移出并入件\(member.number.text)"), .unmerge)
        try ClusterStore.forget(master.id, work.db)
        return change
    }
}

import Domain
import Ledger
import ServiceKit

/// 分类、拟办 — the registry says what a case is and which unit should have it; what is not named stays as it is.
enum Classify: Method {
    static let name = "intake.classify"
    static let roles = StatusTable.roles(of: .classify)
    static let kind = MethodKind.caseMutation
    static let summary = "分类与拟办意见：category, urgency, type, division, about, confidential, unitText, proposal"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber
        var category: CategoryCode?
        var urgency: Urgency?
        var divisionCode: DivisionCode?
        var type: CaseType?
        var about: [UnitID]?
        var confidential: Bool?
        var unitText: Essay?
        var proposedUnitId: UnitID?
        var proposal: Note?
    }

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> CaseChange {
        if (params.about ?? []).count > 50 { throw Refusal.field("about", "must have at most 50 items") }
        let record = try work.take(params.caseNumber, for: .classify)
        let units = (params.about ?? []).enumerated().map { (path: "about[\($0)]", id: $1) }
        try Reference.check(
            category: params.category, divisionCode: params.divisionCode,
            units: units + [params.proposedUnitId].compactMap { $0 }.map { (path: "proposedUnitId", id: $0) }, work.db)
        let found = Rules.Classification(
            category: params.category, urgency: params.urgency, divisionCode: params.divisionCode, type: params.type,
            about: params.about, confidential: params.confidential, unitText: params.unitText,
            proposedUnitId: params.proposedUnitId, proposal: params.proposal)
        let step = try Rules.classify(record, as: found)
        if record.status != .registered, step.record.about != record.about || step.record.type != record.type {
            try Rules.checkConflict(step.record, superiors: try Clusters.superiors(of: record, work.db))
        }
        if (step.record.type == .report) != (record.type == .report), try work.hasMembers(record) {
            throw Refusal.notAccepted("reportsOnly", "举报件只能与举报件合并，须先移出并入件")
        }
        return try work.save(step, .classify)
    }
}

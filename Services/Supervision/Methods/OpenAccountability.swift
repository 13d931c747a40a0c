import Domain
import Ledger
import ServiceKit

/// 启动问责 — supervision proposes that a person is held accountable, for a case or for a unit's conduct.
enum OpenAccountability: Method {
    static let name = "supervision.openAccountability"
    static let roles = StatusTable.roles(of: .openAccountability)
    static let kind = MethodKind.caseMutation
    static let summary = "启动问责：proposes that a person is held accountable; the file is kept for good"

    struct Params: Codable, Sendable {
        var caseNumber: CaseNumber?
        var unitId: UnitID
        var accountable: Person
        var ground: Note
    }

    /// The case's fields where there is one.
    struct Result: Codable, Sendable {
        var id: MatterID
        var caseNumber: CaseNumber?
        var status: CaseStatus?
        var version: Int?
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> Result {
        let record = try params.caseNumber.map { try work.take($0, for: .openAccountability) }
        try Reference.check(units: [("unitId", params.unitId)], work.db)
        let change = try record.map {
            try work.save(
                Rules.openAccountability($0, accountable: params.accountable, ground: params.ground),
                .openAccountability)
        }
        let id = try MatterStore.open(params, seq: change?.version, at: work.now, work.db)
        return Result(
            id: MatterID(id), caseNumber: change?.caseNumber, status: change?.status, version: change?.version)
    }
}

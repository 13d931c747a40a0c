import Domain
import Ledger
import ServiceKit

/// 承办单位 — adds a unit, or changes what is said of it. One that is abolished passes its open cases to its successor.
enum SaveUnit: Method {
    static let name = "assignment.saveUnit"
    static let roles: Set<Role> = [.admin]
    static let kind = MethodKind.mutation
    static let summary = "保存单位：adds or changes a responsible unit"

    struct Liaison: Codable, Sendable, Hashable {
        var name: Name
        var phone: Name
    }

    struct Params: Codable, Sendable, Hashable {
        var unitId: UnitID
        var name: Name
        var level: UnitLevel
        /// 块
        var parentId: UnitID?
        /// 条
        var lineParentId: UnitID?
        /// 一把手, the first responsible person.
        var head: Name
        /// 分管领导
        var deputyInCharge: Name
        /// 联络员
        var liaison: Liaison
        var divisionCode: DivisionCode?
        var duties: [Note]?
        var abolishedOn: Day?
        var successorId: UnitID?
    }

    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> Params {
        if (params.duties ?? []).count > 50 { throw Refusal.field("duties", "must have at most 50 items") }
        try Store.lockUnits(work.db)
        let named = [
            ("parentId", params.parentId), ("lineParentId", params.lineParentId), ("successorId", params.successorId),
        ]
        let units = named.compactMap { path, id in id.map { (path: path, id: $0) } }
        for unit in units where unit.id == params.unitId {
            throw Refusal.notAccepted("cycle", "单位不能以自己为上级或承继单位")
        }
        try Reference.check(divisionCode: params.divisionCode, units: units, work.db)
        let facts = try Reference.units([params.parentId, params.lineParentId].compactMap { $0 }, work.db)
        if facts.values.contains(where: { $0.superiors.contains(params.unitId) }) {
            throw Refusal.notAccepted("cycle", "单位不能以下级为上级")
        }
        if let successor = params.successorId, try Store.successors(of: successor, work.db).contains(params.unitId) {
            throw Refusal.notAccepted("cycle", "单位不能以被其承继的单位为承继单位")
        }
        try Store.save(params, work.db)
        // More than one chunk is left for the sweep.
        if params.successorId != nil, let day = params.abolishedOn, day <= work.now.day {
            try Succession.passOn(of: params.unitId, in: work)
        }
        return params
    }
}

/// Who calls: what a token stands for, read from the system of record and never from the request.
public struct Caller: Sendable, Hashable {
    public var clientId: Int64
    public var role: Role
    /// For `unit`: the unit itself, and it with everything beneath it (块).
    public var unit: UnitID?
    public var subtree: Set<UnitID> = []
    /// For `source`: the channels it is bound to.
    public var channels: Set<ChannelCode> = []
    /// For `leader`: the divisions of its territory; `nil` is the whole city.
    public var territory: Set<DivisionCode>?
    /// Requests a second; `nil` is no limit.
    public var ratePerSecond: Int?

    public init(clientId: Int64, role: Role) {
        self.clientId = clientId
        self.role = role
    }

    /// The clock.
    public static let system = Caller(clientId: 0, role: .system)

    /// Whether this caller may know that the case exists. What of it is shown is the view's business.
    public func sees(_ record: CaseRecord) -> Bool {
        switch role {
        case .registrar, .office, .supervisor, .auditor, .service, .system:
            true
        case .source:
            channels.contains(record.channel)
        case .unit:
            record.leadUnitId.map(subtree.contains) ?? false
                || record.coOrders.contains { $0.status != .withdrawn && subtree.contains($0.unitId) }
                || !subtree.isDisjoint(with: record.formerLeads)
        case .leader:
            territory.map { land in record.divisionCode.map(land.contains) ?? false } ?? true
        case .observer, .admin:
            false
        }
    }

    /// Whether the caller sees the case only because it, or a unit beneath it, led it before.
    public func isFormerLead(of record: CaseRecord) -> Bool {
        guard role == .unit, sees(record) else { return false }
        var record = record
        record.formerLeads = []
        return !sees(record)
    }

    /// Whether the caller is the unit that leads the case.
    public func leads(_ record: CaseRecord) -> Bool { unit != nil && unit == record.leadUnitId }
}

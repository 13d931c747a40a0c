import Domain

/// Cases for rules to judge.
enum Records {
    static let registeredAt = Instant(Day(2026, 11, 24), second: 36_000)

    static func record(
        _ status: CaseStatus, _ urgency: Urgency = .ordinary, type: CaseType = .complaint, holder: Party = .leadUnit
    ) -> CaseRecord {
        CaseRecord(
            id: 202_611_000_000_042, version: 3, status: status, channel: ChannelCode(unchecked: "board"),
            externalId: ExternalID(unchecked: "x-1"), type: type, title: Title(unchecked: "路灯不亮"),
            body: Body(unchecked: "巷口路灯坏了"), urgency: urgency, alias: "市民A", registeredAt: registeredAt, holder: holder)
    }

    /// All clocks started at registration.
    static func withClocks(
        _ status: CaseStatus, _ urgency: Urgency = .ordinary, holder: Party = .leadUnit
    ) throws
        -> CaseRecord
    {
        var history = try ClockHistory(urgency)
        for stage in Stage.allCases { history.add(.start, stage, at: registeredAt) }
        var record = record(status, urgency, holder: holder)
        record.clocks = history.clocks
        return record
    }

    static func unit(_ text: String) -> UnitID { UnitID(unchecked: text) }
}

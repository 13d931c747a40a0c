import Domain

/// What tests of rules begin with.
extension Limits {
    /// Those of a new installation.
    public static let usual = Limits(
        reopenDays: 30, unreachableMax: 3, dissatisfiedMax: 2, trackFailuresMax: 10, trackWindowMinutes: 15,
        returnsMax: 2, extensionsMax: 2, questionsMax: 2, clusterRaisesAt: 5, recallDays: 30, recurrenceDays: 90,
        repeatUrgesAfterHours: 24)
}

extension CaseRecord {
    /// When `begun` registers: Monday 2 March 2026, 09:00.
    public static let begunAt = Instant(Day(2026, 3, 2), second: 9 * 3600)

    /// A case in `status`, of the registry's until it was dispatched and then the unit housing's.
    public static func begun(
        _ status: CaseStatus, _ id: Int64 = 1, type: CaseType = .help, version: Int = 1, holder: Party? = nil
    ) -> CaseRecord {
        let isNew = status == .registered
        var record = CaseRecord(
            id: 202_603_000_000_000 + id, version: version, status: status, channel: ChannelCode(unchecked: "board"),
            externalId: ExternalID(unchecked: "1"), type: type, title: Title(unchecked: "标题"),
            body: Body(unchecked: "正文"), urgency: .ordinary, alias: "来信人", registeredAt: begunAt,
            holder: holder ?? (isNew ? .registry : .leadUnit))
        if !isNew { record.leadUnitId = UnitID(unchecked: "housing") }
        return record
    }
}

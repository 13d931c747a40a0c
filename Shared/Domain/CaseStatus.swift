/// Where a case stands between registration (登记) and the archive (归档).
public enum CaseStatus: String, Word {
    /// 已登记
    case registered
    /// 已交办, not yet claimed
    case dispatched
    /// 退单待裁, handed back to the office
    case returning
    /// 已认领, being handled
    case claimed
    /// 待来信人补充
    case awaitingPetitioner
    /// 已报结果, under review
    case reported
    /// 已审定, to be published
    case approved
    /// 已反馈
    case replied
    /// 已办结
    case closed
    /// 不予受理
    case declined
    /// 已并件
    case merged
    /// 已撤件
    case withdrawn
    /// 已归档, final
    case archived

    /// Open cases have a holder whose clock runs. A merged case runs on its master's.
    public var isOpen: Bool {
        switch self {
        case .registered, .dispatched, .returning, .claimed, .awaitingPetitioner, .reported, .approved, .replied: true
        case .closed, .declined, .merged, .withdrawn, .archived: false
        }
    }

    /// Whether the lead unit is at work, so that the date shown is the result's.
    public var isWithUnit: Bool {
        switch self {
        case .dispatched, .claimed, .awaitingPetitioner: true
        case .registered, .returning, .reported, .approved, .replied, .closed, .declined, .merged, .withdrawn,
            .archived:
            false
        }
    }
}

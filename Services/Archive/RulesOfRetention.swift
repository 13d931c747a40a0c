import Domain

extension Rules {
    static func retention(_ record: CaseRecord, _ policy: RetentionPolicy) -> Retention {
        if record.proceedings.isPermanent { return .permanent }
        switch record.urgency {
        case .ordinary: return policy.ordinary
        case .important: return policy.important
        case .critical: return policy.critical
        }
    }
}

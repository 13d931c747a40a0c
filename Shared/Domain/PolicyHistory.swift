/// The values that a policy has had, each from its moment on.
public struct PolicyHistory<Value: Sendable>: Sendable {
    public struct Entry: Sendable {
        public var from: Instant
        public var value: Value

        public init(from: Instant, value: Value) {
            self.from = from
            self.value = value
        }
    }
    private let entries: [Entry]

    /// - Parameter entries: in the order in which they were saved; of those with one moment the last counts.
    /// - Precondition: there is at least one.
    public init(_ entries: [Entry]) {
        precondition(!entries.isEmpty)
        self.entries = entries.enumerated()
            .sorted { ($0.element.from, $0.offset) < ($1.element.from, $1.offset) }
            .map(\.element)
    }

    /// The value that counts at that moment; before all of them the first.
    public func value(at moment: Instant) -> Value { (entries.last { $0.from <= moment } ?? entries[0]).value }
}

/// 督办阶梯 — when the steps after the due date follow. In the days of the clock: working days, calendar days where the case
/// is critical. The row `ladder` of `ledger.policies`.
public struct LadderPolicy: Codable, Hashable, Sendable {
    /// 催办通知书 — so many days after the due date.
    public var noticeDays: Int
    /// 督办函, 约谈, 问责建议 — so many days after the notice.
    public var letterDays: Int
    public var interviewDays: Int
    public var accountabilityDays: Int
    /// 情况说明 — owed so many days after the card.
    public var explanationDays: Int
    /// The hour (+08:00) of a working day at which a paper goes out; 0–23.
    public var paperHour: Int

    public init(
        noticeDays: Int, letterDays: Int, interviewDays: Int, accountabilityDays: Int, explanationDays: Int,
        paperHour: Int
    ) {
        self.noticeDays = noticeDays
        self.letterDays = letterDays
        self.interviewDays = interviewDays
        self.accountabilityDays = accountabilityDays
        self.explanationDays = explanationDays
        self.paperHour = paperHour
    }
}

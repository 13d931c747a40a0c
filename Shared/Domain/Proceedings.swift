/// What has been asked for in the course of a case and bounds what may be asked for next.
public struct Proceedings: Codable, Hashable, Sendable {
    /// 退单 — returns asked for. One beyond the first is adjudicated.
    public var returns = 0
    /// While a return waits: the status the case had.
    public var returningFrom: CaseStatus?
    /// The unit has filed an opinion, progress or a result since the letter.
    public var hasBegun = false
    /// The unit has said since the letter what it means to do.
    public var hasOpinion = false
    /// 延期 — extensions asked for, and the day that the one waiting for its decision asks for.
    public var extensions = 0
    public var extensionUntil: Day?
    /// Questions put to the petitioner.
    public var questions = 0
    /// 并件 — the masters that the case was merged into, in order; the last one may be left again.
    public var masters: [CaseNumber] = []
    /// 撤件 — asked for after dispatch; the status stays until supervision confirms it by a call.
    public var isWithdrawalAsked = false
    /// Promises, accountability and exclusions that are open: the file is not sealed meanwhile.
    public var openMatters = 0
    /// 剔除 — one of them: an exclusion was asked for and waits for its ruling.
    public var isExclusionAsked = false
    /// A leader's instruction is on file, or accountability was opened: the file is kept for good.
    public var isPermanent = false

    public init() {}
}

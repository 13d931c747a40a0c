import Domain

/// Words that are never a result: received, forwarded, under investigation, not our duty. A reply is interim when nothing
/// remains of it once these, and the polite words around them, are taken away.
enum InterimWords {
    static func isAllOf(_ reply: String) -> Bool {
        var rest = Masking.folded(reply)
        for phrase in phrases { rest = rest.replacing(phrase, with: "") }
        return rest.isEmpty
    }

    /// The longer ones first, so that no part of one is left over.
    private static let phrases = (polite + words).sorted { $0.utf8.count > $1.utf8.count }

    private static let polite = [
        "尊敬的网友", "网友", "您好", "你好", "感谢您的留言", "感谢您的来信", "感谢您的反映", "感谢您", "感谢", "谢谢", "请您耐心等待", "请耐心等待",
        "您的留言", "您的来信", "您反映的问题", "您反映的情况", "来信", "留言",
    ]
    private static let words = [
        "已收悉", "收悉", "已收到", "收到", "已转办", "已转交", "已转至", "已转", "转办", "转交", "相关部门", "有关部门", "相关单位", "有关单位",
        "正在调查处理中", "正在调查处理", "正在调查中", "正在调查", "调查中", "正在核实", "核实中", "正在处理中", "正在处理", "处理中", "正在办理中", "正在办理",
        "不属于我单位职责", "不属于本单位职责", "非我单位职责", "非本单位职责", "不是我单位职责", "不归我们管", "不归我单位管", "received", "forwarded",
        "underinvestigation", "notourduty",
    ]
}

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

    /// What stands around them, and is no answer by itself either.
    private static let polite = [
        "尊敬的", "网友", "市民", "您好", "你好", "感谢", "谢谢", "请", "耐心等待", "您", "我们", "对", "工作", "的", "关注", "理解",
        "支持", "监督", "与", "和", "来信", "来电", "留言", "反映", "诉求", "问题", "情况", "事项", "该", "此", "将", "会", "尽快",
        "予以", "进一步", "we", "your", "message", "the", "matter", "is", "hasbeen", "thankyou",
    ]
    /// Never `已` or `经` alone: 已处理 says that something was done.
    private static let words = [
        "已收悉", "收悉", "已收到", "已经收到", "收到", "已转办", "已转交", "已转至", "已转", "转办", "转交", "转至", "相关",
        "有关", "部门", "单位", "科室", "正在", "调查", "核实", "核查", "处理", "办理", "处置", "研究", "中", "不属于", "不是", "非",
        "我单位", "本单位", "我局", "本局", "我部门", "本部门", "职责", "职权", "管辖", "范围", "不归我们管", "不归我单位管",
        "不归我局管", "received", "forwarded", "underinvestigation", "notourduty",
    ]
}

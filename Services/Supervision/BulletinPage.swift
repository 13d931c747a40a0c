import Domain

/// 通报 as a page: in the order in which it is read out, with nothing from elsewhere; wide on a desk, narrow on a phone, A4 on
/// paper. Every chart has its numbers in a table.
struct BulletinPage {
    typealias Parts = PageParts

    let bulletin: BulletinDocument
    let summary: CompileBulletin.Result

    static func render(_ bulletin: BulletinDocument, _ summary: CompileBulletin.Result) -> String {
        BulletinPage(bulletin: bulletin, summary: summary).page
    }

    private var title: String { "\(bulletin.month.year)年\(bulletin.month.month)月群众来信办理情况通报" }

    private var page: String {
        let published = summary.publishedAt.map { "发布：\(Parts.time($0.description))" }
        return """
            <!DOCTYPE html>
            <html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title><style>
            \(Parts.style)
            </style></head><body>
            <header><h1>\(title)</h1><p>\(published ?? "<span class=\"draft\">草稿</span>，编制：\(Parts.time(summary.compiledAt.description))")</p></header>
            <main>
            <section><h2>一、基本情况</h2>\(basics)</section>
            <section><h2>二、办理回访</h2>\(handling)</section>
            <section><h2>三、热点问题</h2>\(clusters)</section>
            <section><h2>四、典型单位</h2>\(units)</section>
            <section class="annex"><h2>五、附表</h2>\(BulletinAnnex(bulletin: bulletin).html)
            <p class="digest">计算口径：第\(Parts.escape(summary.formula))版。文件摘要（SHA-256）：\(Parts.escape(summary.sha256))</p></section>
            </main></body></html>
            """
    }

    private var basics: String {
        let volume = bulletin.volume
        return """
            <p>本月登记群众来信\(volume.registered)件。本月到期应办结\(due)件，按时办结率\(Parts.percent(bulletin.city.measures.responseRate))，逾期\(bulletin.overdue.total)件。</p>
            <div class="charts">\(shares("按渠道", volume.byChannel) { $0.name })\(shares("按类别", volume.byCategory) { $0.name })
            \(shares("按紧急程度", volume.byUrgency) { Urgency(rawValue: $0.code ?? "")?.chinese ?? $0.name })
            \(shares("按类型", volume.byType) { CaseType(rawValue: $0.code ?? "")?.chinese ?? $0.name })</div>
            """
    }

    private var due: Int { bulletin.city.counts.first { $0.measure == .responseRate }?.of ?? 0 }

    /// The chart shows the eight most frequent, the table all.
    private func shares(
        _ title: String, _ shares: [BulletinDocument.Share], _ name: (BulletinDocument.Share) -> String
    ) -> String {
        let all = max(1, shares.reduce(0) { $0 + $1.cases })
        let bars = shares.prefix(8).map { Parts.Bar(label: name($0), value: Double($0.cases), text: "\($0.cases)件") }
        let rows = shares.map { [name($0), "\($0.cases)", Parts.percent(Double($0.cases) / Double(all))] }
        return "<div>\(Parts.bars(title, bars))\(Parts.table(title, ["项目", "件数", "占比"], rows))</div>"
    }

    private var handling: String {
        let city = bulletin.city.measures
        let shown: [Measure] = [
            .responseRate, .replyRate, .closureRate, .resolutionRate, .satisfactionRate, .claimRate, .overdueRate,
            .reworkRate, .returnRate, .extensionRate, .repeatRate, .recurrenceRate, .declineRate,
        ]
        let said = bulletin.followUps
        let bars = [("满意", said.satisfied), ("基本满意", said.basicallySatisfied), ("不满意", said.dissatisfied)].map {
            Parts.Bar(label: $0.0, value: Double($0.1), text: "\($0.1)件")
        }
        let time = city.timeToReply.map {
            "从交办到答复，中位数\($0.median)个工作日，九成在\($0.p90)个工作日以内。"
        }
        let key = shown.map { "<div><dt>\($0.chinese)</dt><dd>\(Parts.percent(city[$0]))</dd></div>" }
        let explained = bulletin.explained.items.map { item in
            [
                item.caseNumber.text, item.unitId.map(name) ?? "—", Parts.time(item.at.description),
                item.ground ?? "（保密件，理由存档）",
            ]
        }
        return """
            <dl class="key">\(key.joined())</dl><p>\(time ?? "本月无已答复事项。")</p>
            \(Parts.bars("回访满意度", bars))
            \(Parts.table("回访满意度", ["回访结果", "件数"], bars.map { [$0.label, "\(Int($0.value))"] }))
            <h3>解释办结</h3>\(Parts.table(
                "第二次不满意后经两办裁定作解释办结（共\(bulletin.explained.total)件）", ["事项编号", "承办单位", "裁定时间", "理由"],
                explained, numeric: 9))
            """
    }

    private var clusters: String {
        let rows = bulletin.clusters.map {
            [$0.caseNumber.text, $0.category ?? "未分类", $0.unitName ?? "—", $0.urgency.chinese, "\($0.cases)"]
        }
        let bars = bulletin.clusters.prefix(10).map {
            Parts.Bar(
                label: "\($0.caseNumber.text) \($0.category ?? "未分类")", value: Double($0.cases), text: "\($0.cases)件")
        }
        return """
            <p>多人反映同一事项的，合并办理，按反映件数列出。</p>\(Parts.bars("反映集中的事项", bars))
            \(Parts.table("反映集中的事项", ["主件编号", "类别", "承办单位", "紧急程度", "件数"], rows, numeric: 4))
            """
    }

    private var units: String {
        let praise = bulletin.praise.map {
            [$0.name, "\($0.cases)", Parts.percent($0.responseRate), Parts.percent($0.bound)]
        }
        let criticism = bulletin.criticism.map {
            [
                $0.name, "\($0.cases)", Parts.percent($0.responseRate), Parts.percent($0.bound),
                $0.explanationDueOn?.description ?? "—",
            ]
        }
        func bars(_ mentions: [BulletinDocument.Mention], _ word: String, isHollow: Bool) -> [Parts.Bar] {
            mentions.map {
                .init(
                    label: "〔\(word)〕\($0.name)", value: $0.responseRate, text: Parts.percent($0.responseRate),
                    isHollow: isHollow)
            }
        }
        let all =
            bars(bulletin.praise, "表扬", isHollow: false) + bars(bulletin.criticism, "批评", isHollow: true)
        return """
            \(Parts.bars("表扬与批评单位的按时办结率", all, whole: 1))
            <h3>表扬</h3>\(Parts.table("按95%置信下限排列", ["单位", "应办件数", "按时办结率", "下限"], praise))
            <h3>批评</h3>\(Parts.table("按95%置信上限排列，须按期提交情况说明", ["单位", "应办件数", "按时办结率", "上限", "情况说明期限"], criticism))
            """
    }

    private func name(_ unit: UnitID) -> String { bulletin.name(of: unit) }
}

extension BulletinDocument {
    /// As the tables of the bulletin name it.
    func name(of unit: UnitID) -> String {
        groups.lazy.flatMap(\.units).first { $0.unitId == unit }?.name ?? unit.text
    }
}

extension CaseType {
    fileprivate var chinese: String {
        switch self {
        case .consultation: "咨询"
        case .help: "求助"
        case .complaint: "投诉"
        case .report: "举报"
        case .suggestion: "建议"
        case .praise: "表扬"
        }
    }
}

import Domain

/// 附表 — the bulletin's tables: every unit's measures, the overdue, the oddities, what was excluded, the archive's roots.
struct BulletinAnnex {
    private typealias Parts = PageParts

    let bulletin: BulletinDocument

    var html: String { groups + overdue + oddities + exclusions + roots }

    private static let columns: [(Measure, String)] = [
        (.responseRate, "按时办结"), (.replyRate, "答复"), (.closureRate, "结案"), (.resolutionRate, "解决"),
        (.satisfactionRate, "满意"), (.claimRate, "按时认领"), (.returnRate, "退单"), (.reworkRate, "重办"),
        (.extensionRate, "延期"), (.repeatRate, "重复"), (.recurrenceRate, "反弹"), (.overdueRate, "逾期"),
    ]

    private var groups: String {
        let head =
            ["名次", "单位", "件数"] + Self.columns.map { $0.1 } + ["95%区间", "答复中位（日）", "九成（日）"]
        return bulletin.groups.map { group in
            let rows = group.units.map { unit -> [String] in
                let measures = unit.line.measures
                let bounds = unit.line.bounds.map { "\(Parts.percent($0.lower))–\(Parts.percent($0.upper))" }
                return [unit.rank.map(String.init) ?? "件数不足", unit.name, "\(unit.cases)"]
                    + Self.columns.map { Parts.percent(measures[$0.0]) }
                    + [
                        bounds ?? "—", measures.timeToReply.map { "\($0.median)" } ?? "—",
                        measures.timeToReply.map { "\($0.p90)" } ?? "—",
                    ]
            }
            let volume = group.from.map { "应办\($0)件及以上" } ?? "件数不足，不排名"
            return Parts.table("\(group.level.chinese)（\(volume)）", head, rows, numeric: 2)
        }.joined(separator: "\n")
    }

    private var overdue: String {
        let rows = bulletin.overdue.items.map { item in
            [
                item.caseNumber.text, item.unitName,
                item.responsiblePerson.map { "\($0.name.text)（\($0.title.text)）" } ?? "—",
                Parts.time(item.dueAt.description), item.filedAt.map { Parts.time($0.description) } ?? "未办结",
            ]
        }
        return Parts.table(
            "逾期事项\(extent(bulletin.overdue.total, rows.count))", ["事项编号", "承办单位", "责任人", "应办结", "实际办结"], rows,
            numeric: 9)
    }

    private func extent(_ total: Int, _ shown: Int) -> String {
        total > shown ? "（共\(total)件，列前\(shown)件）" : "（共\(total)件）"
    }

    private var oddities: String {
        let odd = bulletin.oddities
        let lists = [
            ("临近到期数分钟内报结", odd.lastMinuteResults), ("临近到期申请延期", odd.lastMinuteExtensions),
            ("降低紧急程度", odd.loweredUrgencies), ("单位报已解决而回访未解决", odd.contradicted),
            ("发布内容与审定稿不符", odd.differingPublications),
        ]
        let rows =
            odd.sameReplies.map { ["答复雷同", "\($0.cases)", numbers($0.caseNumbers)] }
            + lists.filter { $0.1.total > 0 }.map {
                ["\($0.0)", "\($0.1.total)", numbers($0.1.items.map(\.caseNumber))]
            }
        return Parts.table("异常情况（各列前20件）", ["情形", "件数", "事项编号"], rows, numeric: 9)
    }

    private func numbers(_ numbers: [CaseNumber]) -> String { numbers.prefix(20).map(\.text).joined(separator: "，") }

    private var exclusions: String {
        let rows = bulletin.exclusions.items.map {
            [$0.caseNumber.text, $0.rulingNumber, $0.measures.map(\.chinese).joined(separator: "、")]
        }
        return Parts.table(
            "剔除事项\(extent(bulletin.exclusions.total, rows.count))", ["事项编号", "裁定文号", "剔除的指标"], rows, numeric: 9)
    }

    private var roots: String {
        Parts.table(
            "归档根值", ["日期", "件数", "根值（SHA-256）"],
            bulletin.roots.map { [$0.day.description, "\($0.files)", $0.root] }, numeric: 9)
    }
}

extension UnitLevel {
    fileprivate var chinese: String {
        switch self {
        case .county: "县市区"
        case .city: "市直单位"
        case .township: "乡镇街道"
        }
    }
}

import Domain
import Foundation
import Testing

@testable import Supervision

/// The page of months as they come: a busy one with many units of long names, one with one unit, one of zeros, an empty one.
struct BulletinPageTests {
    static let places = ["北湖区", "苏仙区", "资兴市", "桂阳县", "宜章县", "永兴县", "嘉禾县", "临武县", "汝城县", "桂东县", "安仁县"]
    static let offices = [
        "住房和城乡建设局", "城市管理和综合执法局", "人力资源和社会保障局（劳动监察综合行政执法大队）", "交通运输局", "白露塘镇人民政府高新技术产业开发区综合事务服务中心",
        "市场监督管理局",
    ]
    static let summary = CompileBulletin.Result(
        month: Month(2026, 2), status: .published, formula: "1", sha256: String(repeating: "5a", count: 32),
        compiledAt: Instant(Day(2026, 3, 2), second: 32_400), publishedAt: Instant(Day(2026, 3, 3), second: 32_400))

    static func name(_ index: Int) -> String { "郴州市\(places[index % places.count])\(offices[index % offices.count])" }
    static func unit(_ index: Int) -> UnitID { UnitID(unchecked: "unit-\(index)") }
    private static func number(_ index: Int) -> CaseNumber { CaseNumber(id: 202_602_000_000_000 + Int64(index)) }

    static func figures(_ cases: Int, good: Int) -> [Measure: Rules.Histogram] {
        Measure.allCases.reduce(into: [:]) { figures, measure in
            var histogram = Rules.Histogram()
            histogram.add(measure == .timeToReply ? 5 : 1, times: good)
            histogram.add(0, times: cases - good)
            figures[measure] = histogram
        }
    }

    static func list<Item: Codable & Sendable>(_ items: [Item], of total: Int) -> BulletinDocument.List<Item> {
        .init(total: total, items: items)
    }

    /// - Parameters:
    ///   - units: how many are measured.
    ///   - cases: how many each has at the most; 0 for a month in which nothing happened.
    static func document(units: Int, cases: Int, isGood: Bool = true) -> BulletinDocument {
        func share(_ names: [String]) -> [BulletinDocument.Share] {
            cases == 0
                ? []
                : names.enumerated().map { index, name in
                    .init(
                        code: name == "未分类" ? nil : "c\(index)", name: name,
                        cases: max(1, cases * units / (index * index + 1)))
                }
        }
        let lines = (0..<units).map { index -> BulletinDocument.UnitLine in
            let mine = max(1, cases - index * 4)
            return .init(
                rank: mine < 10 ? nil : index / 3 + 1, unitId: unit(index), name: name(index), cases: mine,
                line: .init(figures(mine, good: isGood ? mine - mine * index / 100 : 0)))
        }
        func mentions(_ from: Int, isPraise: Bool) -> [BulletinDocument.Mention] {
            lines.dropFirst(from).prefix(3).map {
                .init(
                    unitId: $0.unitId, name: $0.name, responseRate: isGood ? 0.9123 : 0, bound: isGood ? 0.8 : 0,
                    cases: $0.cases,
                    explanationDueOn: isPraise ? nil : Day(2026, 3, 10))
            }
        }
        let due = Instant(Day(2026, 2, 12), second: 86_399)
        let count = min(cases, 200)
        let odd = (0..<count).map { BulletinDocument.Oddity(caseNumber: number($0), unitId: unit($0 % max(1, units))) }
        let groups = [UnitLevel.county, .city, .township].enumerated().flatMap {
            index, level -> [BulletinDocument.Group] in
            let here = lines.enumerated().filter { $0.offset % 3 == index }.map(\.element)
            let (ranked, few) = (here.filter { $0.rank != nil }, here.filter { $0.rank == nil })
            return [(10 as Int?, ranked), (nil, few)].filter { !$0.1.isEmpty }.map {
                .init(level: level, from: $0.0, units: $0.1)
            }
        }
        return BulletinDocument(
            month: Month(2026, 2), compiledAt: summary.compiledAt,
            volume: .init(
                registered: cases * units,
                byChannel: share([
                    "市委书记信箱", "12345政务服务便民热线", "人民网领导留言板", "红网《百姓呼声》栏目市县联动办理平台", "市长信箱", "县级论坛", "微博", "红网", "其他", "来信",
                ]),
                byCategory: share(["城乡建设·物业管理与住宅小区公共收益", "噪声", "未分类", "劳动社保", "交通出行"]),
                byUrgency: cases == 0
                    ? [] : ["ordinary", "important", "critical"].map { .init(code: $0, name: $0, cases: cases) },
                byType: cases == 0
                    ? [] : ["help", "complaint", "report"].map { .init(code: $0, name: $0, cases: cases) }),
            city: .init(units == 0 ? [:] : figures(cases * units, good: isGood ? cases * units * 9 / 10 : 0)),
            followUps: .init(
                satisfied: isGood ? cases * 3 : 0, basicallySatisfied: isGood ? cases : 0,
                dissatisfied: isGood ? cases / 9 : 0),
            groups: groups, praise: isGood ? mentions(0, isPraise: true) : [],
            criticism: mentions(max(0, units - 3), isPraise: false),
            overdue: list(
                (0..<count).map { index in
                    .init(
                        caseNumber: number(index), unitId: unit(index % units), unitName: name(index % units),
                        responsiblePerson: index % 5 == 0
                            ? nil : Person(name: Name(unchecked: "欧阳建国"), title: Name(unchecked: "党组成员、副局长兼信访工作负责人")),
                        dueAt: due, filedAt: index % 2 == 0 ? due.adding(seconds: 90_000) : nil)
                }, of: cases * 2),
            clusters: (0..<min(cases, 20)).map { index in
                .init(
                    caseNumber: number(index), category: index == 3 ? nil : "城乡建设·物业管理与住宅小区公共收益",
                    unitId: unit(index % units),
                    unitName: index == 4 ? nil : name(index % units), urgency: .important, cases: 60 - index * 2)
            },
            oddities: .init(
                sameReplies: cases == 0 ? [] : [.init(cases: 31, caseNumbers: (0..<20).map(number))],
                lastMinuteResults: list(odd, of: cases), lastMinuteExtensions: list(odd, of: cases),
                loweredUrgencies: list([], of: 0), contradicted: list(odd, of: cases),
                differingPublications: list([], of: 0)),
            explained: list(
                (0..<min(cases, 6)).map { index in
                    .init(
                        caseNumber: number(index), unitId: unit(index % units), at: due,
                        ground: index == 2
                            ? nil : "作解释说明后办结。经现场踏勘并与来信人当面沟通，该路段道路红线外用地权属属于铁路部门，现行政策不支持拆除重建，已会同有关单位向来信人说明。")
                }, of: min(cases, 6)),
            exclusions: list(
                (0..<min(cases, 30)).map {
                    .init(
                        caseNumber: number($0), rulingNumber: "剔裁〔2026〕\($0 + 1)号",
                        measures: [.responseRate, .overdueRate])
                },
                of: min(cases, 30)),
            roots: cases == 0
                ? []
                : (1...28).map { .init(day: Day(2026, 2, $0), root: String(repeating: "a7", count: 32), files: $0 * 3) }
        )
    }

    static let months: [(name: String, document: BulletinDocument)] = [
        ("busy", document(units: 65, cases: 260)), ("single", document(units: 1, cases: 12)),
        ("zeros", document(units: 4, cases: 12, isGood: false)), ("empty", document(units: 0, cases: 0)),
    ]

    private static func page(_ name: String) throws -> String {
        let month = try #require(months.first { $0.name == name })
        let page = BulletinPage.render(month.document, summary)
        try PageOnDisk.keep(page, as: name)
        return page
    }

    @Test(arguments: ["busy", "single", "zeros", "empty"])
    func everyMonthIsAWholePage(_ name: String) throws {
        let page = try Self.page(name)
        let parts = ["基本情况", "办理回访", "热点问题", "典型单位", "附表"]
        let places = parts.compactMap { page.range(of: "、\($0)</h2>")?.lowerBound }
        #expect(places.count == 5 && places == places.sorted())
        for wrong in ["<script", "http:", "https:", "src=", "url(", "@import", "NaN", "nil", "Optional", "inf%"] {
            #expect(!page.contains(wrong), "\(wrong)")
        }
        // Everything on it is Chinese but numbers and what the digests are called.
        let words = page.replacing(/<style>[\s\S]*<\/style>/, with: "").replacing(/<[^>]*>/, with: " ")
            .matches(of: /[A-Za-z]{3,}/).map { String($0.output) }
        #expect(Set(words).subtracting(["SHA"]).allSatisfy { $0.wholeMatch(of: /[a-f]+/) != nil }, "\(words)")
    }

    /// Each chart says what it shows, and a table beside it says the same in numbers.
    @Test(arguments: ["busy", "single", "zeros", "empty"])
    func everyChartHasATitleAndItsNumbersInATable(_ name: String) throws {
        let page = try Self.page(name)
        for figure in page.matches(of: /<figure>[\s\S]*?<\/figure>/) {
            #expect(figure.output.contains("<figcaption>") && figure.output.contains("<title>"))
            let after = page[figure.range.upperBound...]
            let shown = figure.output.matches(of: /<title>([^<]+)：([^<]+)<\/title>/)
            #expect(!shown.isEmpty)
            // Before a name stands whether it is praised, behind a case's number its category.
            for bar in shown {
                let name = bar.output.1.replacing(/^〔[^〕]+〕/, with: "").prefix { $0 != " " }
                #expect(after.contains(">\(name)<"), "\(name) stands in no table")
            }
        }
        #expect(page.matches(of: /<svg/).count == page.matches(of: /<svg role="img"[^>]*aria-label/).count)
        #expect((page.contains("<svg")) == (name != "empty"))
        #expect(page.matches(of: /<table>/).count == page.matches(of: /<thead>/).count)
    }

    /// Long names stand in full, in charts and tables.
    @Test func noNameIsCut() throws {
        let page = try Self.page("busy")
        #expect(!page.contains("…"))
        for index in 0..<65 { #expect(page.contains("<td>\(Self.name(index))</td>"), "\(index)") }
    }

    /// What is zero has no bar, and says so.
    @Test func aZeroHasNoBar() throws {
        let page = try Self.page("zeros")
        let bars = page.matches(of: /<rect[^>]*width="([0-9.]+)"/).compactMap { Double($0.output.1) }
        #expect(bars.allSatisfy { $0 > 0 } && page.contains("0.00%"))
    }

    @Test func whatThereIsNoneOfIsSaid() throws {
        let page = try Self.page("empty")
        for none in ["逾期事项", "异常情况", "剔除事项", "归档根值", "反映集中的事项"] {
            #expect(page.contains(none), "\(none)")
        }
        #expect(page.contains("：无。"))
    }
}

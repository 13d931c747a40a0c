import Domain
import JSONRPC
import Ledger
import ServiceKit

/// 通报 — how a month's bulletin is compiled, and how it is frozen.
enum Bulletins {
    /// Reckons the month anew and keeps it as the draft.
    ///
    /// - Throws: `.notAccepted` (`alreadyPublished`); `.badParams` for a month that has not begun.
    static func compile(_ month: Month, in work: Work) throws -> BulletinStore.Held {
        try check(month, work)
        try BulletinStore.lock(month, work.db)
        if try BulletinStore.bulletin(of: month, work.db)?.isPublished ?? false { throw alreadyPublished }
        try MeasureStore.prepare(work.db)
        let measures = try MeasureStore(month.first, month.last, work)
        try BulletinStore.replaceItems(of: month, by: measures.items(), work.db)
        let (text, digest) = try canonical(try document(month, measures, work))
        try BulletinStore.save(
            month, formula: BulletinDocument.formula, document: text, sha256: digest, at: work.now, work.db)
        return try held(month, work)
    }

    /// Freezes the draft. What units owe for it is reckoned from now.
    ///
    /// - Throws: `.notAccepted` (`alreadyPublished`, `notCompiled`).
    static func publish(_ month: Month, in work: Work) throws -> BulletinStore.Held {
        try check(month, work)
        try BulletinStore.lock(month, work.db)
        guard let draft = try BulletinStore.bulletin(of: month, forUpdate: true, work.db) else {
            throw Refusal.notAccepted("notCompiled", "该月通报尚未编制")
        }
        if draft.isPublished { throw alreadyPublished }
        var document = try read(draft)
        let policy = try BulletinStore.policy("bulletin", on: month.last, as: BulletinPolicy.self, work.db)
        let due = try explanationDue(policy, work)
        for index in document.criticism.indices { document.criticism[index].explanationDueOn = due }
        let (text, digest) = try canonical(document)
        try BulletinStore.publish(
            month, document: text, sha256: digest, criticised: document.criticism.map { ($0.unitId, due) },
            at: work.now, work.db)
        return try held(month, work)
    }

    static func read(_ held: BulletinStore.Held) throws -> BulletinDocument {
        guard let document = JSONText<BulletinDocument>(sqlText: held.document) else {
            preconditionFailure("a bulletin on file cannot be read")
        }
        return document.value
    }

    private static let alreadyPublished = Refusal.notAccepted("alreadyPublished", "该月通报已经发布，不得改动")

    private static func check(_ month: Month, _ work: Work) throws {
        if month.first > work.now.day { throw Refusal.field("month", "has not begun") }
    }

    private static func held(_ month: Month, _ work: Work) throws -> BulletinStore.Held {
        guard let held = try BulletinStore.bulletin(of: month, work.db) else { throw Refusal.notFound }
        return held
    }

    private static func canonical(_ document: BulletinDocument) throws -> (text: String, sha256: [UInt8]) {
        let bytes = try JSONValue(parsing: try JSONWriter.encode(document)).canonical()
        return (String(decoding: bytes, as: UTF8.self), Secrets.sha256(bytes))
    }

    private static func explanationDue(_ policy: BulletinPolicy, _ work: Work) throws -> Day {
        try work.book().calendar.day(max(1, policy.explanationWorkingDays), after: work.now.day)
    }

    private static func document(_ month: Month, _ measures: MeasureStore, _ work: Work) throws -> BulletinDocument {
        let db = work.db
        let policy = try BulletinStore.policy("bulletin", on: month.last, as: BulletinPolicy.self, db)
        let figures = try FigureStore.histograms(FigureStore.frozen(month), db)
        let units = try BulletinStore.units(db)
        let names = Dictionary(units.map { ($0.unitId, $0.name) }, uniquingKeysWith: { first, _ in first })
        let lists = BulletinListStore(measures: measures, month: month, policy: policy, names: names, db: db)
        let said = try measures.satisfactions(db)
        let ranking = Ranking(figures.byUnit, units, names, policy, explanationDue: try explanationDue(policy, work))
        return BulletinDocument(
            month: month, compiledAt: work.now,
            volume: .init(
                registered: try BulletinStore.registered(in: month, db),
                byChannel: try BulletinStore.shares(of: month, by: "channel", names: "channels", db),
                byCategory: try BulletinStore.shares(of: month, by: "category", names: "categories", db),
                byUrgency: try BulletinStore.shares(of: month, by: "urgency", names: nil, db),
                byType: try BulletinStore.shares(of: month, by: "type", names: nil, db)),
            city: .init(figures.together),
            followUps: .init(
                satisfied: said[.satisfied] ?? 0, basicallySatisfied: said[.basicallySatisfied] ?? 0,
                dissatisfied: said[.dissatisfied] ?? 0),
            groups: ranking.groups, praise: ranking.praise, criticism: ranking.criticism,
            overdue: try lists.overdue(), clusters: try lists.clusters(), oddities: try lists.oddities(),
            explained: try lists.explained(), exclusions: try lists.exclusions(),
            roots: try BulletinStore.roots(of: month, db))
    }

    /// The units in their groups, and who is named.
    private struct Ranking {
        var groups: [BulletinDocument.Group]
        var praise: [BulletinDocument.Mention]
        var criticism: [BulletinDocument.Mention]

        init(
            _ figures: [UnitID: [Measure: Rules.Histogram]], _ units: [BulletinStore.Unit], _ names: [UnitID: String],
            _ policy: BulletinPolicy, explanationDue: Day
        ) {
            let standings = units.compactMap { unit -> Rules.Standing? in
                guard let mine = figures[unit.unitId] else { return nil }
                let due = mine[.responseRate] ?? Rules.Histogram()
                return Rules.Standing(unit: unit.unitId, level: unit.level, sum: due.sum, cases: due.cases)
            }
            groups = Rules.groups(standings, bands: policy.volumeBands, casesMin: policy.casesMin).map { group in
                .init(
                    level: group.level, from: group.from,
                    units: group.units.map { place in
                        let unit = place.standing.unit
                        return .init(
                            rank: place.rank, unitId: unit, name: names[unit] ?? unit.text, cases: place.standing.cases,
                            line: .init(figures[unit] ?? [:]))
                    })
            }
            let named = Rules.mentioned(
                standings, casesMin: policy.casesMin, praised: policy.praised, criticised: policy.criticised)
            func mention(_ standing: Rules.Standing, _ bound: Double, _ due: Day?) -> BulletinDocument.Mention {
                .init(
                    unitId: standing.unit, name: names[standing.unit] ?? standing.unit.text,
                    responseRate: Rules.rounded(standing.rate), bound: Rules.rounded(bound), cases: standing.cases,
                    explanationDueOn: due)
            }
            praise = named.praise.map { mention($0, $0.lower, nil) }
            criticism = named.criticism.map { mention($0, $0.upper, explanationDue) }
        }
    }
}

import Domain

/// 指标 — what the cases behind a figure make of it: each brings a value, 0 to 1, and a rate is their mean; the time to
/// reply brings working days.
extension Rules {
    /// How many cases brought which value.
    struct Histogram: Hashable, Sendable {
        /// Value and number of cases.
        private(set) var counts: [Double: Int] = [:]

        mutating func add(_ value: Double, times: Int) { counts[value, default: 0] += times }
        mutating func add(_ other: Histogram) { for (value, times) in other.counts { add(value, times: times) } }

        var cases: Int { counts.values.reduce(0, +) }
        var sum: Double { counts.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.key * Double($1.value) } }

        /// The mean, to four decimals; `nil` for no cases.
        var rate: Double? {
            let cases = cases
            return cases == 0 ? nil : (sum * 10_000 / Double(cases)).rounded() / 10_000
        }

        /// `percentile_cont`, to one decimal: the value that lies the share `p` of the way from the least to the greatest,
        /// between two of them in proportion. `nil` for no cases.
        func percentile(_ p: Double) -> Double? {
            let sorted = counts.sorted { $0.key < $1.key }
            let place = p * Double(cases - 1)
            guard let low = Self.value(at: Int(place), in: sorted) else { return nil }
            let high = Self.value(at: Int(place.rounded(.up)), in: sorted) ?? low
            return ((low + (high - low) * (place - place.rounded(.down))) * 10).rounded() / 10
        }

        private static func value(at place: Int, in sorted: [(key: Double, value: Int)]) -> Double? {
            var before = 0
            for (value, times) in sorted {
                before += times
                if place < before { return value }
            }
            return nil
        }
    }

    /// Wilson's bounds at 95% of a rate that `cases` cases gave, to four decimals: how far a small number of cases proves
    /// anything. `nil` for no cases.
    static func wilson(_ sum: Double, of cases: Int) -> (lower: Double, upper: Double)? {
        guard let bounds = exactWilson(sum, of: cases) else { return nil }
        return (rounded(bounds.lower), rounded(bounds.upper))
    }

    static func rounded(_ rate: Double) -> Double { (rate * 10_000).rounded() / 10_000 }

    /// To be compared with others; units that differ in the fifth decimal are not the same.
    private static func exactWilson(_ sum: Double, of cases: Int) -> (lower: Double, upper: Double)? {
        guard cases > 0 else { return nil }
        let (n, z) = (Double(cases), 1.959963984540054)
        let p = sum / n
        let middle = p + z * z / (2 * n)
        let spread = z * ((p * (1 - p) + z * z / (4 * n)) / n).squareRoot()
        let scale = 1 + z * z / n
        return (max(0, (middle - spread) / scale), min(1, (middle + spread) / scale))
    }

    // MARK: 排名

    /// A unit as the bulletin ranks it.
    struct Standing: Hashable, Sendable {
        var unit: UnitID
        var level: UnitLevel
        /// Of the response rate.
        var sum: Double
        var cases: Int

        var rate: Double { cases == 0 ? 0 : sum / Double(cases) }
        var lower: Double { Rules.exactWilson(sum, of: cases)?.lower ?? 0 }
        var upper: Double { Rules.exactWilson(sum, of: cases)?.upper ?? 1 }
    }

    /// A unit at its place.
    struct Ranked: Hashable, Sendable {
        /// Units that are the same in everything share one; `nil` where unranked.
        var rank: Int?
        var standing: Standing
    }

    /// Units that are compared with one another: of one level, and with so many cases at least.
    struct Group: Hashable, Sendable {
        var level: UnitLevel
        /// `nil`: too few to be ranked (件数不足).
        var from: Int?
        var units: [Ranked]
    }

    /// 排名 — by level (county, city unit, township), then by volume; within a group by the response rate, and of equal
    /// rates by how much they prove.
    ///
    /// - Parameter bands: the least numbers of cases, the greatest first. Fewer cases than `casesMin` are not ranked.
    static func groups(_ standings: [Standing], bands: [Int], casesMin: Int) -> [Group] {
        let bands = bands.filter { $0 > casesMin } + [casesMin]
        return [UnitLevel.county, .city, .township].flatMap { level -> [Group] in
            let here = standings.filter { $0.level == level }
            let ranked = bands.enumerated().map { index, from in
                let below = index == 0 ? Int.max : bands[index - 1]
                return Group(
                    level: level, from: from, units: rank(here.filter { from <= $0.cases && $0.cases < below }))
            }
            let few = here.filter { $0.cases < casesMin }.sorted { ($1.cases, $0.unit) < ($0.cases, $1.unit) }
            let groups = ranked + [Group(level: level, from: nil, units: few.map { Ranked(rank: nil, standing: $0) })]
            return groups.filter { !$0.units.isEmpty }
        }
    }

    private static func rank(_ standings: [Standing]) -> [Ranked] {
        let sorted = standings.sorted { ($1.rate, $1.lower, $0.unit) < ($0.rate, $0.lower, $1.unit) }
        var ranked: [Ranked] = []
        for (index, standing) in sorted.enumerated() {
            let last = ranked.last
            let isSame = last.map { $0.standing.rate == standing.rate && $0.standing.cases == standing.cases } ?? false
            ranked.append(Ranked(rank: isSame ? last?.rank : index + 1, standing: standing))
        }
        return ranked
    }

    /// 表扬、批评 — of the ranked units those at least as good as all together whose lower bound is highest, and those
    /// worse than all together whose upper bound is lowest.
    static func mentioned(
        _ standings: [Standing], casesMin: Int, praised: Int, criticised: Int
    ) -> (praise: [Standing], criticism: [Standing]) {
        let ranked = standings.filter { $0.cases >= casesMin }
        let (sum, cases) = (standings.reduce(0) { $0 + $1.sum }, standings.reduce(0) { $0 + $1.cases })
        let all = cases == 0 ? 0 : sum / Double(cases)
        let good = ranked.filter { $0.rate >= all }.sorted { ($1.lower, $0.unit) < ($0.lower, $1.unit) }
        let bad = ranked.filter { $0.rate < all }.sorted { ($0.upper, $0.unit) < ($1.upper, $1.unit) }
        return (Array(good.prefix(praised)), Array(bad.prefix(criticised)))
    }

    // MARK: 考核

    /// 扣分 — the points that a weight takes off for a rate: what is missing of a good one, what there is of a bad one.
    /// To two decimals.
    static func deduction(_ rate: Double, isMerit: Bool, weight: Double) -> Double {
        // In whole ten-thousandths, so that halves are halves.
        let share = ((isMerit ? 1 - rate : rate) * 10_000).rounded()
        return (share * weight / 100).rounded() / 100
    }

    /// 100 less the deductions, never below 0, to two decimals.
    static func score(_ deductions: [Double]) -> Double {
        max(0, ((100 - deductions.reduce(0, +)) * 100).rounded() / 100)
    }
}

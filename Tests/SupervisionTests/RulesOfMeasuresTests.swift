import Domain
import Testing

@testable import Supervision

struct RulesOfMeasuresTests {
    private func histogram(_ values: [Double]) -> Rules.Histogram {
        values.reduce(into: Rules.Histogram()) { $0.add($1, times: 1) }
    }

    @Test func aRateIsTheMeanToFourDecimals() {
        #expect(histogram([]).rate == nil)
        #expect(histogram([1, 0, 0]).rate == 0.3333)
        #expect(histogram([1, 0.5, 0]).rate == 0.5)
        #expect(histogram([1] + Array(repeating: 0, count: 159)).rate == 0.0063)
    }

    @Test func percentilesLieBetweenTwoValuesInProportion() {
        #expect(histogram([]).percentile(0.5) == nil)
        #expect(histogram([3]).percentile(0.9) == 3)
        #expect(histogram([1, 2, 3, 4]).percentile(0.5) == 2.5)
        #expect(histogram([1, 2, 3, 4]).percentile(0.9) == 3.7)
        #expect(histogram([0, 10]).percentile(0.9) == 9)
    }

    /// Wilson (1927), as computed elsewhere.
    @Test(arguments: [(8.0, 10, 0.4902, 0.9433), (10, 10, 0.7225, 1), (0, 10, 0, 0.2775), (95, 100, 0.8882, 0.9785)])
    func wilsonsBounds(sum: Double, cases: Int, lower: Double, upper: Double) throws {
        let bounds = try #require(Rules.wilson(sum, of: cases))
        #expect(bounds.lower == lower && bounds.upper == upper)
        #expect(Rules.wilson(0, of: 0) == nil)
    }

    private func standing(_ unit: String, _ level: UnitLevel, _ sum: Double, of cases: Int) -> Rules.Standing {
        Rules.Standing(unit: UnitID(unchecked: unit), level: level, sum: sum, cases: cases)
    }

    @Test func unitsAreRankedWithinLevelAndVolume() {
        let groups = Rules.groups(
            [
                standing("a", .county, 90, of: 100), standing("b", .county, 10, of: 10),
                standing("c", .county, 20, of: 20),
                standing("d", .county, 9, of: 9), standing("e", .city, 5, of: 10), standing("f", .city, 5, of: 10),
            ], bands: [100, 10], casesMin: 10)
        #expect(groups.map(\.level) == [.county, .county, .county, .city] && groups.map(\.from) == [100, 10, nil, 10])
        // Of equal rates more cases prove more; what is the same in everything shares a rank.
        #expect(groups[1].units.map(\.standing.unit.text) == ["c", "b"] && groups[1].units.map(\.rank) == [1, 2])
        #expect(groups[2].units.map(\.rank) == [nil])
        #expect(groups[3].units.map(\.rank) == [1, 1])
    }

    @Test func theBetterHalfIsPraisedByTheLowerBoundAndTheWorseCriticisedByTheUpper() {
        let standings = [
            standing("few", .county, 0, of: 9), standing("small", .county, 10, of: 10),
            standing("large", .city, 99, of: 100),
            standing("bad", .city, 60, of: 100), standing("unlucky", .township, 7, of: 12),
        ]
        let named = Rules.mentioned(standings, casesMin: 10, praised: 3, criticised: 3)
        #expect(named.praise.map(\.unit.text) == ["large", "small"])
        #expect(named.criticism.map(\.unit.text) == ["bad", "unlucky"])
    }

    @Test func aGoodRateTakesOffWhatIsMissingAndABadOneWhatThereIs() {
        #expect(Rules.deduction(0.9, isMerit: true, weight: 25) == 2.5)
        #expect(Rules.deduction(0.1, isMerit: false, weight: 5) == 0.5)
        #expect(Rules.score([2.5, 0.55]) == 96.95 && Rules.score([80, 30]) == 0)
    }

    @Test func aMonthIsReadAndHasItsDays() {
        #expect(Month("2026-02")?.last == Day(2026, 2, 28) && Month("2026-12")?.next == Month(2027, 1))
        for text in ["2026-13", "2026-2", "2026-02-01", "1989-12", "2101-01", "abcd-ef"] {
            #expect(Month(text) == nil, "\(text)")
        }
    }
}

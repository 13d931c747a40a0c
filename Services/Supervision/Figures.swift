import Domain
import Ledger

/// The measures of a unit, or of several together; `null` where no case stands behind one.
struct Measures: Codable, Sendable, Hashable {
    /// Working days from the letter to the reply, to one decimal.
    struct Time: Codable, Sendable, Hashable {
        var median: Double
        /// 90% of the replies took no longer.
        var p90: Double
    }

    @Nullable var replyRate: Double?
    @Nullable var responseRate: Double?
    @Nullable var closureRate: Double?
    @Nullable var resolutionRate: Double?
    @Nullable var satisfactionRate: Double?
    @Nullable var claimRate: Double?
    @Nullable var declineRate: Double?
    @Nullable var returnRate: Double?
    @Nullable var reworkRate: Double?
    @Nullable var extensionRate: Double?
    @Nullable var repeatRate: Double?
    @Nullable var recurrenceRate: Double?
    @Nullable var overdueRate: Double?
    @Nullable var timeToReply: Time?

    init(_ figures: [Measure: Rules.Histogram]) {
        func rate(_ measure: Measure) -> Double? { figures[measure]?.rate }
        replyRate = rate(.replyRate)
        responseRate = rate(.responseRate)
        closureRate = rate(.closureRate)
        resolutionRate = rate(.resolutionRate)
        satisfactionRate = rate(.satisfactionRate)
        claimRate = rate(.claimRate)
        declineRate = rate(.declineRate)
        returnRate = rate(.returnRate)
        reworkRate = rate(.reworkRate)
        extensionRate = rate(.extensionRate)
        repeatRate = rate(.repeatRate)
        recurrenceRate = rate(.recurrenceRate)
        overdueRate = rate(.overdueRate)
        if let times = figures[.timeToReply], let median = times.percentile(0.5), let p90 = times.percentile(0.9) {
            timeToReply = Time(median: median, p90: p90)
        } else {
            timeToReply = nil
        }
    }

    subscript(measure: Measure) -> Double? {
        switch measure {
        case .replyRate: replyRate
        case .responseRate: responseRate
        case .closureRate: closureRate
        case .resolutionRate: resolutionRate
        case .satisfactionRate: satisfactionRate
        case .claimRate: claimRate
        case .declineRate: declineRate
        case .returnRate: returnRate
        case .reworkRate: reworkRate
        case .extensionRate: extensionRate
        case .repeatRate: repeatRate
        case .recurrenceRate: recurrenceRate
        case .overdueRate: overdueRate
        case .timeToReply: timeToReply?.median
        }
    }
}

/// The cases behind a rate.
struct Count: Codable, Sendable, Hashable {
    var measure: Measure
    /// What they bring together: whole cases, halves (`partly`), and the means of clusters.
    var counted: Double
    var of: Int

    /// Of every measure that has cases, in the order of the words.
    static func all(_ figures: [Measure: Rules.Histogram]) -> [Count] {
        Measure.allCases.compactMap { measure in
            figures[measure].map { Count(measure: measure, counted: rounded($0.sum), of: $0.cases) }
        }
    }

    static func rounded(_ sum: Double) -> Double { (sum * 1_000_000).rounded() / 1_000_000 }
}

/// 威尔逊区间 — the bounds of the response rate at 95%.
struct Bounds: Codable, Sendable, Hashable {
    var lower: Double
    var upper: Double

    init?(_ figures: [Measure: Rules.Histogram]) {
        guard let due = figures[.responseRate], let bounds = Rules.wilson(due.sum, of: due.cases) else { return nil }
        (lower, upper) = bounds
    }
}

import Domain
import Postgres

/// A new case, with everything that is written of it.
public struct Opening: Sendable {
    public let record: CaseRecord
    let entry: Timeline.New
    let facts: [ClockFacts.New]

    static func insert(_ openings: [Opening]) -> [SQL] {
        [
            CaseRow.insert(openings.map(\.record)),
            Timeline.insert(openings.map(\.entry)),
            ClockFacts.insert(openings.flatMap(\.facts)),
        ]
    }
}

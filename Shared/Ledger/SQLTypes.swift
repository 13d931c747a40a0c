import Domain
import Postgres

// How the domain's values travel to and from PostgreSQL: as the text they are.

extension SQLValue where Self: BoundedText {
    /// What the system of record holds is taken as it is: a limit is for what comes in, and one that was tightened, or a
    /// text that was put together here (an answer that declines), must not make its case unreadable.
    public init?(sqlText: String) { self.init(unchecked: sqlText) }
}

extension UnitID: SQLValue, SQLElement {}
extension ChannelCode: SQLValue, SQLElement {}
extension CategoryCode: SQLValue, SQLElement {}
extension DivisionCode: SQLValue, SQLElement {}
extension LetterNumber: SQLValue {}
extension Title: SQLValue {}
extension Body: SQLValue {}
extension ExternalID: SQLValue {}
extension Name: SQLValue {}
extension Note: SQLValue {}
extension Essay: SQLValue {}
extension WebAddress: SQLValue {}
extension Digest256: SQLValue {}
extension IdempotencyKey: SQLValue {}
extension Day: SQLValue, SQLElement {}
extension Instant: SQLValue {}

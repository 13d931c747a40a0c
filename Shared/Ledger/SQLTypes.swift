import Domain
import Postgres

// How the domain's values travel to and from PostgreSQL: as the text they are.

extension UnitID: SQLValue, SQLElement {}
extension ChannelCode: SQLValue, SQLElement {}
extension CategoryCode: SQLValue {}
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

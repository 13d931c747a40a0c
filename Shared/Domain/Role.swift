/// What a token allows. Each belongs to exactly one role; people behind it name themselves in `person`.
public enum Role: String, Word {
    /// A system that posts cases: the 12345 hotline, a board's collector.
    case source
    /// 网管中心, the registry desk.
    case registrar
    /// 两办, the two offices.
    case office
    /// 承办单位, a responsible unit.
    case unit
    /// A city leader, bound to a territory.
    case leader
    /// 督查
    case supervisor
    /// 纪检 and archives: reads everything, changes nothing.
    case auditor
    /// The level above: figures, no texts.
    case observer
    /// The operator: units, clients, channels, policies, calendar; no cases.
    case admin
    /// One of our own programs. No door accepts its token.
    case service
    /// The clock. Nobody's token has it.
    case system

    /// The roles that people and other systems can have.
    public static let callers: Set<Role> = [
        .source, .registrar, .office, .unit, .leader, .supervisor, .auditor, .observer, .admin,
    ]
    /// Those that may read cases, each within what it sees.
    public static let caseReaders: Set<Role> = callers.subtracting([.observer, .admin])
}

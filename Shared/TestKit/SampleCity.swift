import Domain
import JSONRPC
import Ledger
import Postgres
import ServiceKit

/// The small city that tests work in.
///
///     city ─┬─ housing ── housing-roads        north-housing is a bureau of the county north (块) and answers to
///           ├─ transport                       housing by line (条)
///           └─ north ─┬─ north-town
///                     └─ north-housing
public enum SampleCity {
    private static let key = [UInt8](repeating: 7, count: 32)
    public static let secrets = Secrets(key: key)
    /// What the file with the installation's key holds.
    public static let keyText = Secrets.hex(key)

    static let units: [(id: String, level: String, parent: String?, line: String?)] = [
        ("city", "city", nil, nil), ("housing", "city", "city", nil), ("housing-roads", "city", "housing", nil),
        ("transport", "city", "city", nil), ("north", "county", "city", nil), ("north-town", "township", "north", nil),
        ("north-housing", "county", "north", "housing"),
    ]
    static let channels: [(code: String, owner: String?)] = [
        ("board", nil), ("hotline", nil), ("mailbox", nil), ("housing-box", "housing"), ("other-board", nil),
    ]
    /// The channels that the source is bound to.
    public static let sourceChannels = ["board", "hotline", "housing-box"]

    static func load(_ db: Connection) throws {
        for (code, parent) in [("4399", nil), ("439901", "4399"), ("439901001", "439901"), ("439902", "4399")]
            as [(String, String?)]
        {
            try db.execute(
                "INSERT INTO ledger.divisions (code, name, parent) VALUES (\(code), \("区划\(code)"), \(parent))")
        }
        var paths: [String: [String]] = [:]
        for unit in units {
            let path = (unit.parent.flatMap { paths[$0] } ?? []) + [unit.id]
            paths[unit.id] = path
            try db.execute(
                """
                INSERT INTO ledger.units (unit_id, name, level, parent_id, line_parent_id, head, deputy_in_charge,
                    liaison_name, liaison_phone, path)
                VALUES (\(unit.id), \("单位\(unit.id)"), \(unit.level), \(unit.parent), \(unit.line), '钱一把', '孙分管', '李联络',
                    '0799-8000000', \(path))
                """)
        }
        for channel in channels {
            try db.execute(
                "INSERT INTO ledger.channels (code, name, kind, owner_unit_id) VALUES (\(channel.code), \(channel.code), 'board', \(channel.owner))"
            )
        }
        try db.execute(
            "INSERT INTO ledger.categories (code, name, parent) VALUES ('urban', '城乡建设', NULL), ('urban.noise', '噪声', 'urban')"
        )
        for who in Who.all { try Clients.save(who.grant, tokenDigest: Secrets.sha256(Array(who.token.utf8)), db) }
        for service in ["gateway", "intake", "assignment", "handling", "supervision", "archive"] {
            try Clients.save(
                .init(name: "service:\(service)", role: .service),
                tokenDigest: Secrets.sha256(Array(secrets.serviceToken(service).utf8)), db)
        }
    }
}

extension City {
    /// A unit, with a client of its own, beside those of the sample city.
    public func addUnit(_ id: String, beneath parent: String) async throws {
        try await sql { db in
            try db.execute(
                """
                INSERT INTO ledger.units (unit_id, name, level, parent_id, head, deputy_in_charge, liaison_name,
                    liaison_phone, path)
                SELECT \(id)::text, \("单位\(id)"), 'city', unit_id, '钱一把', '孙分管', '李联络', '0799-8000000',
                    path || \(id)::text
                FROM ledger.units
                WHERE unit_id = \(parent)
                """)
            let who = Who.unit(id)
            try Clients.save(who.grant, tokenDigest: Secrets.sha256(Array(who.token.utf8)), db)
        }
    }
}

/// Who calls in a test.
public enum Who: Sendable, Hashable, CustomStringConvertible {
    case source, otherSource, registrar, office, leader, northLeader, supervisor, auditor, observer, admin
    case unit(String)
    /// One of our own programs, on the internal envelope.
    case service
    /// Without a token.
    case nobody

    static let all: [Who] =
        [
            .source, .otherSource, .registrar, .office, .leader, .northLeader, .supervisor, .auditor, .observer, .admin,
        ] + SampleCity.units.map { .unit($0.id) }

    public var description: String {
        switch self {
        case .unit(let id): "unit \(id)"
        default: "\(role?.rawValue ?? "nobody")"
        }
    }

    public var role: Role? {
        switch self {
        case .source, .otherSource: .source
        case .registrar: .registrar
        case .office: .office
        case .leader, .northLeader: .leader
        case .supervisor: .supervisor
        case .auditor: .auditor
        case .observer: .observer
        case .admin: .admin
        case .unit: .unit
        case .service: .service
        case .nobody: nil
        }
    }

    public var token: String {
        switch self {
        case .service: SampleCity.secrets.serviceToken("handling")
        case .unit(let id): "token-unit-\(id)"
        case .otherSource: "token-otherSource"
        case .northLeader: "token-northLeader"
        default: "token-\(role?.rawValue ?? "")"
        }
    }

    var grant: Clients.Grant {
        var grant = Clients.Grant(name: token, role: role ?? .observer)
        switch self {
        case .source: grant.channels = SampleCity.sourceChannels.map(ChannelCode.init(unchecked:))
        case .otherSource: grant.channels = [ChannelCode(unchecked: "other-board")]
        case .northLeader: grant.division = DivisionCode(unchecked: "439901")
        case .unit(let id): grant.unit = UnitID(unchecked: id)
        default: break
        }
        return grant
    }
}

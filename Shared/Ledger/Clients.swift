import Domain
import Postgres

/// `ledger.clients`: whom a bearer token stands for. Tokens are kept as SHA-256 only.
public enum Clients {
    /// - Parameter tokenDigest: SHA-256 of the token, 32 bytes.
    /// - Returns: `nil` for a token that nobody has, or that was revoked.
    public static func caller(tokenDigest: [UInt8], _ db: Connection) throws -> Caller? {
        struct Row { var caller: Caller; var division: DivisionCode? }
        let found = try db.row(
            """
            SELECT client_id, role, unit_id, channels, division_code, rate_per_second
            FROM ledger.clients
            WHERE token_sha256 = \(tokenDigest) AND revoked_at IS NULL
            """
        ) { row in
            var caller = Caller(clientId: try row["client_id"], role: try row["role"])
            caller.unit = try row["unit_id"]
            caller.channels = Set(try row["channels"] as [ChannelCode])
            caller.ratePerSecond = try row["rate_per_second"]
            return Row(caller: caller, division: try row["division_code"])
        }
        guard var caller = found?.caller else { return nil }
        if let unit = caller.unit { caller.subtree = try Reference.subtree(of: unit, db) }
        if let division = found?.division { caller.territory = try Reference.territory(of: division, db) }
        return caller
    }

    /// What a new client may do. Which fields count depends on the role.
    public struct Grant: Sendable {
        public var name: String
        public var role: Role
        public var unit: UnitID?
        public var channels: [ChannelCode] = []
        public var division: DivisionCode?
        public var ratePerSecond: Int?

        public init(name: String, role: Role) {
            self.name = name
            self.role = role
        }
    }

    /// Adds a client, or gives the client of that name a new token and these rights. For the operator.
    public static func save(_ grant: Grant, tokenDigest: [UInt8], _ db: Connection) throws {
        try db.execute(
            """
            INSERT INTO ledger.clients (name, role, token_sha256, unit_id, channels, division_code, rate_per_second)
            VALUES (\(grant.name), \(grant.role), \(tokenDigest), \(grant.unit), \(grant.channels), \(grant.division),
                \(grant.ratePerSecond))
            ON CONFLICT (name) DO UPDATE
            SET role = excluded.role, token_sha256 = excluded.token_sha256, unit_id = excluded.unit_id,
                channels = excluded.channels, division_code = excluded.division_code,
                rate_per_second = excluded.rate_per_second, revoked_at = NULL
            """)
    }
}

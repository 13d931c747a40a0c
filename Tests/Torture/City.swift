import Domain
import Ledger
import Postgres
import ServiceKit

/// The small city that the run works in: two units, a channel, a client for each role; and a copy of every event that is
/// ever written, which the checker compares with the inbox.
enum City {
    static func build(
        _ servers: Servers, _ secrets: Secrets, programs: String, keyFile: String
    ) async throws -> [Who: String] {
        let primary = servers.primary
        try await Connection.open(try primary.address.setting("dbname", to: "postgres")) { db in
            try db.execute("CREATE DATABASE \(raw: Server.database)")
        }
        try await Tool.run(
            "\(programs)/renling", ["migrate", "--database", try primary.address.text, "--key-file", keyFile])
        let tokens = Dictionary(uniqueKeysWithValues: Who.allCases.map { ($0, Secrets.newToken()) })
        try await servers.sql { db in
            try db.transaction { db in
                try load(db)
                for (who, token) in tokens {
                    try Clients.save(grant(who), tokenDigest: Secrets.sha256(Array(token.utf8)), db)
                }
            }
            try db.script(copyOfEvents)
        }
        return tokens
    }

    private static func load(_ db: Connection) throws {
        for unit in ["city", Script.lead, Script.coUnit] {
            let path = unit == "city" ? [unit] : ["city", unit]
            try db.execute(
                """
                INSERT INTO ledger.units (unit_id, name, level, parent_id, head, deputy_in_charge, liaison_name,
                    liaison_phone, path)
                VALUES (\(unit), \("单位\(unit)"), 'city', \(unit == "city" ? nil : "city"), '钱一把', '孙分管', '李联络',
                    '0799-8000000', \(path))
                """)
        }
        try db.execute("INSERT INTO ledger.channels (code, name, kind) VALUES ('board', '网上留言板', 'board')")
        try db.execute("INSERT INTO ledger.categories (code, name) VALUES ('urban', '城乡建设')")
    }

    private static func grant(_ who: Who) -> Clients.Grant {
        var grant = Clients.Grant(name: "torture-\(who.rawValue)", role: .registrar)
        switch who {
        case .source:
            grant.role = .source
            grant.channels = ["board"].compactMap { ChannelCode($0) }
        case .registrar: break
        case .office: grant.role = .office
        case .supervisor: grant.role = .supervisor
        case .admin: grant.role = .admin
        case .unit, .coUnit:
            grant.role = .unit
            grant.unit = UnitID(who == .unit ? Script.lead : Script.coUnit)
        }
        return grant
    }

    /// Rows of the outbox are gone when they have arrived.
    private static let copyOfEvents = """
        CREATE SCHEMA torture;
        CREATE TABLE torture.messages (
            id       bigint NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            msg_id   uuid   NOT NULL UNIQUE,
            consumer text   NOT NULL,
            method   text   NOT NULL,
            case_id  bigint NOT NULL,
            version  int    NOT NULL,
            ordinal  int    NOT NULL,
            params   text   NOT NULL
        );
        CREATE FUNCTION torture.copy_message() RETURNS trigger
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
        BEGIN
            INSERT INTO torture.messages (msg_id, consumer, method, case_id, version, ordinal, params)
            VALUES (NEW.msg_id, NEW.consumer, NEW.method, NEW.case_id, NEW.version, NEW.ordinal, NEW.params);
            RETURN NULL;
        END
        $$;
        CREATE TRIGGER copy_message AFTER INSERT ON ledger.outbox
            FOR EACH ROW EXECUTE FUNCTION torture.copy_message();
        """
}

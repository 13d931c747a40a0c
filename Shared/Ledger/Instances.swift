import Postgres

/// `ledger.service_instances`: which instances of a service run, and where. Beats use the database's clock.
public enum Instances {
    public struct Entry: Sendable, Hashable {
        public var instanceId: String
        public var service: String
        public var endpoint: String
        public var draining: Bool
    }

    public static let beatSeconds = 3
    public static let deadAfterSeconds = 10

    /// Enters the instance, or says that it lives.
    public static func beat(_ entry: Entry, version: String, _ db: Connection) throws {
        try db.execute(
            """
            INSERT INTO ledger.service_instances (instance_id, service, endpoint, version, started_at, beat_at, draining)
            VALUES (\(entry.instanceId)::uuid, \(entry.service), \(entry.endpoint), \(version), now(), now(), \(entry.draining))
            ON CONFLICT (instance_id) DO UPDATE
            SET beat_at = excluded.beat_at, draining = excluded.draining, endpoint = excluded.endpoint
            """)
    }

    public static func leave(_ instanceId: String, _ db: Connection) throws {
        try db.execute("DELETE FROM ledger.service_instances WHERE instance_id = \(instanceId)::uuid")
    }

    /// Those that beat within the last ten seconds; at most 1,000. Entries dead for an hour are swept out.
    public static func living(_ db: Connection) throws -> [Entry] {
        try db.rows(
            """
            SELECT instance_id, service, endpoint, draining
            FROM ledger.service_instances
            WHERE beat_at > now() - make_interval(secs => \(deadAfterSeconds))
            ORDER BY service, started_at
            LIMIT 1000
            """
        ) { row in
            Entry(
                instanceId: try row["instance_id"], service: try row["service"], endpoint: try row["endpoint"],
                draining: try row["draining"])
        }
    }

    public static func sweepDead(_ db: Connection) throws {
        try db.execute("DELETE FROM ledger.service_instances WHERE beat_at < now() - interval '1 hour'")
    }
}

extension Instances.Entry {
    public init(instanceId: String, service: String, endpoint: String) {
        self.init(instanceId: instanceId, service: service, endpoint: endpoint, draining: false)
    }
}

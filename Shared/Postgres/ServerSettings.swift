import Glibc

/// What must be true of a server before anything is promised in its name; read on each new connection and by health.
public struct ServerSettings: Sendable, Equatable {
    public var fsync: Bool
    public var fullPageWrites: Bool
    /// `on`, `remote_apply`, or something that promises less.
    public var synchronousCommit: String
    /// `error` would hide the warnings that decide about a COMMIT.
    public var clientMinMessages: String
    /// 150020 is 15.20.
    public var serverVersion: Int
    /// A standby: nothing can be written.
    public var isInRecovery: Bool
    /// This host's clock minus the server's, in milliseconds, true to half the round trip.
    public var clockDifferenceMs: Int

    /// The settings that let a crash of the server take back what COMMIT reported.
    public var unsafe: Set<String> {
        var names: Set<String> = []
        if !fsync { names.insert("fsync") }
        if !fullPageWrites { names.insert("full_page_writes") }
        if !["on", "remote_apply"].contains(synchronousCommit) { names.insert("synchronous_commit") }
        return names
    }

    public static func read(on db: Connection) throws -> ServerSettings {
        let before = wallClockMs()
        return try db.one(
            """
            SELECT current_setting('fsync')::boolean AS fsync,
                   current_setting('full_page_writes')::boolean AS full_page_writes,
                   current_setting('synchronous_commit') AS synchronous_commit,
                   current_setting('client_min_messages') AS client_min_messages,
                   current_setting('server_version_num')::integer AS server_version,
                   pg_is_in_recovery() AS is_in_recovery,
                   floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS clock_ms
            """
        ) { row in
            let middle = before + (wallClockMs() - before) / 2
            return ServerSettings(
                fsync: try row["fsync"],
                fullPageWrites: try row["full_page_writes"],
                synchronousCommit: try row["synchronous_commit"],
                clientMinMessages: try row["client_min_messages"],
                serverVersion: try row["server_version"],
                isInRecovery: try row["is_in_recovery"],
                clockDifferenceMs: middle - (try row["clock_ms"]))
        }
    }

    /// Milliseconds since 1970, of this host.
    private static func wallClockMs() -> Int {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
    }
}

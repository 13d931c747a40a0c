import Domain
import Postgres

/// The SQL for the roots of the days that are over (`archive.roots`).
enum RootStore {
    struct Kept: Sendable {
        var day: Day
        var previousRoot: [UInt8]
        var root: [UInt8]
        var files: Int
        var lastPosition: Int64
    }

    /// The last root on file before a day.
    static func last(before day: Day, _ db: Connection) throws -> Kept? {
        try db.row("SELECT \(sql: columns) FROM archive.roots WHERE day < \(day) ORDER BY day DESC LIMIT 1", read)
    }

    static func kept(_ day: Day, _ db: Connection) throws -> Kept? {
        try db.row("SELECT \(sql: columns) FROM archive.roots WHERE day = \(day)", read)
    }

    /// The first day that is over, has files and no root yet.
    static func toClose(before today: Day, _ db: Connection) throws -> Day? {
        try db.value(
            """
            SELECT min(day)
            FROM archive.catalogue
            WHERE day > coalesce((SELECT max(day) FROM archive.roots), '-infinity') AND day < \(today)
            """)
    }

    /// The writer's turn, if nobody has it: no file joins a day while its root is made.
    static func takeTurn(_ db: Connection) throws -> Bool {
        try db.value("SELECT pg_try_advisory_xact_lock(hashtext('renling archive'))")
    }

    static func keep(_ root: Chain.DayRoot, at now: Instant, _ db: Connection) throws {
        try db.execute(
            """
            INSERT INTO archive.roots (day, previous_root, root, files, first_position, last_position, kept_at)
            SELECT \(root.day)::date, \(root.previousRoot)::bytea, \(root.root)::bytea, count(*), min(position),
                max(position), \(now)::timestamptz
            FROM archive.catalogue
            WHERE day = \(root.day)
            """)
    }

    private static let columns: SQL = "day, previous_root, root, files, last_position"

    private static func read(_ row: borrowing Row) throws -> Kept {
        Kept(
            day: try row["day"], previousRoot: try row["previous_root"], root: try row["root"],
            files: try row["files"], lastPosition: try row["last_position"])
    }
}

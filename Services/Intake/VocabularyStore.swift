import Domain
import Ledger
import Postgres

/// The only SQL that writes channels and categories, and lists them with divisions. Each list has at most 5,000 rows; a
/// province has some 2,000 divisions.
enum VocabularyStore {
    static func channels(_ db: Connection) throws -> [SaveChannel.Params] {
        try db.rows("SELECT code, name, kind, owner_unit_id FROM ledger.channels ORDER BY code LIMIT 5000") {
            SaveChannel.Params(
                code: try $0["code"], name: try $0["name"], kind: try $0["kind"], ownerUnitId: try $0["owner_unit_id"])
        }
    }

    static func categories(_ db: Connection) throws -> [SaveCategory.Params] {
        try db.rows("SELECT code, name, parent FROM ledger.categories ORDER BY code LIMIT 5000") {
            SaveCategory.Params(code: try $0["code"], name: try $0["name"], parent: try $0["parent"])
        }
    }

    static func divisions(_ db: Connection) throws -> [Vocabulary.Division] {
        try db.rows("SELECT code, name FROM ledger.divisions ORDER BY code LIMIT 5000") {
            Vocabulary.Division(code: try $0["code"], name: try $0["name"])
        }
    }

    static func save(_ channel: SaveChannel.Params, _ db: Connection) throws {
        try db.execute(
            """
            INSERT INTO ledger.channels (code, name, kind, owner_unit_id)
            VALUES (\(channel.code), \(channel.name), \(channel.kind), \(channel.ownerUnitId))
            ON CONFLICT (code) DO UPDATE
            SET name = excluded.name, kind = excluded.kind, owner_unit_id = excluded.owner_unit_id
            """)
    }

    static func save(_ category: SaveCategory.Params, _ db: Connection) throws {
        try db.execute(
            """
            INSERT INTO ledger.categories (code, name, parent)
            VALUES (\(category.code), \(category.name), \(category.parent))
            ON CONFLICT (code) DO UPDATE
            SET name = excluded.name, parent = excluded.parent
            """)
    }

    /// Writers of the tree of categories take turns, so that no two moves make a ring.
    static func lockCategories(_ db: Connection) throws {
        try db.execute("SELECT pg_advisory_xact_lock(hashtext('renling categories'))")
    }

    /// The category and all above it; empty when there is none of that code.
    static func line(of code: CategoryCode, _ db: Connection) throws -> [CategoryCode] {
        try db.rows(
            """
            WITH RECURSIVE above AS (
                SELECT code, parent FROM ledger.categories WHERE code = \(code)
                UNION
                SELECT c.code, c.parent FROM ledger.categories c JOIN above ON c.code = above.parent
            )
            SELECT code FROM above LIMIT 1000
            """
        ) { try $0["code"] }
    }
}

import Testing

@testable import Postgres

@Suite struct PreparedStatementsTests {
    private func shape(_ text: String) throws -> SQL.Shape { try SQL(stringLiteral: text).rendered().shape }

    @Test func whatComesASecondTimeIsPrepared() throws {
        var statements = PreparedStatements()
        let (one, other) = (try shape("SELECT 1"), try shape("SELECT 2"))
        #expect(statements.way(for: one) == .unnamed)
        #expect(statements.way(for: other) == .unnamed)
        #expect(statements.way(for: one) == .prepare("s1"))
        #expect(statements.way(for: one) == .known("s1"))
        #expect(statements.way(for: other) == .prepare("s2"))
        statements.forget(other)
        #expect(statements.way(for: other) == .unnamed)
        #expect(statements.way(for: other) == .prepare("s3"))
    }

    @Test func noMoreIsKeptThanThereIsRoomFor() throws {
        var statements = PreparedStatements()
        for n in 0..<PreparedStatements.preparedMax {
            let shape = try shape("SELECT \(n)")
            #expect(statements.way(for: shape) == .unnamed)
            #expect(statements.way(for: shape) == .prepare("s\(n + 1)"))
        }
        let late = try shape("SELECT 'late'")
        for _ in 1...3 { #expect(statements.way(for: late) == .unnamed) }
        #expect(statements.way(for: try shape("SELECT 0")) == .known("s1"))
    }

    @Test func valuesAreNoPartOfAShape() throws {
        let (one, other) = (try ("SELECT \(1)" as SQL).rendered(), try ("SELECT \(2)" as SQL).rendered())
        #expect(one.shape == other.shape && one.shape.text == "SELECT $1")
    }
}

/// On a server, that keeps them.
@Suite(.enabled(if: TestServer.isGiven, TestServer.absence))
struct PreparedOnServerTests {
    private func prepared(_ db: Connection) throws -> [String] {
        try db.rows("SELECT statement FROM pg_prepared_statements ORDER BY name") { try $0["statement"] }
    }

    @Test func repeatedStatementsAreKeptAndAnswerTheSame() async throws {
        try await TestServer.withPool(connections: 1, prepares: true) { database, _ in
            try await database.transaction { db in
                try db.execute("CREATE TABLE line (n integer, note text)")
                for n in 1...5 { try db.execute("INSERT INTO line VALUES (\(n), \("第\(n)行"))") }
                let answers = try db.pipelined((1...5).map { "SELECT note FROM line WHERE n = \($0)" })
                #expect(try answers.map { try $0.first { try $0["note"] as String } } == (1...5).map { "第\($0)行" })
                #expect(
                    try prepared(db) == ["INSERT INTO line VALUES ($1, $2)", "SELECT note FROM line WHERE n = $1"])
            }
        }
    }

    @Test func whatCannotBePreparedFailsAsItWouldOtherwise() async throws {
        try await TestServer.withPool(connections: 1, prepares: true) { database, _ in
            for _ in 1...3 {
                let error = try await postgresError {
                    try await database.transaction { db in
                        _ = try db.pipelined(["SELECT \(1)::int", "SELECT \(1)::int FROM nowhere", "SELECT \(2)::int"])
                    }
                }
                #expect(error.sqlState == "42P01")
            }
            #expect(try await database.transaction { try $0.value("SELECT \(7)::int") } == 7)
        }
    }

    @Test func aTableThatHasChangedIsReadByANewConnection() async throws {
        try await TestServer.withPool(connections: 1, prepares: true) { database, _ in
            try await database.transaction { db in
                try db.execute("CREATE TABLE line (n integer)")
                try db.execute("INSERT INTO line VALUES (1)")
            }
            let read: @Sendable () async throws -> Int = {
                try await database.transaction { db in try db.one("SELECT * FROM line WHERE n = \(1)") { try $0["n"] } }
            }
            for _ in 1...3 { #expect(try await read() == 1) }
            try await database.transaction { try $0.execute("ALTER TABLE line ADD COLUMN note text") }
            #expect(try await read() == 1)
        }
    }
}

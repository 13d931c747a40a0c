import Postgres
import Testing

@Suite(.enabled(if: TestServer.isGiven, TestServer.absence))
struct PipelineTests {
    private func withTable(_ body: (Database) async throws -> Void) async throws {
        try await TestServer.withPool(connections: 1) { database, _ in
            try await database.transaction { db in
                try db.execute("CREATE TABLE line (n integer CONSTRAINT line_n_positive CHECK (n > 0), note text)")
            }
            try await body(database)
        }
    }

    private func count(_ database: Database) async throws -> Int {
        try await database.read { try $0.value("SELECT count(*) FROM line") }
    }

    @Test func everyStatementHasItsAnswer() async throws {
        try await withTable { database in
            let (affected, numbers) = try await database.transaction { db in
                let answers = try db.pipelined([
                    "INSERT INTO line VALUES (\(1), \("a")), (\(2), NULL)", "SELECT n FROM line ORDER BY n",
                    "DELETE FROM line WHERE n = \(1)",
                ])
                return (answers.map(\.affected), try answers[1].map { try $0["n"] as Int })
            }
            #expect(affected == [2, 2, 1] && numbers == [1, 2])
            #expect(try await count(database) == 1)
        }
    }

    @Test func theFirstErrorIsThrownAndNothingStays() async throws {
        try await withTable { database in
            let error = try await postgresError {
                try await database.transaction { db in
                    _ = try db.pipelined([
                        "INSERT INTO line VALUES (1)", "INSERT INTO line VALUES (0)", "INSERT INTO line VALUES (2)",
                    ])
                }
            }
            #expect(error.code == .checkViolation && error.constraint == "line_n_positive")
            #expect(try await count(database) == 0)
        }
    }

    @Test func morePassesThanTheSocketsHoldInBothDirections() async throws {
        try await withTable { database in
            let note = String(repeating: "信", count: 10_000)
            let total = try await database.transaction { db in
                let statements = (1...1000).map { n -> SQL in
                    "INSERT INTO line VALUES (\(n), \(note)) RETURNING n, note"
                }
                return try db.pipelined(statements).reduce(0) { sum, rows in
                    sum + (try rows.first { try ($0["note"] as String).count } ?? 0)
                }
            }
            #expect(total == 10_000_000)
        }
    }

    @Test func finishCommitsAndAcceptsNothingMore() async throws {
        try await withTable { database in
            let rows = try await database.transaction { db in
                let answers = try db.finish(["INSERT INTO line VALUES (1)", "SELECT n FROM line"])
                #expect(throws: PostgresError.self) { try db.execute("SELECT 1") }
                return try answers[1].map { try $0[0] as Int }
            }
            #expect(rows == [1])
            #expect(try await count(database) == 1)
        }
    }

    @Test func aFailedFinishCommitsNothingAndNothingRunsAfterIt() async throws {
        try await withTable { database in
            let error = try await postgresError {
                try await database.transaction { db in
                    try db.execute("INSERT INTO line VALUES (1)")
                    _ = try? db.finish(["INSERT INTO line VALUES (2)", "INSERT INTO line VALUES (0)"])
                    _ = try? db.execute("INSERT INTO line VALUES (3)")
                }
            }
            #expect(error.code == .checkViolation)
            #expect(try await count(database) == 0)
        }
    }

    @Test func aBodyThatFailsAfterFinishIsNotSaidToBeRolledBack() async throws {
        struct Late: Error {}
        try await withTable { database in
            let error = try await postgresError {
                try await database.transaction { db in
                    _ = try db.finish(["INSERT INTO line VALUES (1)"])
                    throw Late()
                }
            }
            #expect(error.code == .outcomeUnknown)
        }
    }

    @Test func nulInOneOfThemSendsNone() async throws {
        try await withTable { database in
            let error = try await postgresError {
                try await database.transaction { db in
                    _ = try db.finish(["INSERT INTO line VALUES (1)", "INSERT INTO line VALUES (1, \("\0"))"])
                }
            }
            #expect(error.code == .nulCharacter)
            #expect(try await count(database) == 0)
        }
    }

    @Test func aFailedFinishOfAConflictRunsAgain() async throws {
        try await withTable { database in
            let runs = Counter()
            try await database.transaction { db in
                let run = runs.next()
                let conflict: SQL = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$"
                _ = try db.finish(["INSERT INTO line VALUES (1)", run == 1 ? conflict : "SELECT 1"])
            }
            #expect(runs.count == 2)
            #expect(try await count(database) == 1)
        }
    }
}

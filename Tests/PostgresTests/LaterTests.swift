import Postgres
import Testing

private struct Refusal: Error {}

/// Statements that are left for later (`Connection.later`).
@Suite(.enabled(if: TestServer.isGiven, TestServer.absence))
struct LaterTests {
    private func withNotes(_ body: (Database) async throws -> Void) async throws {
        try await TestServer.withPool(connections: 1) { database, _ in
            try await database.transaction { db in
                try db.execute("CREATE TABLE note (id integer CONSTRAINT note_pkey PRIMARY KEY, line serial)")
            }
            try await body(database)
        }
    }

    private func notes(_ database: Database) async throws -> [Int] {
        try await database.read { db in try db.rows("SELECT id FROM note ORDER BY line") { try $0[0] as Int } }
    }

    private static func note(_ id: Int) -> SQL { "INSERT INTO note VALUES (\(id))" }

    @Test func theyGoBeforeWhateverIsRunNext() async throws {
        try await withNotes { database in
            let seen = try await database.transaction { db in
                try db.later([Self.note(1), Self.note(2)])
                let first: Int = try db.value("SELECT count(*)::int4 FROM note")
                try db.later([Self.note(3)])
                try db.later([Self.note(4)])
                let second = try db.pipelined(["SELECT 1", "SELECT id FROM note WHERE id = 4"])
                try db.later([Self.note(5)])
                try db.script("INSERT INTO note VALUES (6); INSERT INTO note VALUES (7)")
                return [first, second.count, second[1].count]
            }
            #expect(seen == [2, 2, 1])
            #expect(try await notes(database) == [1, 2, 3, 4, 5, 6, 7])
        }
    }

    @Test(arguments: [true, false]) func theyGoWithCommitAtTheLatest(_ isFinished: Bool) async throws {
        try await withNotes { database in
            try await database.transaction { db in
                try db.later([Self.note(1)])
                if isFinished { try db.finish([Self.note(2)]) }
            }
            #expect(try await notes(database) == (isFinished ? [1, 2] : [1]))
            try await database.transaction { db in
                try db.execute(Self.note(3))
                try db.later([Self.note(4)])
            }
            #expect(try await notes(database).suffix(2) == [3, 4])
        }
    }

    @Test func theirAnswersAreLookedAtInOrder() async throws {
        try await withNotes { database in
            let seen = try await database.transaction { db in
                var seen: [String] = []
                try db.later([Self.note(1), "UPDATE note SET id = id + 10"]) { answers in
                    seen.append("\(answers.map(\.affected))")
                }
                try db.later(["SELECT id FROM note"]) { seen.append("\(try $0[0].map { try $0[0] as Int })") }
                #expect(seen.isEmpty)
                try db.finish()
                return seen
            }
            #expect(seen == ["[1, 1]", "[11]"])
        }
    }

    @Test(arguments: [true, false]) func whatIsWrongWithThemUndoesAll(_ isFoundAtCommit: Bool) async throws {
        try await withNotes { database in
            let error = try await postgresError {
                try await database.transaction { db in
                    try db.execute(Self.note(1))
                    try db.later([Self.note(2), Self.note(1)])
                    if !isFoundAtCommit { try db.execute("SELECT 1") }
                }
            }
            #expect(error.code == .uniqueViolation && error.constraint == "note_pkey")
            #expect(try await notes(database) == [])
        }
    }

    @Test func aLookThatThrowsUndoesAllBeforeCommitAndLeavesTheOutcomeOpenAfterIt() async throws {
        try await withNotes { database in
            await #expect(throws: Refusal.self) {
                try await database.transaction { db in
                    try db.later([Self.note(1)]) { _ in throw Refusal() }
                    try db.execute("SELECT 1")
                }
            }
            #expect(try await notes(database) == [])
            let error = try await postgresError {
                try await database.transaction { db in try db.later([Self.note(1)]) { _ in throw Refusal() } }
            }
            #expect(error.code == .outcomeUnknown)
            #expect(try await notes(database) == [1])
        }
    }

    @Test func whatIsDroppedOrBelongsToAFailedBodyIsNeverRun() async throws {
        try await withNotes { database in
            await #expect(throws: Refusal.self) {
                try await database.transaction { db in
                    try db.later([Self.note(1)])
                    throw Refusal()
                }
            }
            try await database.transaction { db in
                try db.execute(Self.note(2))
                try db.later([Self.note(3)])
                db.dropLater()
            }
            try await database.transaction { _ in }
            #expect(try await notes(database) == [2])
        }
    }

    @Test func aBodyThatRanNothingIsFinishedWithoutARoundTrip() async throws {
        try await withNotes { database in
            let error = try await postgresError {
                try await database.transaction { db in
                    try db.finish()
                    try db.execute(Self.note(1))
                }
            }
            #expect(error.code == .outcomeUnknown)
            #expect(try await notes(database) == [])
        }
    }

    /// What came after COMMIT would be committed by itself.
    @Test func whatIsFinishedIsNotFinishedAgain() async throws {
        try await withNotes { database in
            let error = try await postgresError {
                try await database.transaction { db in
                    try db.finish([Self.note(1)])
                    try db.finish([Self.note(2)])
                }
            }
            #expect(error.code == .outcomeUnknown)
            #expect(try await notes(database) == [1])
        }
    }

    @Test func aValueThatCannotBeSentIsRefusedAtOnce() async throws {
        try await withNotes { database in
            let error = try await postgresError {
                try await database.transaction { db in try db.later(["SELECT \("a\0b")"]) }
            }
            #expect(error.code == .nulCharacter)
        }
    }
}

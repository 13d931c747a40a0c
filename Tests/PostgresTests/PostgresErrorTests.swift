import Postgres
import Testing

@Suite(.enabled(if: TestServer.isGiven, TestServer.absence))
struct PostgresErrorTests {
    static let table = """
        CREATE TABLE person (
            id integer CONSTRAINT person_pkey PRIMARY KEY,
            name text NOT NULL CONSTRAINT person_name_short CHECK (length(name) < 10),
            boss integer CONSTRAINT person_boss_fkey REFERENCES person (id)
        );
        INSERT INTO person VALUES (1, '甲', NULL);
        """

    @Test(
        arguments: [
            ("INSERT INTO person VALUES (1, '秘密', NULL)", .uniqueViolation, "person_pkey"),
            ("INSERT INTO person VALUES (2, '秘密秘密秘密秘密秘密', NULL)", .checkViolation, "person_name_short"),
            ("INSERT INTO person VALUES (2, '秘密', 9)", .foreignKeyViolation, "person_boss_fkey"),
            ("INSERT INTO person VALUES (2, NULL, NULL)", .notNullViolation, nil),
        ] as [(String, PostgresError.Code, String?)])
    func aViolationNamesItsConstraintAndNoValue(
        _ sql: String, code: PostgresError.Code, constraint: String?
    ) async throws {
        try await TestServer.withDatabase { string in
            let error = try await postgresError {
                try await Connection.open(string) { db in
                    try db.script(Self.table)
                    try db.execute("\(raw: sql)")
                    throw PostgresError(.other, "allowed")
                }
            }
            #expect(error.code == code && error.constraint == constraint)
            #expect(!error.retryable)
            #expect(!"\(error)".contains("秘密"))
        }
    }

    @Test(
        arguments: [
            "SELECT \("13900000000x")::integer", "SELECT \("13900000000")::integer", "SELECT \("13900000000x")::date",
            "SELECT \("13900000000 & ")::tsquery", "SELECT \("13900000000")::regclass",
            "SELECT \("{13900000000")::jsonb",
        ] as [SQL])
    func aValueThatDoesNotFitIsNotQuoted(_ sql: SQL) async throws {
        let error = try await postgresError {
            try await Connection.open(TestServer.connectionString()) { _ = try $0.execute(sql) }
        }
        #expect(!error.sqlState.isEmpty && !error.message.isEmpty)
        #expect(!"\(error)".contains("13900000000"), "\(error)")
    }

    @Test func aMistakeInTheTextIsQuoted() async throws {
        let error = try await postgresError {
            try await Connection.open(TestServer.connectionString()) { _ = try $0.execute("SELECT * FROM nowhere") }
        }
        #expect(error.sqlState == "42P01" && error.message.contains("nowhere"))
    }

    @Test func nulInAValueIsRefusedAndTheConnectionGoesOn() async throws {
        try await Connection.open(TestServer.connectionString()) { (db) throws in
            let error = #expect(throws: PostgresError.self) { try db.execute("SELECT \("a\0b")") }
            #expect(error?.code == .nulCharacter)
            #expect(throws: PostgresError.self) { try db.script("SELECT 1\0") }
            #expect(try db.value("SELECT 1") as Int == 1)
        }
    }

    @Test func timeoutsAndReadOnlyHaveCodesOfTheirOwn() async throws {
        try await Connection.open(TestServer.connectionString()) { db in
            try db.script("SET statement_timeout = 10")
            let timeout = #expect(throws: PostgresError.self) { try db.execute("SELECT pg_sleep(60)") }
            #expect(timeout?.code == .statementTimeout && timeout?.retryable == true)
            let readOnly = #expect(throws: PostgresError.self) {
                try db.transaction(.readOnly) { try $0.execute("CREATE TABLE x ()") }
            }
            #expect(readOnly?.code == .readOnly)
        }
    }

    @Test func aLockTimeoutHasItsCode() async throws {
        let string = try TestServer.connectionString()
        let key = Int.random(in: 0 ... .max)
        try await Connection.open(string) { holder in
            try holder.execute("SELECT pg_advisory_lock(\(key))")
            let other = try Connection(string)
            try other.script("SET lock_timeout = 10")
            let error = #expect(throws: PostgresError.self) { try other.execute("SELECT pg_advisory_lock(\(key))") }
            #expect(error?.code == .lockTimeout && error?.retryable == true)
        }
    }

    @Test func copyIsRefusedInsteadOfWaitedFor() async throws {
        try await Connection.open(TestServer.connectionString()) { (db) throws in
            #expect(throws: PostgresError.self) { try db.script("COPY pg_class TO STDOUT") }
        }
    }

    @Test func tooManyValuesAreRefusedBeforeSending() async throws {
        let many = Array(repeating: "\(1)" as SQL, count: 65_536).joined(separator: ", ")
        try await Connection.open(TestServer.connectionString()) { (db) throws in
            #expect(throws: PostgresError.self) { try db.execute("SELECT \(sql: many)") }
            #expect(try db.value("SELECT 1") as Int == 1)
        }
    }
}

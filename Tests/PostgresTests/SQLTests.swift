import Testing

@testable import Postgres

private enum Colour: String { case red, green }
private enum Shade: String, SQLValue { case light, dark }
private struct Weight: RawRepresentable, Equatable { var rawValue: Int64 }

@Suite struct SQLTests {
    @Test func everyValueBecomesANumberedParameter() {
        let sql: SQL = "SELECT \(1), \("two") FROM t WHERE a = \(true)"
        #expect(sql.text == "SELECT $1, $2 FROM t WHERE a = $3")
    }

    @Test func rawTextIsPartOfTheStatement() {
        let table = "ledger.case_record"
        let sql: SQL = "SELECT id FROM \(raw: table) WHERE id = \(7)"
        #expect(sql.text == "SELECT id FROM ledger.case_record WHERE id = $1")
    }

    @Test func joinedStatementsAreNumberedAnew() {
        let first: SQL = "a = \(1)"
        let second: SQL = "b = \(2) OR c = \(3)"
        #expect((first + " AND " + second).text == "a = $1 AND b = $2 OR c = $3")
        let whole: SQL = "SELECT \(0) WHERE \(sql: first) AND (\(sql: second)) LIMIT \(4)"
        #expect(whole.text == "SELECT $1 WHERE a = $2 AND (b = $3 OR c = $4) LIMIT $5")
    }

    @Test func aListOfConditionsIsJoined() {
        let conditions: [SQL] = ["a = \(1)", "b", "c = \(2)"]
        #expect(conditions.joined(separator: " AND ").text == "a = $1 AND b AND c = $2")
        #expect([SQL]().joined(separator: ", ").text == "")
    }

    @Test func aDescriptionShowsNoValues() {
        let sql: SQL = "SELECT \("张三")"
        #expect(!"\(sql)".contains("张三"))
        #expect(!String(reflecting: sql).contains("张三"))
        var dumped = ""
        dump(sql, to: &dumped)
        #expect(!dumped.contains("张三"))
    }

    @Test func nulIsRefusedInValuesAndInTheText() {
        #expect(throws: PostgresError.self) { try ("SELECT \("a\0b")" as SQL).rendered() }
    }

    @Test(arguments: [
        [], [""], ["a"], ["a,b", "c"], ["NULL", "null"], ["{}", "}"], ["\"", "\\", "\\\""], [" ", "\n"], ["字，\"", "é"],
    ])
    func aTextArrayComesBackFromItsOwnLiteral(_ strings: [String]) {
        #expect([String](sqlText: strings.sqlText) == strings)
    }

    @Test(arguments: ["", "{", "}", "{a", "{\"a}", "{a,}", "{,a}", "{NULL}", "[0:0]={a}", "{{a},{b}}", "{\"a\"b}"])
    func whatIsNotAnArrayOfTextsIsRefused(_ text: String) {
        #expect([String](sqlText: text) == nil)
    }

    @Test(arguments: ["", "\\x0", "\\xzz", "\\xAB", "abc", "\\000"])
    func whatIsNotHexadecimalIsNoBytes(_ text: String) {
        #expect([UInt8](sqlText: text) == nil)
    }
}

@Suite(.enabled(if: TestServer.isGiven, TestServer.absence))
struct BindingTests {
    private func echo<T: SQLValue & Equatable>(_ value: T, as type: String) async throws -> T {
        try await Connection.open(TestServer.connectionString()) { try $0.value("SELECT \(value)::\(raw: type)") }
    }

    @Test(arguments: ["", "it's", "\"quoted\"", "back\\slash", "$1 %s \\x41", "信访件 🏮 e\u{301}", "\n\t\r"])
    func aTextComesBackAsItWas(_ text: String) async throws {
        #expect(try await echo(text, as: "text") == text)
    }

    @Test func numbersAndTruthComeBack() async throws {
        #expect(try await echo(Int.min, as: "bigint") == .min)
        #expect(try await echo(Int64.max, as: "bigint") == .max)
        #expect(try await echo(Int32.min, as: "integer") == .min)
        #expect(try await echo(0.1, as: "float8") == 0.1)
        #expect(try await echo(-Double.infinity, as: "float8") == -.infinity)
        #expect(try await echo(Double.nan, as: "float8").isNaN)
        #expect(try await echo(true, as: "boolean"))
        #expect(try await !echo(false, as: "boolean"))
    }

    @Test func arraysComeBack() async throws {
        let texts = ["", "a,b", "say \"x\"", "NULL", "null", "{}", "\\", "信,访"]
        #expect(try await echo(texts, as: "text[]") == texts)
        #expect(try await echo([String](), as: "text[]") == [])
        #expect(try await echo([Int64.min, 0, .max], as: "bigint[]") == [.min, 0, .max])
        #expect(try await echo([1, -2], as: "integer[]") == [1, -2])
    }

    @Test func bytesComeBack() async throws {
        #expect(try await echo(Array(UInt8.min ... .max), as: "bytea") == Array(UInt8.min ... .max))
        #expect(try await echo([UInt8](), as: "bytea") == [])
    }

    @Test func nilIsNullBothWays() async throws {
        let (isNull, back) = try await Connection.open(TestServer.connectionString()) { db in
            try db.one("SELECT \(nil as String?)::text IS NULL AS is_null, \(nil as Colour?)::text AS back") { row in
                (try row["is_null"] as Bool, try row["back"] as String?)
            }
        }
        #expect(isNull && back == nil)
    }

    @Test func rawValuesTravelAsTheirRawValue() async throws {
        try await Connection.open(TestServer.connectionString()) { db in
            let sql: SQL =
                "SELECT \(Colour.green)::text AS a, \(Shade.dark)::text AS b, \(Weight(rawValue: 5))::bigint AS c"
            try db.one(sql) { (row) throws in
                #expect(try row["a"] == Colour.green)
                #expect(try row["b"] == Shade.dark)
                #expect(try row["c"] == Weight(rawValue: 5))
                #expect(try row[0] == Colour.green as Colour?)
                #expect(try row[1] == Shade.dark as Shade?)
                let wrong = #expect(throws: PostgresError.self) { let _: Colour = try row["b"] }
                #expect(wrong?.code == .decoding && wrong?.message.contains("dark") == false)
            }
        }
    }

    @Test func injectedTextStaysData() async throws {
        let text = "'; DROP TABLE pg_class; --"
        #expect(try await echo(text, as: "text") == text)
    }

    @Test func columnsAreFoundByNameAndPlaceInAnyOrder() async throws {
        try await Connection.open(TestServer.connectionString()) { db in
            let rows = try db.rows("SELECT n AS a, n + 1 AS b, NULL AS c FROM generate_series(1, 3) AS n") { row in
                #expect(try row["b"] == (try row[0] as Int) + 1)
                #expect(try row["c"] == nil as Int?)
                #expect(throws: PostgresError.self) { let _: Int = try row["c"] }
                #expect(throws: PostgresError.self) { let _: Int? = try row["d"] }
                #expect(throws: PostgresError.self) { let _: Int? = try row[3] }
                return try row["a"] as Int
            }
            #expect(rows == [1, 2, 3])
        }
    }

    @Test func oneWantsExactlyOneRowAndRowAtMostLooksAtTheFirst() async throws {
        try await Connection.open(TestServer.connectionString()) { (db) throws in
            #expect(throws: PostgresError.self) { try db.value("SELECT 1 WHERE false") as Int }
            #expect(throws: PostgresError.self) { try db.value("VALUES (1), (2)") as Int }
            #expect(try db.value("SELECT 1 WHERE false") as Int? == nil)
            #expect(try db.value("SELECT NULL::integer") as Int? == nil)
            #expect(try db.row("VALUES (1), (2)") { try $0[0] as Int } == 1)
        }
    }

    @Test func executeCountsRows() async throws {
        try await Connection.open(TestServer.connectionString()) { (db) throws in
            #expect(try db.execute("SELECT * FROM generate_series(1, 5)") == 5)
            #expect(try db.execute("SET application_name = 'x'") == 0)
        }
    }
}

import Dispatch

/// One connection to PostgreSQL, lent to a synchronous closure. Not sendable: it belongs to the thread that made it or
/// to its lane in a `Database`, and every call blocks that thread until the server has answered.
public final class Connection {
    enum Phase {
        case outside
        /// BEGIN is not sent yet; it travels with the first statement.
        case beginning([SQL])
        case inside
        /// COMMIT has been tried; nothing more may be run. `nil` when it succeeded.
        case over(PostgresError?)
    }

    /// Statements that travel with the next ones, and who looks at their answers.
    struct Later {
        let statements: [SQL.Rendered]
        let look: ([Rows]) throws -> Void
    }

    let wire: Wire
    var phase = Phase.outside
    var later: [Later] = []
    /// The server's, as they were when the connection was made.
    private(set) var settings: ServerSettings?

    /// Blocks for up to `connect_timeout`, 3 s per host if the string does not say otherwise.
    ///
    /// - Parameter prepares: keep on the server, parsed, what is run more than once.
    /// - Throws: `.connectionRefused`
    public init(_ string: ConnectionString, applicationName: String = "renling", prepares: Bool = false) throws {
        wire = try Wire(
            string
                .setting("client_encoding", to: "UTF8")
                .setting("application_name", orElse: applicationName)
                .setting("connect_timeout", orElse: "3")
                .setting("keepalives_idle", orElse: "10")
                .setting("tcp_user_timeout", orElse: "10000"),
            prepares: prepares)
        let settings = try ServerSettings.read(on: self)
        guard settings.clientMinMessages != "error" else {
            throw PostgresError(.other, "client_min_messages=error would hide the warnings that COMMIT depends on")
        }
        self.settings = settings
    }

    /// Opens a connection on a queue of its own, lends it, and closes it.
    @discardableResult
    public static func open<T: Sendable>(
        _ string: ConnectionString, _ body: @escaping @Sendable (Connection) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "postgres-single").async {
                continuation.resume(with: Result { try body(Connection(string)) })
            }
        }
    }

    /// - Returns: rows inserted, updated or deleted.
    @discardableResult
    public func execute(_ sql: SQL) throws -> Int {
        try run(sql).affected
    }

    public func rows<T>(_ sql: SQL, _ decode: (Row) throws -> T) throws -> [T] {
        try run(sql).map(decode)
    }

    /// The first row; `nil` when there is none.
    public func row<T>(_ sql: SQL, _ decode: (Row) throws -> T) throws -> T? {
        try run(sql).first(decode)
    }

    /// - Throws: `.decoding` when there is not exactly one row.
    public func one<T>(_ sql: SQL, _ decode: (Row) throws -> T) throws -> T {
        let rows = try run(sql)
        guard rows.count == 1, let value = try rows.first(decode) else {
            throw PostgresError(.decoding, "\(rows.count) rows where one is expected")
        }
        return value
    }

    /// The first column of the only row.
    public func value<T: SQLValue>(_ sql: SQL) throws -> T {
        try one(sql) { try $0[0] }
    }

    /// The first column of the first row; `nil` when that is NULL or there is no row.
    public func value<T: SQLValue>(_ sql: SQL) throws -> T? {
        try row(sql) { row -> T? in try row[0] } ?? nil
    }

    /// Statements without values, separated by semicolons, in one round trip. Outside a transaction they are one.
    public func script(_ text: String) throws {
        guard !text.utf8.contains(0) else {
            throw PostgresError(.nulCharacter, "a script holds the character U+0000")
        }
        try checkOpen()
        if hasAhead { _ = try pipeline([]) }
        try check(wire.script(text))
    }

    /// Statements that do not need one another's answers, in one round trip. Within a transaction only: outside of
    /// one, an answer would come before the commit.
    ///
    /// - Throws: the first statement's error; those after it have not run.
    public func pipelined(_ statements: [SQL]) throws -> [Rows] {
        if case .outside = phase { preconditionFailure("pipelined needs a transaction") }
        let answers = try pipeline(statements.map { try $0.rendered() })
        for answer in answers { try check(answer) }
        return answers
    }

    /// The same without a round trip of their own: they are sent with whatever is run next, at the latest with COMMIT, and
    /// what is wrong with them is thrown there. Within a transaction only.
    ///
    /// - Parameter look: is given their answers; it must not run anything.
    public func later(_ statements: [SQL], _ look: @escaping ([Rows]) throws -> Void = { _ in }) throws {
        if case .outside = phase { preconditionFailure("later needs a transaction") }
        try checkOpen()
        later.append(Later(statements: try statements.map { try $0.rendered() }, look: look))
    }

    /// From here on in this transaction a statement that is kept prepared is planned once for all values, not for each. For
    /// those that touch a few rows by their keys: with a table's many partitions, planning takes longer than running.
    public func planOnce() throws { try later(["SET LOCAL plan_cache_mode = force_generic_plan"]) }

    /// Forgets what has been left for later: it is not to be done any more.
    public func dropLater() { later = [] }

    /// The same as `pipelined`, and COMMIT with them: the last thing the body of a transaction does, one round trip less.
    /// Nothing can be run afterwards, and no look at the answers undoes it.
    @discardableResult
    public func finish(_ statements: [SQL] = []) throws -> [Rows] {
        if case .outside = phase { preconditionFailure("finish needs a transaction") }
        try checkOpen()
        if case .beginning = phase, statements.isEmpty, later.isEmpty {
            phase = .over(nil)
            return []
        }
        return try commit(with: statements)
    }

    private func run(_ sql: SQL) throws -> Rows {
        if hasAhead { return try pipelined([sql])[0] }
        try checkOpen()
        return try check(wire.run(sql.rendered()))
    }

    /// Whether BEGIN or something that has been left for later must go first.
    private var hasAhead: Bool {
        if case .beginning = phase { return true }
        return !later.isEmpty
    }

    /// Everything in one flush, before it BEGIN and what has been left for later; the answers to `statements`.
    func pipeline(_ statements: [SQL.Rendered]) throws -> [Rows] {
        try checkOpen()
        let ahead = try ahead()
        return try look(at: wire.pipeline(ahead.flatMap(\.statements) + statements), ahead)
    }

    /// What must be sent before anything else.
    func ahead() throws -> [Later] {
        defer { later = [] }
        guard case .beginning(let begin) = phase else { return later }
        phase = .inside
        return [Later(statements: try begin.map { try $0.rendered() }, look: { _ in })] + later
    }

    /// - Returns: the answers to what came after `ahead`.
    func look(at answers: [Rows], _ ahead: [Later]) throws -> [Rows] {
        var rest = answers[...]
        for part in ahead {
            let own = Array(rest.prefix(part.statements.count))
            for answer in own { try check(answer) }
            try part.look(own)
            rest = rest.dropFirst(own.count)
        }
        return Array(rest)
    }

    @discardableResult
    private func check(_ answer: Rows) throws -> Rows {
        if let error = answer.error { throw error }
        return answer
    }

    private func checkOpen() throws {
        switch phase {
        case .outside, .beginning, .inside: return
        case .over(let error): throw error ?? PostgresError(.other, "the transaction has been finished already")
        }
    }
}

@available(*, unavailable)
extension Connection: Sendable {}

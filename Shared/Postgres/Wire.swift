import CPostgres
import Glibc

/// One libpq connection and the only place that waits for it.
///
/// The socket does not block: while a statement is being written, answers are read, so that a long pipeline cannot
/// stand still with both sides writing. Waiting is `poll` on the connection's own thread, until the deadline.
final class Wire {
    private let handle: OpaquePointer
    let notices = Notices()
    /// When set, waiting ends then with `.deadline`, and the connection is good for `settle` or `abandon` only.
    var deadline: ContinuousClock.Instant?
    private(set) var isOverdue = false
    private(set) var isBroken = false
    /// COMMIT has been sent and not been answered.
    var isCommitting = false
    private var prepared: PreparedStatements?

    /// - Parameter prepares: keep statements parsed; not where a pooler hands each transaction to another session.
    /// - Throws: `.connectionRefused`
    init(_ string: ConnectionString, prepares: Bool) throws(PostgresError) {
        guard let handle = PQconnectdb(string.text) else {
            throw PostgresError(.connectionRefused, "out of memory")
        }
        guard PQstatus(handle) == CONNECTION_OK, PQsetnonblocking(handle, 1) == 0 else {
            let message = PQerrorMessage(handle).map { oneLine(String(cString: $0)) } ?? ""
            PQfinish(handle)
            throw PostgresError(.connectionRefused, message, sqlState: "08001")
        }
        self.handle = handle
        prepared = prepares ? PreparedStatements() : nil
        _ = PQsetNoticeReceiver(handle, Notices.receive, Unmanaged.passUnretained(notices).toOpaque())
    }

    deinit { PQfinish(handle) }

    /// No transaction is open and every answer has been read.
    var isIdle: Bool { !isBroken && PQtransactionStatus(handle) == PQTRANS_IDLE }

    /// Looks, without waiting, whether the server has hung up. Reads what it said before that.
    var isAlive: Bool {
        while !isBroken, !isOverdue {
            var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            guard poll(&descriptor, 1, 0) > 0 else { return true }
            // PQisBusy is what makes libpq look at the bytes that were read.
            if PQconsumeInput(handle) == 0 || PQisBusy(handle) == 1 || PQstatus(handle) != CONNECTION_OK {
                isBroken = true
            }
        }
        return false
    }
}

extension Wire {
    /// One statement with its values.
    func run(_ statement: SQL.Rendered) throws(PostgresError) -> Rows {
        let way = way(for: statement)
        if case .prepare(let name) = way {
            try prepare(statement, as: name)
            let answer = try lastAnswer()
            guard answer.error == nil else {
                prepared?.forget(statement.shape)
                return answer
            }
        }
        try send(statement, way)
        return try lastAnswer()
    }

    /// Statements without values, separated by semicolons; the last answer, or the first error.
    func script(_ text: String) throws(PostgresError) -> Rows {
        guard PQsendQuery(handle, text) == 1 else { throw refused() }
        return try lastAnswer()
    }

    /// All statements in one flush, one answer for each. When one fails, its answer is the error and those after it
    /// are `.skipped`.
    ///
    /// - Throws: `.connectionLost` and its like, `.deadline`.
    func pipeline(_ statements: [SQL.Rendered]) throws(PostgresError) -> [Rows] {
        guard PQenterPipelineMode(handle) == 1 else { throw refused() }
        let ways = statements.map(way)
        for (statement, way) in zip(statements, ways) {
            if case .prepare(let name) = way { try prepare(statement, as: name) }
            try send(statement, way)
        }
        guard PQpipelineSync(handle) == 1 else { throw refused() }
        var answers: [Rows] = []
        for (statement, way) in zip(statements, ways) {
            var refusal: Rows?
            if case .prepare = way {
                let answer = try next(after: answers)
                if case .done = answer.status {
                } else {
                    prepared?.forget(statement.shape)
                    refusal = answer
                }
            }
            let answer = try next(after: answers)
            answers.append(refusal ?? answer)
        }
        guard case .sync = try receive()?.status, PQexitPipelineMode(handle) == 1 else { throw lost(after: answers) }
        return answers
    }

    /// Reads on until the server has answered everything, or is gone. For a COMMIT whose caller has left.
    func settle(while shouldWait: () -> Bool) {
        isOverdue = false
        while !isBroken, shouldWait() {
            deadline = .now + .milliseconds(200)
            // An overdue slice is no failure here: the loop asks `shouldWait` and waits on.
            let answer = try? receive()
            if isOverdue {
                isOverdue = false
            } else if case .sync = answer?.status {
                return
            } else if PQtransactionStatus(handle) != PQTRANS_ACTIVE {
                return
            }
        }
    }

    /// Asks the server to stop what it is doing. The connection is not used after that.
    func abandon() {
        isBroken = true
        guard let cancel = PQgetCancel(handle) else { return }
        defer { PQfreeCancel(cancel) }
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
            // Nobody waits for this any more; when it is not heard, the server's own timeouts end the statement.
            _ = PQcancel(cancel, message.baseAddress, Int32(message.count))
        }
    }
}

extension Wire {
    /// BEGIN, COMMIT and their like are shorter, and parsed in no time.
    private static let shortBytes = 64

    private func way(for statement: SQL.Rendered) -> PreparedStatements.Way {
        guard statement.hasValues || statement.shape.text.utf8.count > Self.shortBytes else { return .unnamed }
        return prepared?.way(for: statement.shape) ?? .unnamed
    }

    private func prepare(_ statement: SQL.Rendered, as name: String) throws(PostgresError) {
        guard PQsendPrepare(handle, name, statement.shape.text, 0, nil) == 1 else { throw refused() }
    }

    private func send(_ statement: SQL.Rendered, _ way: PreparedStatements.Way) throws(PostgresError) {
        let sent = statement.withValues { values in
            switch way {
            case .known(let name), .prepare(let name):
                PQsendQueryPrepared(handle, name, Int32(values.count), values.baseAddress, nil, nil, 0)
            case .unnamed:
                PQsendQueryParams(
                    handle, statement.shape.text, Int32(values.count), nil, values.baseAddress, nil, nil, 0)
            }
        }
        guard sent == 1 else { throw refused() }
    }

    /// The answer to the pipeline's next statement.
    private func next(after answers: [Rows]) throws(PostgresError) -> Rows {
        guard let answer = try receive() else { throw lost(after: answers) }
        guard try receive() == nil else { throw lost(after: answers) }
        return answer
    }

    /// The first error, or else the last of the answers to one query.
    private func lastAnswer() throws(PostgresError) -> Rows {
        var chosen: Rows?
        while let answer = try receive() {
            if chosen?.error == nil { chosen = answer }
            if answer.isCopy { isBroken = true }
            if isBroken { break }
        }
        guard let chosen else { throw refused() }
        return chosen
    }

    /// The next answer; `nil` when there is none left to this query. Writes what is still to be written.
    private func receive() throws(PostgresError) -> Rows? {
        while PQisBusy(handle) == 1 {
            let isWriting = PQflush(handle) == 1
            try wait(for: isWriting ? POLLIN | POLLOUT : POLLIN)
            // When reading fails, PQgetResult says why.
            if PQconsumeInput(handle) == 0 { break }
        }
        let answer = PQgetResult(handle).map(Rows.init)
        if PQstatus(handle) != CONNECTION_OK { isBroken = true }
        return answer
    }

    private func wait(for events: Int32) throws(PostgresError) {
        var timeoutMs: Int32 = -1
        if let deadline {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else {
                isOverdue = true
                throw PostgresError(.deadline, "the deadline passed while a statement ran")
            }
            timeoutMs = Int32(clamping: left.milliseconds + 1)
        }
        var descriptor = pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
        // An interrupted or timed-out poll comes back here through the caller's loop.
        _ = poll(&descriptor, 1, timeoutMs)
    }

    /// libpq did not take a statement: the connection is gone, or memory is.
    private func refused() -> PostgresError {
        isBroken = true
        let message = PQerrorMessage(handle).map { oneLine(String(cString: $0)) } ?? ""
        return PostgresError(.connectionLost, message, sqlState: "08006")
    }

    /// The pipeline broke off. The server's last words tell more than libpq's.
    private func lost(after answers: [Rows]) -> PostgresError {
        let cause = answers.lazy.compactMap(\.error).first { $0.code == .adminShutdown || $0.code == .connectionLost }
        let error = refused()
        return cause ?? error
    }
}

extension Duration {
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}

/// Collects the doubts the server voices beside its answers; see `CommitOutcome` for what they mean.
final class Notices {
    /// A cancelled wait for a standby (01000, also any other plain WARNING), and a shutdown (57P01).
    static let doubtful: Set<String> = ["01000", "57P01"]

    /// Those of `doubtful` seen since the last `forget`.
    private(set) var doubts: Set<String> = []

    func forget() { doubts = [] }

    static let receive: PQnoticeReceiver = { notices, result in
        guard let notices, let state = PQresultErrorField(result, Int32(DIAG_SQLSTATE)) else { return }
        let sqlState = String(cString: state)
        // The `Wire` owns both the connection, which calls this, and the notices.
        if doubtful.contains(sqlState) {
            Unmanaged<Notices>.fromOpaque(notices).takeUnretainedValue().doubts.insert(sqlState)
        }
    }
}

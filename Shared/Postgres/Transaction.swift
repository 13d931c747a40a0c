extension Connection {
    public enum Access: Sendable {
        case readWrite
        case readOnly
        /// Writes what may be lost again: its COMMIT waits for no disk and no standby.
        case unsynced
    }

    /// One transaction, READ COMMITTED, tried once: BEGIN, `body`, COMMIT; or ROLLBACK and the error of `body`.
    /// BEGIN travels with the first statement, and a body that runs none costs no round trip at all.
    ///
    /// - Throws: what `body` throws; `.outcomeUnknown` and `.notCommitted` as `CommitOutcome` says; `.connectionLost`
    ///   and its like when the connection ended before COMMIT was sent, or at any time if the transaction only read.
    @discardableResult
    public func transaction<T>(_ access: Access = .readWrite, _ body: (Connection) throws -> T) throws -> T {
        guard case .outside = phase else { preconditionFailure("a transaction within a transaction") }
        phase = .beginning(Self.begin(access))
        defer {
            phase = .outside
            later = []
        }
        let value: T
        do {
            value = try body(self)
        } catch {
            throw afterFailure(error)
        }
        switch phase {
        case .beginning where !later.isEmpty:
            _ = try commit(with: [])
        case .outside, .beginning, .over(nil):
            break
        case .over(let error?):
            throw error
        case .inside where access == .readOnly:
            try endReading()
        case .inside:
            _ = try commit(with: [])
        }
        return value
    }

    private static func begin(_ access: Access) -> [SQL] {
        switch access {
        case .readWrite: ["BEGIN ISOLATION LEVEL READ COMMITTED"]
        case .readOnly: ["BEGIN ISOLATION LEVEL READ COMMITTED, READ ONLY"]
        case .unsynced: ["BEGIN ISOLATION LEVEL READ COMMITTED", "SET LOCAL synchronous_commit = off"]
        }
    }

    private static let rollbackTime = Duration.seconds(2)

    /// Sends COMMIT, behind `statements` if there are any. Whatever comes of it, the transaction is over.
    func commit(with statements: [SQL]) throws -> [Rows] {
        let (answers, ahead) = try committed(statements)
        do {
            return try look(at: answers, ahead)
        } catch {
            let unread = PostgresError(.outcomeUnknown, "committed, and the answers could not be read: \(error)")
            phase = .over(unread)
            throw unread
        }
    }

    private func committed(_ statements: [SQL]) throws -> (answers: [Rows], ahead: [Later]) {
        do {
            // Everything that can be refused without sending is refused before the outcome can become unknown.
            let rendered = try (statements + ["COMMIT"]).map { try $0.rendered() }
            if let deadline = wire.deadline, deadline <= .now {
                throw PostgresError(.deadline, "the deadline passed before COMMIT")
            }
            // A connection found dead here has not carried the COMMIT: the transaction may run again.
            guard wire.isAlive else { throw PostgresError(.connectionLost, "the server hung up", sqlState: "08006") }
            let ahead = try ahead()
            let answers = try sendCommit(ahead.flatMap(\.statements) + rendered)
            phase = .over(nil)
            return (answers, ahead)
        } catch {
            if case .inside = phase { rollback() }
            phase = .over(error as? PostgresError ?? PostgresError(.other, "the statements could not be sent"))
            throw error
        }
    }

    private func sendCommit(_ statements: [SQL.Rendered]) throws -> [Rows] {
        wire.notices.forget()
        wire.isCommitting = true
        let answers: [Rows]
        do {
            answers = try statements.count == 1 ? [wire.run(statements[0])] : wire.pipeline(statements)
        } catch {
            throw PostgresError(.outcomeUnknown, "COMMIT was not answered: \(error)")
        }
        wire.isCommitting = false
        let last = answers[answers.count - 1]
        let outcome = CommitOutcome.decide(
            last.status, tag: last.tag, doubts: wire.notices.doubts, isIdle: wire.isIdle)
        switch outcome {
        case .committed:
            return answers.dropLast()
        case .refused(let error):
            throw answers.lazy.compactMap(\.error).first ?? error
        case .unknown(let reason):
            throw PostgresError(.outcomeUnknown, reason)
        }
    }

    /// A transaction that only read has nothing to lose: any failure means the reading may be done again.
    private func endReading() throws {
        guard let answer = try? wire.run(SQL("COMMIT").rendered()), answer.error == nil, answer.tag == "COMMIT" else {
            if wire.isOverdue { throw PostgresError(.deadline, "the deadline passed at the end of a reading") }
            throw PostgresError(.connectionLost, "a reading was not ended as it should", sqlState: "08006")
        }
    }

    /// Ends a transaction that shall not be committed, and says what its caller is told.
    private func afterFailure(_ error: any Error) -> any Error {
        switch phase {
        case .outside, .beginning:
            return error
        case .inside:
            rollback()
            return error
        case .over(nil):
            return PostgresError(.outcomeUnknown, "the transaction was committed, and its body failed afterwards")
        case .over(let commitError?):
            return commitError.code == .outcomeUnknown ? commitError : error
        }
    }

    private func rollback() {
        guard !wire.isBroken, !wire.isOverdue, !wire.isIdle else { return }
        let deadline = wire.deadline
        defer { wire.deadline = deadline }
        wire.deadline = .now + Self.rollbackTime
        // Without an answer, the connection counts as broken or overdue; closing it rolls back as well.
        _ = try? wire.run(SQL("ROLLBACK").rendered())
    }
}

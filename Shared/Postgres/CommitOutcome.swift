/// Whether a transaction has been committed: the one decision every reply rests on.
///
/// **Committed** is said only when the last answer to COMMIT is COMMAND_OK with the tag `COMMIT`, and neither
/// WARNING 01000 nor 57P01 arrived since it was sent. Why that is enough (file names are PostgreSQL 15's):
///
/// 1. The server sends the tag after the commit. `exec_simple_query` and `exec_execute_message` (postgres.c) call
///    `finish_xact_command` for a COMMIT before `EndCommand`; with `synchronous_commit` on, that has flushed the commit
///    record (`RecordTransactionCommit`, xact.c) and waited for the synchronous standbys.
/// 2. COMMAND_OK alone is not enough: COMMIT of a failed transaction is answered COMMAND_OK with the tag `ROLLBACK`.
/// 3. The tag alone is not enough: when the wait for a standby is cancelled (`SyncRepWaitForLSN`, syncrep.c), the
///    commit stands on this server only and is answered as usual, after a WARNING: without a SQLSTATE of its own
///    for a cancel request, which makes it 01000, and 57P01 for a termination. It is sent before the tag on the same
///    connection, and libpq calls the notice receiver before it hands out the answer, so it cannot be missed. Any
///    other WARNING 01000 (a deferred trigger's) is taken for it; that errs on the safe side. It would be missed if
///    `client_min_messages` were `error`: `Connection` refuses such a session, and a body must never set it.
///
/// **Refused** is said when nothing was committed for certain:
///
/// 4. the tag is `ROLLBACK`; or
/// 5. the server answered an ERROR, and after it that it is ready and outside a transaction (a deferred constraint,
///    a serialization failure). An ERROR before the commit record aborts. One after it cannot be survived:
///    `RecordTransactionAbort` finds the transaction committed and ends the server with a PANIC, so that "ready"
///    never comes; or
/// 6. a statement before COMMIT in the same pipeline answered an ERROR: the server then skips everything up to
///    Sync, COMMIT included (protocol, 55.2.4), and COMMIT's own answer says that it was skipped.
///
/// Everything else is **unknown**: no answer, a cut connection, FATAL, an answer that fits nothing here.
enum CommitOutcome: Equatable {
    case committed
    case refused(PostgresError)
    case unknown(String)

    /// - Parameters:
    ///   - answer: the last answer to COMMIT, or an earlier one that is an error.
    ///   - doubts: SQLSTATEs of `Notices.doubtful` that arrived since COMMIT was sent.
    ///   - isIdle: the server has said that it is ready and outside a transaction.
    static func decide(_ answer: Rows.Status, tag: String, doubts: Set<String>, isIdle: Bool) -> CommitOutcome {
        guard doubts.isEmpty else { return .unknown("COMMIT was answered with warning \(doubts.sorted())") }
        switch answer {
        case .done where tag == "COMMIT":
            return .committed
        case .done where tag == "ROLLBACK":
            return .refused(PostgresError(.notCommitted, "a statement had failed, so COMMIT rolled back"))
        case .failed(let error) where isIdle:
            return .refused(error)
        case .skipped:
            return .refused(PostgresError(.notCommitted, "a statement before COMMIT failed"))
        case .failed(let error):
            return .unknown("COMMIT was answered with \(error)")
        case .done, .sync:
            return .unknown("COMMIT was answered with \(tag)")
        }
    }
}

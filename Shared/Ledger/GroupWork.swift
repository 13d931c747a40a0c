import Domain
import Postgres

/// Several callers' new cases in one transaction: what they share is asked and written once for all of them.
///
/// Everything is asked by `ask`, and then written by `write`, once. An item that needs more than that is left out and
/// done by itself; so nothing of it may have been written before.
public final class GroupWork {
    public let db: Connection
    public let requests: [WorkRequest]
    /// The domain's time, the same for all.
    public let now: Instant
    private let books: RuleBooks
    private let owner: String
    /// With the last statements COMMIT is sent; otherwise the transaction is somebody else's, and goes on.
    private let commits: Bool
    private let crash: CrashPlan?
    private var book: RuleBook?

    init(
        _ requests: [WorkRequest], _ db: Connection, now: Instant, books: RuleBooks, owner: String, commits: Bool,
        crash: CrashPlan?
    ) {
        (self.requests, self.db, self.now, self.books) = (requests, db, now, books)
        (self.owner, self.commits, self.crash) = (owner, commits, crash)
    }

    /// Runs `statements` in one round trip, and asks with them whether calendar and policies are still the same.
    public func ask(_ statements: [SQL]) throws -> [Rows] {
        let answers = try db.pipelined([RuleBooks.Stamp.query] + statements)
        book = try books.book(answers[0], db, at: now)
        return Array(answers.dropFirst())
    }

    /// The calendar and the policies. `ask` has read them.
    public func currentBook() throws -> RuleBook {
        if let book { return book }
        let current = try books.current(db, at: now)
        book = current
        return current
    }

    /// A case of the request at `index`, yet to be written.
    public func opening(_ index: Int, _ step: Step) throws -> Opening {
        try Work(requests[index], db, now: now, books: books, owner: owner, book: currentBook()).opening(step)
    }

    /// Writes the cases, the keys of those who asked for them with their answers, and `statements`.
    ///
    /// - Throws: `.uniqueViolation` when a key has been taken by a twin since `ask`.
    public func write(
        _ openings: [(index: Int, opening: Opening, answer: [UInt8])], _ statements: [SQL]
    ) throws {
        guard !openings.isEmpty else { return }
        let keys = openings.compactMap { opening in
            requests[opening.index].key.map {
                Keys.New(key: $0, request: requests[opening.index], response: opening.answer)
            }
        }
        let everything =
            (keys.isEmpty ? [] : [Keys.insert(keys)]) + Opening.insert(openings.map(\.opening)) + statements
        if commits {
            crash?.reach(.beforeCommit)
            try db.finish(everything)
        } else {
            _ = try db.pipelined(everything)
        }
    }
}

extension Ledger {
    /// Several callers' calls of one method in one transaction. Each has its own effect and its own key; one that fails
    /// alone is left out by `body`, and what fails for all undoes all.
    ///
    /// - Parameter patience: of the most patient caller.
    public func changeTogether<T: Sendable>(
        _ requests: [WorkRequest], patience: Patience, _ body: @escaping @Sendable (GroupWork) throws -> T
    ) async throws -> T {
        let at = now()
        let done = try await database.transaction(patience: patience) { db in
            try db.planOnce()
            return try body(
                GroupWork(requests, db, now: at, books: books, owner: instanceId, commits: true, crash: crash))
        }
        crash?.reach(.afterCommit)
        return done
    }
}

extension Work {
    /// The items of a batch method, each with the key it carries, as a group within this unit of work.
    public func group(_ keys: [RequestKey?], method: String) -> GroupWork {
        let requests = keys.map { key in
            var item = WorkRequest(caller: caller, method: method)
            (item.person, item.key, item.address, item.traceId) = (person, key, address, traceId)
            return item
        }
        return GroupWork(requests, db, now: now, books: books, owner: owner, commits: false, crash: nil)
    }

    /// What may be done another way when it does not succeed.
    ///
    /// - Returns: `nil` when something in it could not be written; nothing of it was.
    public func attempt<T>(_ body: () throws -> T) throws -> T? {
        try db.execute("SAVEPOINT attempt")
        do {
            let value = try body()
            try db.execute("RELEASE SAVEPOINT attempt")
            return value
        } catch let error as PostgresError
            where [.uniqueViolation, .lockTimeout, .serializationFailure].contains(error.code)
        {
            db.dropLater()
            try db.execute("ROLLBACK TO SAVEPOINT attempt")
            return nil
        }
    }
}

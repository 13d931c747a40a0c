import Domain
import Postgres

/// The system of record that all services share. Whoever changes a case does it through here, in one transaction that
/// holds the change, its timeline entry, its clock facts, its events and the caller's key.
public struct Ledger: Sendable {
    /// For units of work. Each may hold its connection as long as a standby keeps its COMMIT waiting.
    public let database: Database
    /// For reads and for bookkeeping, on connections of its own: they go on meanwhile.
    public let aside: Database
    /// The domain's clock. Leases, beats and retention use the database's.
    public let now: @Sendable () -> Instant
    /// Who this process is in leases and in the registry; a UUID.
    public let instanceId: String
    /// Where a test has the process killed; `nil` everywhere else.
    public let crash: CrashPlan?
    let books = RuleBooks()

    public init(
        _ database: Database, aside: Database? = nil, instanceId: String = MessageID.make(), crash: CrashPlan? = nil,
        now: @escaping @Sendable () -> Instant
    ) {
        self.database = database
        self.aside = aside ?? database
        self.now = now
        self.instanceId = instanceId
        self.crash = crash
    }

    /// A mutation. With a key it has its effect once, and the same key answers the stored result again.
    ///
    /// - Parameter body: may run several times; everything it does is in `work`'s transaction. It returns the result's JSON.
    /// - Returns: the result's JSON, and the events that the caller must now send.
    public func change(
        _ request: WorkRequest, _ body: @escaping @Sendable (Work) throws -> [UInt8]
    ) async throws -> (result: [UInt8], events: [OutgoingEvent]) {
        let at = now()
        let (result, events, refusal) = try await database.transaction(
            patience: request.patience, retryUnknown: request.key != nil
        ) { db -> ([UInt8], [OutgoingEvent], Refusal?) in
            if request.isOfOneCase { try db.planOnce() }
            var book: RuleBook?
            if let key = request.key {
                switch try Keys.claim(key, request, db, asking: [RuleBooks.Stamp.query]) {
                case .known(let stored): return (stored, [], nil)
                case .claimed(let answers): book = try books.book(answers[0], db, at: at)
                }
            }
            let work = Work(request, db, now: at, books: books, owner: instanceId, book: book)
            let result = try body(work)
            if let key = request.key {
                let isRefused = work.refusalAfterCommit != nil
                try db.later([isRefused ? Keys.release(key, request) : Keys.store(result, key, request)])
            }
            crash?.reach(.beforeCommit)
            try db.finish()
            return (result, work.leased, work.refusalAfterCommit)
        }
        crash?.reach(.afterCommit)
        if let refusal { throw refusal }
        return (result, events)
    }

    /// A read. The auditor's own reading is logged, so its transaction writes.
    public func read(
        _ request: WorkRequest, of caseNumber: String?, _ body: @escaping @Sendable (Work) throws -> [UInt8]
    ) async throws -> [UInt8] {
        let at = now()
        let run: @Sendable (Connection) throws -> [UInt8] = { db in
            try body(Work(request, db, now: at, books: books, owner: instanceId))
        }
        guard request.caller.role == .auditor else {
            return try await aside.read(patience: request.patience, run)
        }
        return try await database.transaction(patience: request.patience) { db in
            try db.execute(
                """
                INSERT INTO ledger.read_log (client_id, method, case_number, read_at)
                VALUES (\(request.caller.clientId), \(request.method), \(caseNumber), \(at))
                """)
            return try run(db)
        }
    }

    /// What the clock makes due. Cases that are locked are passed over, so it may be done again at any time.
    ///
    /// - Returns: what `body` returned, and the events that must now be sent.
    public func sweep(
        _ request: WorkRequest, _ body: @escaping @Sendable (Work) throws -> Int
    ) async throws -> (found: Int, events: [OutgoingEvent]) {
        let at = now()
        return try await database.transaction(patience: request.patience) { db in
            let work = Work(request, db, now: at, books: books, owner: instanceId)
            let found = try body(work)
            crash?.reach(.beforeCommit)
            try db.finish()
            return (found, work.leased)
        }
    }

    /// An event from another service: applied once, in the order of its case.
    public func receive(
        _ messageId: String, _ params: EventParams, consumer: String, _ request: WorkRequest,
        _ body: @escaping @Sendable (Work) throws -> [UInt8]
    ) async throws -> (result: [UInt8], events: [OutgoingEvent]) {
        let at = now()
        defer { crash?.reach(.receiverAfterCommit) }
        return try await database.transaction(patience: request.patience, retryUnknown: true) {
            db -> ([UInt8], [OutgoingEvent]) in
            try db.planOnce()
            switch try Inbox.arrive(messageId, params, consumer: consumer, db) {
            case .known(let response): return (response, [])
            case .next:
                let work = Work(request, db, now: at, books: books, owner: instanceId)
                let response = try body(work)
                try db.later(Inbox.store(response, messageId, params, consumer: consumer))
                crash?.reach(.receiverBeforeCommit)
                try db.finish()
                return (response, work.leased)
            }
        }
    }

    /// Writes what belongs to no case and no caller, and what a crash of the server may take back: a beat is beaten again,
    /// and an event whose row returns to the outbox is answered from the inbox.
    public func keepBooks<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        try await aside.transaction(.unsynced, body)
    }

    /// Acknowledges and leases events. Its COMMIT waits for the disk and the standby: a row that is visible here may belong
    /// to a transaction that still waits for them, and nobody may be told of it before.
    public func lease(
        _ body: @escaping @Sendable (Connection) throws -> [OutgoingEvent]
    ) async throws -> [OutgoingEvent] {
        let patience = Patience(deadline: .now + .seconds(Outbox.leaseSeconds - 5))
        return try await database.transaction(patience: patience) { db in
            try db.planOnce()
            return try body(db)
        }
    }

    public func close() async {
        await database.close()
        await aside.close()
    }
}

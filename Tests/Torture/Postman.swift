import Postgres
import ServiceKit
import Synchronization

/// Delivers copies of events again: at once beside the original, out of order, and minutes later. What a consumer answers
/// is kept, for every copy must get what stands in the inbox.
final class Postman: Sendable {
    struct Receipt: Sendable {
        var messageId: String
        var consumer: String
        var response: [UInt8]
    }

    private struct Late {
        var at: ContinuousClock.Instant
        var copy: EventCopy
    }

    private struct State {
        var last = Int64(0)
        var late: [Late] = []
        var random: Seed
        var receipts: [Receipt] = []
        var sent = (atOnce: 0, outOfOrder: 0, late: 0)
        var complaints: [String] = []
        var inFlight = 0
    }

    private static let atOnceMax = 200
    private let servers: Servers
    private let desk: Desk
    private let token: String
    private let isShort: Bool
    private let state: Mutex<State>
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(_ plan: RunPlan, _ servers: Servers, _ desk: Desk, _ secrets: Secrets) {
        self.servers = servers
        self.desk = desk
        isShort = plan.options.isShort
        token = secrets.serviceToken("handling")
        state = Mutex(State(random: plan.seed.branch("postman")))
    }

    func start() {
        let task = Task {
            while !Task.isCancelled {
                // While the database is away there is nothing to copy.
                try? await fetch()
                sendDue()
                await Wait.briefly(milliseconds: 100)
            }
        }
        self.task.withLock { $0 = task }
    }

    func stop() async {
        let task = task.withLock { $0 }
        task?.cancel()
        await task?.value
        _ = await Wait.until(.seconds(20)) { state.withLock { $0.inFlight == 0 } }
    }

    var receipts: [Receipt] { state.withLock { $0.receipts } }
    var sent: (atOnce: Int, outOfOrder: Int, late: Int) { state.withLock { $0.sent } }
    var complaints: [String] { state.withLock { $0.complaints } }

    private func fetch() async throws {
        let last = state.withLock { $0.last }
        let copies = try await servers.sql { db in
            try db.transaction { db in
                // A COMMIT of something written waits behind the events' own: what only this server has, and will lose
                // with it, is no event that a sender would send.
                try db.execute("SELECT pg_logical_emit_message(true, 'torture', 'read')")
                return try Self.copies(after: last, db)
            }
        }
        state.withLock { $0.last = copies.first?.id ?? last }
        // The newest first: of a case's events the later ones come before the earlier.
        for copy in copies { plan(copy) }
    }

    private static func copies(after last: Int64, _ db: Connection) throws -> [EventCopy] {
        try db.rows(
            """
            SELECT id, msg_id, consumer, method, params
            FROM torture.messages
            WHERE id > \(last) AND case_id >= \(Poison.caseBelow)
            ORDER BY id DESC
            LIMIT \(Self.atOnceMax)
            """
        ) { row in
            EventCopy(
                id: try row["id"], messageId: try row["msg_id"], consumer: try row["consumer"],
                method: try row["method"], params: try row["params"])
        }
    }

    private func plan(_ copy: EventCopy) {
        let isNow = state.withLock { state in
            if state.random.chance(0.15) {
                let pause = state.random.seconds(isShort ? 5...40 : 20...180)
                state.late.append(Late(at: .now + pause, copy: copy))
            }
            let isNow = state.random.chance(0.3)
            if isNow { state.sent.atOnce += 1 }
            return isNow
        }
        if isNow { send(copy) }
    }

    private func sendDue() {
        let now = ContinuousClock.now
        let due = state.withLock { state in
            let due = state.late.filter { $0.at <= now }.map(\.copy)
            state.late.removeAll { $0.at <= now }
            state.sent.late += due.count
            return due.shuffled(using: &state.random)
        }
        for copy in due { send(copy) }
    }

    private func send(_ copy: EventCopy) {
        guard let doors = desk.doors[copy.consumer], !doors.isEmpty else { return }
        let door = state.withLock { state in
            state.inFlight += 1
            return state.random.pick(doors)
        }
        Task {
            let answer = await desk.lines.deliver(door, copy, token: token, patience: .seconds(12))
            state.withLock { state in
                state.inFlight -= 1
                switch answer {
                case .result(let bytes):
                    state.receipts.append(
                        Receipt(messageId: copy.messageId, consumer: copy.consumer, response: bytes))
                case .unknown("-32009"): state.sent.outOfOrder += 1
                case .unknown: break
                case .refused(let code, let reason):
                    state.complaints.append("a copy of \(copy.method) \(copy.params) was refused: \(code) \(reason)")
                }
            }
        }
    }
}

import ServiceKit
import Synchronization

/// Everything that a fault may touch.
final class World: Sendable {
    let plan: RunPlan
    let servers: Servers
    let fleet: Fleet
    let proxy: Proxy
    let history: History
    let crowd: Crowd
    let postman: Postman
    let desk: Desk
    let log: FaultLog

    init(
        plan: RunPlan, servers: Servers, fleet: Fleet, proxy: Proxy, crowd: Crowd, postman: Postman, desk: Desk,
        log: FaultLog
    ) {
        self.plan = plan
        self.servers = servers
        self.fleet = fleet
        self.proxy = proxy
        history = crowd.history
        self.crowd = crowd
        self.postman = postman
        self.desk = desk
        self.log = log
    }
}

/// What was done to the system, and when.
final class FaultLog: Sendable {
    struct Entry: Sendable {
        var name: String
        var began: Int
        var ended: Int
        var detail: String
    }

    private struct State {
        var entries: [Entry] = []
        var complaints: [String] = []
        var notHere: [String: String] = [:]
        var counts: [String: Int] = [:]
    }

    private let state = Mutex(State())
    private let say: @Sendable (String) -> Void

    init(say: @escaping @Sendable (String) -> Void) { self.say = say }

    func add(_ entry: Entry) {
        state.withLock { $0.entries.append(entry) }
        say("\(entry.began)–\(entry.ended) ms \(entry.name)\(entry.detail.isEmpty ? "" : ": \(entry.detail)")")
    }

    /// How hard a fault struck, for whoever reads along; the report adds it up.
    func count(_ what: String, _ number: Int) {
        state.withLock { $0.counts[what, default: 0] += number }
        if number > 0 { say("  \(what): \(number)") }
    }

    func cannot(_ name: String, _ why: String) {
        let isNew = state.withLock { $0.notHere.updateValue(why, forKey: name) == nil }
        if isNew { say("\(name) is left out: \(why)") }
    }

    /// Something that a fault itself saw and that must not be.
    func complain(_ text: String) {
        state.withLock { $0.complaints.append(text) }
        say("NOT AS IT MUST BE: \(text)")
    }

    var entries: [Entry] { state.withLock { $0.entries } }
    var complaints: [String] { state.withLock { $0.complaints } }
    var counts: [String: Int] { state.withLock { $0.counts } }
    var notHere: [String: String] { state.withLock { $0.notHere } }
}

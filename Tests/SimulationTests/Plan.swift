@testable import ServiceKit

/// One run: what there is, what is asked and what goes wrong, all drawn from the seed.
struct Plan {
    /// What is promised depends on what goes wrong.
    enum Kind: CaseIterable {
        /// Nothing is lost; instances drain and others start: every call with time enough succeeds.
        case rolling
        /// Nothing is lost; one of two instances is killed or stands still: every call with 10 s of budget succeeds.
        case oneOfTwo
        /// Messages are lost, doubled and reordered; instances come and go; links are cut.
        case storm
        /// More is asked than can be done.
        case flood
        /// Events travel from one service to another through the same.
        case events
    }

    var seed: UInt64
    var kind: Kind
    var callers = 1
    /// The service of each host: "a" is called, and sends events to "b".
    var hosts: [String] = []
    var limits = Calls.Limits()
    var admission = Admission.Limits()
    /// Parts of a thousand.
    var lost = 0
    var doubled = 0
    var delayMs = 1...3
    var workers = 4
    var workMs = 1...20
    var calls: [(at: Int, caller: Int, UserCall)] = []
    var faults: [(at: Int, Fault)] = []
    var tickMs = 200
    /// When everything that goes wrong is mended, in milliseconds.
    var healMs = 4000
    /// Hosts that run an older version until the healing.
    var oldHosts: [Int] = []
    /// Whether receivers of events fail now and then.
    var stumbles = false
    var keepsKeys = true

    init(seed: UInt64, kind wanted: Kind? = nil) {
        var dice = Dice(seed: seed)
        self.seed = seed
        kind = wanted ?? Kind.allCases[Int(seed % UInt64(Kind.allCases.count))]
        switch kind {
        case .rolling: rolling(&dice)
        case .oneOfTwo: oneOfTwo(&dice)
        case .storm: storm(&dice)
        case .flood: flood(&dice)
        case .events: events(&dice)
        }
    }

    private mutating func ask(_ count: Int, until endMs: Int, budgetsMs: [Int], _ dice: inout Dice) {
        for key in 0..<count {
            let call = UserCall(
                key: key, budgetMs: budgetsMs[dice.below(budgetsMs.count)],
                patienceMs: dice.below(8) == 0 ? dice.below(300) : nil)
            calls.append((dice.below(endMs), dice.below(callers), call))
        }
    }

    private mutating func rolling(_ dice: inout Dice) {
        hosts = Array(repeating: "a", count: 2 + dice.below(2))
        workMs = [1...20, 1...800][dice.below(2)]
        ask(30, until: 3000, budgetsMs: [10_000], &dice)
        for index in calls.indices { calls[index].2.patienceMs = nil }
        let first = dice.below(hosts.count)
        let at = 500 + dice.below(1500)
        faults = [(at, .drain(host: first)), (at + 500 + dice.below(1000), .start(host: first))]
    }

    private mutating func oneOfTwo(_ dice: inout Dice) {
        hosts = ["a", "a"]
        callers = 1 + dice.below(2)
        ask(30, until: 3000, budgetsMs: [10_000], &dice)
        for index in calls.indices { calls[index].2.patienceMs = nil }
        let (victim, at) = (dice.below(2), 300 + dice.below(2000))
        switch dice.below(3) {
        case 0: faults = [(at, .crash(host: victim))]
        case 1: faults = [(at, .crash(host: victim)), (at + dice.below(400), .start(host: victim))]
        default: faults = [(at, .freeze(host: victim))]
        }
        healMs = 9000
    }

    private mutating func storm(_ dice: inout Dice) {
        hosts = Array(repeating: "a", count: 1 + dice.below(3))
        callers = 1 + dice.below(2)
        lost = [0, 10, 100][dice.below(3)]
        doubled = [0, 10, 100][dice.below(3)]
        delayMs = 1...(1 + [2, 30, 300][dice.below(3)])
        limits.windowMax = [2, 4, 500][dice.below(3)]
        limits.waitingMax = [2, 8, 4096][dice.below(3)]
        limits.waitingBytesMax = [300, 64 << 20][dice.below(2)]
        limits.retriesMax = [1, 5, 500][dice.below(3)]
        ask(25, until: 3500, budgetsMs: [50, 500, 3000, 10_000], &dice)
        strike(3 + dice.below(4), &dice)
    }

    private mutating func flood(_ dice: inout Dice) {
        hosts = Array(repeating: "a", count: 1 + dice.below(2))
        (workers, workMs) = (1 + dice.below(2), 20...(40 + dice.below(400)))
        admission.inFlightPerPeerMax = 2 + dice.below(8)
        admission.inFlightMax = admission.inFlightPerPeerMax + dice.below(4)
        limits.windowMax = 1 + dice.below(12)
        limits.waitingMax = 1 + dice.below(12)
        limits.retriesMax = [2, 500][dice.below(2)]
        callers = 1 + dice.below(2)
        ask(50, until: 1500, budgetsMs: [200, 1000, 5000], &dice)
        if dice.below(2) == 0 { faults.append((dice.below(1500), .stopServing(host: 0))) }
        healMs = 2500
    }

    private mutating func events(_ dice: inout Dice) {
        hosts = dice.below(2) == 0 ? ["a", "b", "b"] : ["a", "a", "b"]
        callers = 1
        lost = [0, 50][dice.below(2)]
        doubled = [0, 50][dice.below(2)]
        delayMs = 1...(1 + [2, 100][dice.below(2)])
        ask(8, until: 2000, budgetsMs: [3000, 10_000], &dice)
        stumbles = dice.below(3) == 0
        if dice.below(3) == 0 { oldHosts = [2] }
        if dice.below(4) == 0 {
            // Who holds leases stands still for longer than they last; another takes over.
            hosts = ["a", "a", "b"]
            faults = [(100 + dice.below(2000), .freeze(host: 0)), (19_000, .thaw(host: 0))]
            healMs = 21_000
            return
        }
        strike(2 + dice.below(3), &dice)
    }

    /// Draws faults, each with its end unless the healing ends it.
    private mutating func strike(_ count: Int, _ dice: inout Dice) {
        for _ in 0..<count {
            let (at, host, lasting) = (200 + dice.below(3000), dice.below(hosts.count), 50 + dice.below(2500))
            let caller = dice.below(callers)
            switch dice.below(7) {
            case 0: faults += [(at, .crash(host: host)), (at + lasting, .start(host: host))]
            case 1: faults += [(at, .crash(host: host)), (at + lasting / 20, .start(host: host))]
            case 2: faults += [(at, .freeze(host: host)), (at + 3 * lasting, .thaw(host: host))]
            case 3: faults += [(at, .drain(host: host)), (at + lasting, .start(host: host))]
            case 4:
                faults += [(at, .cut(caller: caller, host: host)), (at + lasting, .mend(caller: caller, host: host))]
            case 5: faults += [(at, .reset(caller: caller, host: host))]
            default: faults += [(at, .stopServing(host: host)), (at + lasting, .serve(host: host))]
            }
        }
    }
}

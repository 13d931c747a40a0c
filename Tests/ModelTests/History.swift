import JSONRPC
import TestKit

/// A random life of a case, step by step on the system and on the model alike. The same seed is the same life.
struct History: Sendable {
    /// Where the two differ; ends the history.
    struct Difference: Error, CustomStringConvertible {
        var description: String
    }

    let seed: Int
    private var random: Random
    private var world = World()
    private var next: Moment
    private var stepsLeft: Int
    private var log: [String] = []
    /// The numbers of accountabilities that are open.
    private var accountabilities: [String] = []
    /// Many write on one matter.
    private let isCluster: Bool
    let own: String?
    private(set) var coverage = Coverage()
    private(set) var hasFailed = false

    init(seed: Int) {
        self.seed = seed
        random = Random(seed: seed)
        // Most lives are short: where the calendar changes they begin shortly before.
        let days = CalendarChange(seed: seed).map { $0.at.day - 14...$0.at.day } ?? 0...330
        next = Moment(day: random.number(days), hour: random.number(0...23))
        isCluster = random.chance(5)
        own = random.chance(10) ? "\(Units.own)\(seed)" : nil
        stepsLeft = isCluster ? random.number(24...36) : random.number(6...24)
    }

    /// When it does something next, or the clock does; `nil` at its end.
    var wakesAt: Moment? {
        if hasFailed { return nil }
        let system = world.systemActsAt.map { max($0, now.adding(seconds: 1)) }
        guard stepsLeft > 0 else { return system }
        return min(next, system ?? next)
    }
    private var now: Moment { world.cases.compactMap { $0.timeline.last?.at }.max() ?? Moment(0) }

    /// One step: what the clock made due, or what somebody does.
    mutating func wake(in city: City, at now: Moment) async throws {
        do {
            if let due = world.systemActsAt, due <= now {
                try await city.sweep()
                let before = world
                world.letTimePass(to: now)
                note("the clock acts", at: now)
                try await compare(with: before, in: city, at: now)
                next = max(next, now.adding(seconds: 1))
            } else {
                try await step(in: city, at: now)
                stepsLeft -= 1
                next = now.adding(seconds: pause())
            }
        } catch let difference as Difference {
            stepsLeft = 0
            hasFailed = true
            throw described(difference)
        }
    }

    /// Minutes mostly, sometimes days, now and then a month.
    private mutating func pause() -> Int {
        switch random.number(0...99) {
        case ..<45: random.number(1...7_200)
        case ..<75: random.number(7_200...86_400)
        case ..<92: random.number(1...4) * 86_400 + random.number(0...40_000)
        case ..<98: random.number(4...14) * 86_400
        default: random.number(28...45) * 86_400
        }
    }

    private mutating func note(_ text: String, at now: Moment) { log.append("  \(now) \(text)") }

    /// Long after the last step: whatever is over and has nothing open is sealed.
    mutating func finish(in city: City, at now: Moment) async throws {
        world.letTimePass(to: now)
        world.seal(at: now)
        do {
            for index in world.cases.indices { try await compare(index, in: city, at: now) }
        } catch let difference as Difference {
            throw described(difference)
        }
        coverage.count(world.cases)
    }

    private func described(_ difference: Difference) -> Difference {
        Difference(description: "seed \(seed): \(difference)\n" + log.suffix(40).joined(separator: "\n"))
    }

    // MARK: Steps

    /// A working day is a day off from now on.
    ///
    /// - Returns: the cases whose dates move.
    mutating func moveDates(past day: Int, at now: Moment) -> Set<String> {
        note("\(Moment.date(day)) becomes a day off", at: now)
        guard !hasFailed else { return [] }
        let moved = world.cases.indices.filter { world.cases[$0].moveDates(past: day, at: now) }
        return Set(moved.map { world.numbers[$0] })
    }

    private mutating func abolish(_ unit: String, in city: City, at now: Moment) async throws {
        let gone = World.Abolition(
            unit: unit, day: now.day + random.number(0...6), heir: random.pick(["housing", "north", "transport"]))
        note("\(unit) is abolished on \(Moment.date(gone.day)), its successor is \(gone.heir)", at: now)
        try await city.call("assignment.saveUnit", gone.params, as: .admin)
        let before = world
        world.abolition = gone
        world.passOn(at: now)
        try await compare(with: before, in: city, at: now)
    }

    private mutating func step(in city: City, at now: Moment) async throws {
        if world.cases.isEmpty { return try await register(in: city, at: now) }
        if let own, world.abolition == nil, random.chance(10) { return try await abolish(own, in: city, at: now) }
        if world.cases.count < (isCluster ? 7 : 3), random.chance(isCluster ? 45 : 4) {
            return try await register(in: city, at: now)
        }
        let index = random.number(0...world.cases.count - 1)
        let isIllegal = random.chance(18)
        for _ in 0..<30 {
            let (act, who, version) = isIllegal ? wrong(index, at: now) : usual(index, at: now)
            guard let matter = try await matter(act, index, in: city) else { continue }
            var expected = world
            switch expected.verdict(act, on: index, by: who, expecting: version, at: now) {
            case nil where isIllegal: continue
            case nil: try await succeed(act, index, who, matter, expected, in: city, at: now)
            case .open: continue
            case .refused(let code, let reason):
                try await refuse(act, index, who, version, matter, code, reason, in: city, at: now)
            }
            return
        }
    }

    private mutating func usual(_ index: Int, at now: Moment) -> (Act, Who, Int?) {
        let record = world.cases[index]
        let (act, who) = proposals(index, at: now).pick(in: record.status, &random)
        return (act, who, random.chance(30) ? record.version : nil)
    }

    /// Something of another status, somebody else's, by an old version, or several of these.
    private mutating func wrong(_ index: Int, at now: Moment) -> (Act, Who, Int?) {
        let record = world.cases[index]
        let faults = (isStatus: random.chance(40), isWho: random.chance(40), isVersion: random.chance(40))
        let status = faults.isStatus ? random.pick(Status.allCases) : record.status
        let (act, who) = proposals(index, at: now).pick(in: status, &random)
        let somebody: [Who] =
            [
                .source, .otherSource, .registrar, .office, .leader, .northLeader, .supervisor, .auditor, .observer,
                .admin,
            ] + (Units.all + [own].compactMap { $0 }).map(Who.unit)
        return (
            act, faults.isWho ? random.pick(somebody) : who,
            faults.isVersion ? record.version + random.pick([-1, 1, 5]) : nil
        )
    }

    private func proposals(_ index: Int, at now: Moment) -> Proposals {
        Proposals(
            record: world.cases[index], isCluster: isCluster, own: own,
            others: world.cases.indices.filter { $0 != index },
            now: now)
    }

    private mutating func register(in city: City, at now: Moment) async throws {
        let (channel, urgency) = (
            random.pick(["board", "board", "hotline", "housing-box", "other-board"]), random.pick(Urgency.allCases)
        )
        let type =
            world.cases.first?.type ?? random.pick(["complaint", "help", "report", "suggestion", "consultation"])
        let division = random.pick([nil, "439901001", "439902"])
        let (id, isOpen) = ("s\(seed)-\(world.cases.count)", random.chance(80))
        let who: Who = channel == "other-board" ? .registrar : random.pick([.registrar, .source])
        let body = "工地夜里还在打桩，请查处。编号\(id)"
        // In a cluster one may have written before, on the same channel or on another.
        let account = isCluster && !world.cases.isEmpty && random.chance(15) ? world.cases[0].account : id
        let about: [String] =
            own != nil
            ? [] : random.chance(12) ? [random.pick(["housing", "north", "north-housing", "transport"])] : []
        let isConfidential = random.chance(12)
        var params: JSONValue = [
            "channel": JSONValue(channel), "externalId": JSONValue(id), "title": "小区夜间施工噪声扰民",
            "body": JSONValue(body), "type": JSONValue(type),
            "urgency": JSONValue(urgency.rawValue), "open": JSONValue(isOpen),
            "about": .array(about.map { JSONValue($0) }),
            "petitioner": [
                "name": JSONValue(Act.petitioner), "account": JSONValue(account),
                "confidential": JSONValue(isConfidential),
            ],
        ]
        if let division { params = params.setting("divisionCode", to: JSONValue(division)) }
        note("register \(type) \(urgency) on \(channel) by \(who), about \(about), \(isConfidential)", at: now)
        let before = world
        let answer = try await city.call("intake.register", params, as: who)
        world.numbers.append(answer["caseNumber"]?.stringValue ?? "")
        var record = ModelCase(
            channel: channel, type: type, division: division, account: account, body: body,
            isForBoard: isOpen && type != "report", urgency: urgency, by: who, at: now)
        (record.about, record.isConfidential) = (Set(about), isConfidential)
        world.cases.append(record)
        try await compare(with: before, in: city, at: now)
    }

    /// The number of the promise or accountability that the act names; empty when it names none.
    private func matter(_ act: Act, _ index: Int, in city: City) async throws -> String? {
        switch act {
        case .recordAccountability: return accountabilities.last
        case .settlePromise:
            let open = try await city.call(
                "supervision.promises", ["caseNumber": JSONValue(world.numbers[index])], as: .supervisor)
            let promise = open["items"]?.elements?.first { ["open", "moved"].contains($0["status"]?.stringValue) }
            return promise?["promiseId"]?.stringValue
        default: return ""
        }
    }

    private func params(_ act: Act, _ index: Int, _ matter: String, at now: Moment) -> JSONValue {
        var master = ""
        if case .merge(let into) = act { master = world.numbers[into] }
        return act.params(world.numbers[index], matter: matter, into: master, at: now)
    }

    private mutating func succeed(
        _ act: Act, _ index: Int, _ who: Who, _ matter: String, _ expected: World, in city: City, at now: Moment
    ) async throws {
        note("\(index): \(act) by \(who)", at: now)
        let answer: JSONValue
        do {
            answer = try await city.call(act.method, params(act, index, matter, at: now), as: who)
        } catch let error as RPCError {
            throw Difference(description: "\(act) was refused: \(error.code) \(error.reason)")
        }
        if act == .openAccountability, let id = answer["id"]?.stringValue { accountabilities.append(id) }
        if act == .recordAccountability { accountabilities.removeLast() }
        let before = world
        world = expected
        try await compare(with: before, in: city, at: now)
    }

    private mutating func refuse(
        _ act: Act, _ index: Int, _ who: Who, _ version: Int?, _ matter: String, _ code: Int, _ reason: String,
        in city: City, at now: Moment
    ) async throws {
        note("\(index): \(act) by \(who)\(version.map { " expecting \($0)" } ?? "") → \(code) \(reason)", at: now)
        var params = params(act, index, matter, at: now)
        if let version { params = params.setting("expectedVersion", to: JSONValue(version)) }
        let error = await city.refusal(act.method, params, as: who)
        guard let error else { throw Difference(description: "\(act) by \(who) was accepted, not \(code) \(reason)") }
        if error.code != code || (code == 1011 && error.reason != reason) {
            throw Difference(description: "\(act) by \(who): \(error.code) \(error.reason), not \(code) \(reason)")
        }
        coverage.countRefusal(code)
        try await compare(index, in: city, at: now)
    }

    /// Everything that has changed, one case whatever has become of it, and now and then what a unit sees of it.
    private mutating func compare(with before: World, in city: City, at now: Moment) async throws {
        let one = random.number(0...world.cases.count - 1)
        for index in world.cases.indices
        where index == one || !before.cases.indices.contains(index) || before.cases[index] != world.cases[index] {
            try await compare(index, in: city, at: now)
        }
        if random.chance(30) {
            try await compareSight(of: one, by: random.pick(Units.all + [own].compactMap { $0 }), in: city)
        }
    }

    private func compare(_ index: Int, in city: City, at now: Moment) async throws {
        let view = try await city.get(world.numbers[index])
        try Self.compare(world.picture(of: index, at: now), view.picture, "case \(index)")
    }

    private func compareSight(of index: Int, by unit: String, in city: City) async throws {
        guard let ours = world.picture(of: index, for: unit) else { return }
        var theirs: Picture = [:]
        do {
            theirs = try await city.get(world.numbers[index], as: .unit(unit)).unitsPicture
        } catch let error as RPCError {
            theirs = ["refused": "\(error.code)"]
        }
        try Self.compare(ours, theirs, "case \(index) for \(unit)")
    }

    private static func compare(_ ours: Picture, _ theirs: Picture, _ what: String) throws {
        let different = ours.keys.sorted().filter { ours[$0] != theirs[$0] && ours[$0] != "some" }
        guard !different.isEmpty else { return }
        throw Difference(
            description: different.map {
                "\(what) \($0):\n    model  \(ours[$0] ?? "")\n    system \(theirs[$0] ?? "")"
            }.joined(separator: "\n"))
    }
}

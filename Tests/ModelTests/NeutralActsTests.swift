import JSONRPC
import TestKit
import Testing

/// No comment, edit, urging or restart moves a due date: random sequences of them, in every status where one runs.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct NeutralActsTests {
    private static let start = Moment(day: 60, hour: 9)

    /// The steps to a status, as the lead unit housing has it.
    private static let path: [(status: Status, act: Act, who: Who)] = [
        (.dispatched, .dispatch(to: "housing", with: [.init(unit: "transport", isRequired: false)]), .office),
        (.claimed, .claim, .unit("housing")), (.reported, .fileResult(without: [], promiseOn: nil), .unit("housing")),
        (.approved, .approve, .office), (.replied, .confirmPublication(onBoard: false), .registrar),
    ]
    private static let detours: [(status: Status, from: Status, act: Act)] = [
        (.returning, .dispatched, .requestReturn), (.awaitingPetitioner, .claimed, .askPetitioner),
    ]
    /// What is only said or put on file. A supplement ends the waiting for the petitioner, and is left out there.
    private static func neutral(in status: Status) -> [(act: Act, who: Who)] {
        let all: [(act: Act, who: Who)] = [
            (.instruct, .leader), (.instruct, .office), (.urge, .supervisor), (.urge, .source),
            (.supplement, .registrar), (.supplement, .source), (.addProgress, .unit("housing")),
            (.changeResponsible, .unit("housing")), (.classify(urgency: nil, unitText: true), .registrar),
            (.classify(urgency: nil, unitText: false), .office), (.openAccountability, .supervisor),
        ]
        return all.filter { act, who in
            let part = who.word == "unit" ? "lead" : who.word
            if status == .awaitingPetitioner, act == .supplement { return false }
            return Table.rows[act.method]?[part]?.contains(status) == true
        }
    }

    @Test(arguments: Urgency.allCases)
    func noCommentEditUrgingOrRestartMovesADate(urgency: Urgency) async throws {
        try await City.with { city in
            var random = Random(seed: urgency.rank)
            let statuses: [Status] = [
                .registered, .dispatched, .returning, .claimed, .awaitingPetitioner, .reported, .approved, .replied,
            ]
            for status in statuses {
                city.clock.set(Self.start.description)
                let number = try await Self.bring(city, to: status, urgency)
                if status == .registered {
                    // The first classification hands the case from the registry to the office.
                    let first = Act.classify(urgency: nil, unitText: false)
                    try await city.call(first.method, first.params(number, at: Self.start), as: .registrar)
                }
                let before = try await city.get(number).dates
                #expect(before.contains("due"), "\(status) has a date")
                for _ in 0..<12 {
                    let (act, who) = random.pick(Self.neutral(in: status))
                    city.clock.advance(seconds: random.number(1...60))
                    if random.chance(15) { try await city.restart() }
                    try await city.call(act.method, act.params(number, at: Self.start), as: who)
                    if random.chance(15) { try await city.sweep() }
                    #expect(try await city.get(number).dates == before, "\(act) in \(status)")
                }
            }
        }
    }

    private static func bring(_ city: City, to status: Status, _ urgency: Urgency) async throws -> String {
        var life = City.Life()
        life.urgency = urgency.rawValue
        life.petitioner = ["name": "张三丰", "account": JSONValue("\(status) \(urgency)")]
        let number = try await city.register(life).number
        let detour = detours.first { $0.status == status }
        let end = path.firstIndex { $0.status == detour?.from ?? status }
        for step in path.prefix(end.map { $0 + 1 } ?? 0) {
            try await city.call(step.act.method, step.act.params(number, at: start), as: step.who)
        }
        if let detour {
            try await city.call(detour.act.method, detour.act.params(number, at: start), as: .unit("housing"))
        }
        return number
    }
}

extension JSONValue {
    /// Every due date of a case, its running clocks and its co-orders.
    fileprivate var dates: String {
        let parts = [("due", self["dueAt"]), ("clocks", self["clocks"]), ("coOrders", self["coOrders"])]
        return parts.compactMap { name, value in value.map { "\(name) \($0.json)" } }.joined(separator: "\n")
    }
}

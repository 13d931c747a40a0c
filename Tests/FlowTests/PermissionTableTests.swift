import Domain
import JSONRPC
import TestKit
import Testing

/// Every status that can be reached × every served action × everybody. What stands in DOMAIN's two tables is accepted,
/// or refused by a rule; everything else is refused with the code that comes first in CONTRACT's order, and changes
/// nothing.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct PermissionTableTests {
    typealias Table = PermissionTable

    @Test func theTableHasEveryServedActionAndNoOther() {
        #expect(Set(Table.rows.keys) == Set(CaseAction.served.subtracting([.register]).compactMap(\.method)))
    }

    @Test(arguments: Table.reached) func whatStandsInNoRowIsRefusedAndChangesNothing(status: CaseStatus) async throws {
        try await City.with { city in
            let number = try await Self.bring(city, to: status)
            var before = try await city.everything()
            for method in Table.rows.keys.sorted() {
                for actor in Table.actors {
                    guard case .refused(let code, let reason) = Table.expected(method, actor, in: status) else {
                        continue
                    }
                    let error = await city.refusal(method, Table.params(method, number, status), as: actor.who)
                    let pair = "\(method) by \(actor.who) in \(status)"
                    #expect(error?.code == code, "\(pair)")
                    if let reason { #expect(error?.reason == reason, "\(pair)") }
                    Self.checkData(of: error, actor, status, pair)
                }
                let after = try await city.everything()
                #expect(after == before, "\(method) in \(status) changed something")
                before = after
            }
        }
    }

    /// What `data` must say beside the code.
    private static func checkData(of error: RPCError?, _ actor: Table.Actor, _ status: CaseStatus, _ pair: String) {
        #expect(error?.traceId.isEmpty == false && error?.detail.isEmpty == false, "\(pair)")
        if error?.code == 1002 {
            #expect(error?["status"]?.stringValue == status.rawValue, "\(pair)")
            let allowed = error?["allowed"]?.elements?.compactMap(\.stringValue)
            #expect(allowed == Table.methods(of: actor, in: status), "\(pair)")
        }
        if error?.code == 1004 { #expect(error?["holder"] == "周主任（科长）", "\(pair)") }
    }

    @Test(arguments: Table.reached) func whatStandsInARowIsAccepted(status: CaseStatus) async throws {
        try await City.with { city in
            for method in Table.rows.keys.sorted() {
                for actor in Table.actors where Table.expected(method, actor, in: status) == .allowed {
                    try await Self.accept(method, actor, status, city)
                }
            }
        }
    }

    private static func accept(_ method: String, _ actor: Table.Actor, _ status: CaseStatus, _ city: City) async throws
    {
        let number = try await bring(city, to: status)
        let (old, pair) = (try await city.get(number), "\(method) by \(actor.who) in \(status)")
        let params = Table.params(method, number, status)
        if Table.needsMore(method, actor) {
            #expect(await city.refusal(method, params, as: actor.who)?.code == 1011, "\(pair)")
            return
        }
        guard let answer = try? await city.call(method, params, as: actor.who) else {
            Issue.record(
                "\(pair) was refused: \(String(describing: await city.refusal(method, params, as: actor.who)))")
            return
        }
        let to = Table.leadsTo(method, from: status).rawValue
        #expect(answer["caseNumber"]?.stringValue == number && answer["status"]?.stringValue == to, "\(pair)")
        #expect(answer["version"]?.intValue == old["version"]?.intValue.map { $0 + 1 }, "\(pair)")
        let view = try await city.get(number)
        #expect(view["version"] == answer["version"] && view["status"]?.stringValue == to, "\(pair)")
        let last = view["timeline"]?.elements?.last
        #expect(last?["action"]?.stringValue == method.split(separator: ".").last.map(String.init), "\(pair)")
        #expect(last?["actor"]?.stringValue == actor.who.role?.rawValue && last?["seq"] == view["version"], "\(pair)")
        #expect(last?["from"]?.stringValue == status.rawValue && last?["to"]?.stringValue == to, "\(pair)")
    }

    @Test func aCaseHeldForARulingAllowsOnlyTheRuling() async throws {
        try await City.with { city in
            let number = try await Self.bring(city, to: .replied)
            try await city.call("supervision.recordFollowUp", City.followUp(number, "dissatisfied"), as: .supervisor)
            for status in [CaseStatus.reported, .approved, .replied] { try await city.step(number, to: status) }
            try await city.call("supervision.recordFollowUp", City.followUp(number, "dissatisfied"), as: .supervisor)
            let before = try await city.everything()
            let byOffice = await city.refusal("handling.review", City.review(number, "approve"), as: .office)
            #expect(byOffice?.code == 1002)
            #expect(byOffice?["allowed"] == ["assignment.instruct", "supervision.ruleRound"])
            let bySupervisor = await city.refusal(
                "supervision.urge", Table.params("supervision.urge", number, .replied), as: .supervisor)
            #expect(bySupervisor?.code == 1002)
            #expect(
                bySupervisor?["allowed"] == ["supervision.openAccountability", "supervision.requestExclusion"])
            #expect(
                await city.refusal("supervision.recordFollowUp", City.followUp(number, "satisfied"), as: .supervisor)?
                    .code == 1011)
            #expect(try await city.everything() == before)
            let ruled = try await city.call(
                "supervision.ruleRound", Table.params("supervision.ruleRound", number, .replied), as: .office)
            #expect(ruled["status"] == "claimed")
        }
    }

    @Test func onlySourcesAndTheRegistryRegister() async throws {
        try await City.with { city in
            let before = try await city.everything()
            for actor in Table.actors where ![.source, .registrar].contains(actor.who) {
                let params: JSONValue = ["channel": "board", "externalId": "1", "title": "噪声", "body": "夜间施工"]
                let error = await city.refusal("intake.register", params, as: actor.who)
                #expect(error?.code == (actor.who == .nobody ? -32001 : -32003), "\(actor.who)")
            }
            #expect(try await city.everything() == before)
            for (index, who) in [Who.source, .registrar].enumerated() {
                let params: JSONValue = [
                    "channel": "board", "externalId": JSONValue("\(index)"), "title": "噪声", "body": "夜间施工",
                ]
                #expect(try await city.call("intake.register", params, as: who)["status"] == "registered")
            }
        }
    }

    /// A case that housing leads and transport co-handles without holding the result up.
    private static func bring(_ city: City, to status: CaseStatus) async throws -> String {
        if [.registered, .declined, .merged, .withdrawn].contains(status) { return try await city.bring(to: status) }
        let number = try await city.bring(to: .registered)
        let coUnit: JSONValue = ["unitId": "transport", "task": "配合核查", "required": false]
        try await city.call(
            "assignment.dispatch", ["caseNumber": JSONValue(number), "leadUnitId": "housing", "coUnits": [coUnit]],
            as: .office)
        if status == .returning { try await city.step(number, to: .returning) }
        if status == .awaitingPetitioner {
            for next in [CaseStatus.claimed, .awaitingPetitioner] { try await city.step(number, to: next) }
        }
        let path: [CaseStatus] = [.claimed, .reported, .approved, .replied, .closed, .archived]
        if let end = path.firstIndex(of: status) {
            for next in path[...end] { try await city.step(number, to: next) }
        }
        return number
    }
}

import Domain
import JSONRPC
import ServiceKit

/// One message's way along the chain, as far as its `reach` says, each step with the token of whoever takes it.
struct DemoWalk: Sendable {
    struct End: Sendable {
        var caseNumber: String
        var isClosed: Bool
        /// How many steps it took.
        var steps: Int
        /// The step that was refused, and why; the case stays where it was.
        var refusal: String?
    }

    /// How far a case can be taken, in this order.
    private static let stages = [
        "registered", "classified", "dispatched", "claimed", "reported", "approved", "replied", "closed",
    ]
    private static let registrar: JSONValue = ["name": "覃知夏", "title": "网管中心值班员"]
    private static let officer: JSONValue = ["name": "左怀远", "title": "两办督查室主任"]
    private static let supervisor: JSONValue = ["name": "尹清秋", "title": "督查专员"]

    private struct Step {
        var method: String
        var params: JSONValue
        var token: String
        var person: JSONValue
    }

    private let gateway: GatewayClient
    private let tokens: DemoClients.Tokens
    private let units: [String: JSONValue]
    private let clock: DomainClock

    init(gateway: GatewayClient, tokens: DemoClients.Tokens, units: [JSONValue], clock: DomainClock) {
        self.gateway = gateway
        self.tokens = tokens
        self.units = Dictionary(
            units.map { ($0["unitId"]?.stringValue ?? "", $0) }, uniquingKeysWith: { first, _ in first })
        self.clock = clock
    }

    func take(_ message: JSONValue, _ number: String) async throws -> End {
        var taken = 0
        for make in steps(message) {
            var step = make()
            taken += 1
            step.params.append("caseNumber", JSONValue(number))
            step.params.append("person", step.person)
            // The same key whenever this step is taken, so that a loading which was cut off can be taken up.
            step.params.append("idempotencyKey", JSONValue("demo/\(number)/\(step.method)"))
            do {
                _ = try await gateway.call(step.method, step.params, as: step.token)
            } catch let refused as GatewayClient.Refused where refused.code == -32022 {
                // Taken before, with another time in it.
                continue
            } catch let refused as GatewayClient.Refused {
                return End(
                    caseNumber: number, isClosed: false, steps: taken,
                    refusal: "\(DemoMessages.name(message)) \(number) \(step.method): \(refused)")
            }
        }
        let isClosed = message["reach"]?.stringValue == "closed"
        return End(caseNumber: number, isClosed: isClosed, steps: taken, refusal: nil)
    }

    /// The steps after the registration. Each is made when its turn comes, for its times are then.
    private func steps(_ message: JSONValue) -> [() -> Step] {
        let reach = message["reach"]?.stringValue ?? ""
        if reach == "declined" { return [{ proposeDecline(message) }, { confirmDecline() }] }
        let count = Self.stages.firstIndex(of: reach) ?? 0
        let hasOpinion = message["opinion"] != nil
        let ways: [[() -> Step]] = [
            [{ classify(message) }], [{ dispatch(message) }],
            [{ claim(message) }] + (hasOpinion ? [{ opinion(message) }] : []),
            coUnits(message).map { unit in { coResult(message, unit) } } + [{ result(message) }],
            [{ approve(message) }],
            [{ publish(message) }], [{ followUp(message) }],
        ]
        let isUnreachable = message["satisfaction"]?.stringValue == "unreachable"
        return ways.prefix(count).flatMap { $0 } + (reach == "replied" && isUnreachable ? [{ followUp(message) }] : [])
    }

    // MARK: The desks

    private func classify(_ message: JSONValue) -> Step {
        var params = message.only(["category", "divisionCode", "unitText"])
        let unit = message["unit"] ?? ""
        params.append("proposedUnitId", unit)
        params.append("proposal", JSONValue("建议由\(name(unit))承办。"))
        return Step(method: "intake.classify", params: params, token: tokens.registrar, person: Self.registrar)
    }

    private func proposeDecline(_ message: JSONValue) -> Step {
        var params = message.only(["explanation", "rightChannel"])
        params.append("ground", message["declineGround"] ?? "noContent")
        return Step(method: "intake.proposeDecline", params: params, token: tokens.registrar, person: Self.registrar)
    }

    private func confirmDecline() -> Step {
        Step(method: "intake.confirmDecline", params: [:], token: tokens.office, person: Self.officer)
    }

    private func dispatch(_ message: JSONValue) -> Step {
        var params = message.only(["coUnits"])
        params.append("leadUnitId", message["unit"] ?? "")
        params.append("instructions", "请按时限认领、办理，并将结果报两办审定后答复来信人。")
        return Step(method: "assignment.dispatch", params: params, token: tokens.office, person: Self.officer)
    }

    private func approve(_ message: JSONValue) -> Step {
        let params: JSONValue = ["decision": "approve", "comment": "事实清楚，答复得当，同意反馈。", "reviewer": Self.officer]
        return Step(method: "handling.review", params: params, token: tokens.office, person: Self.officer)
    }

    /// A reply to a report or a confidential case, or one that is not to be open, never stands on a board.
    private func publish(_ message: JSONValue) -> Step {
        let isPrivate =
            message["type"]?.stringValue == "report" || message["petitioner"]?["confidential"]?.boolValue == true
            || message["open"]?.boolValue == false
        var params: JSONValue = ["way": isPrivate ? "phone" : "board", "at": JSONValue("\(clock.now)")]
        if !isPrivate {
            let reply = message["publicReply"]?.stringValue ?? ""
            params.append("url", JSONValue("https://example.org/replies/\(DemoMessages.name(message))"))
            params.append("sha256", JSONValue(Secrets.hex(Secrets.sha256(Array(reply.utf8)))))
        }
        return Step(
            method: "handling.confirmPublication", params: params, token: tokens.registrar, person: Self.registrar)
    }

    private func followUp(_ message: JSONValue) -> Step {
        let asksResolution = CaseType(rawValue: message["type"]?.stringValue ?? "")?.asksResolution ?? true
        let isReached = message["satisfaction"]?.stringValue != "unreachable"
        var params = message.only(asksResolution && isReached ? ["satisfaction", "resolution"] : ["satisfaction"])
        params.append("method", "phone")
        return Step(
            method: "supervision.recordFollowUp", params: params, token: tokens.supervisor, person: Self.supervisor)
    }

    // MARK: The units

    private func claim(_ message: JSONValue) -> Step {
        let unit = message["unit"] ?? ""
        return byUnit(unit, "assignment.claim", ["responsiblePerson": head(unit)])
    }

    private func opinion(_ message: JSONValue) -> Step {
        byUnit(message["unit"] ?? "", "handling.fileOpinion", message.only(["opinion"]))
    }

    private func coResult(_ message: JSONValue, _ coUnit: JSONValue) -> Step {
        let task = coUnit["task"]?.stringValue ?? ""
        return byUnit(coUnit["unitId"] ?? "", "handling.fileCoResult", ["account": JSONValue("已完成协办事项：\(task)。")])
    }

    private func result(_ message: JSONValue) -> Step {
        let unit = message["unit"] ?? ""
        var params = message.only(["resolution", "unresolvedReason", "internalAccount", "publicReply"])
        params.append("factual", JSONValue(!(message["opinion"]?.stringValue ?? "").contains("不属实")))
        params.append("contactedAt", JSONValue("\(clock.now)"))
        params.append("signedBy", head(unit))
        return byUnit(unit, "handling.fileResult", params)
    }

    private func byUnit(_ unit: JSONValue, _ method: String, _ params: JSONValue) -> Step {
        let id = unit.stringValue ?? ""
        let liaison = units[id]?["liaison"]?["name"] ?? "联络员"
        return Step(
            method: method, params: params, token: tokens.unit[id] ?? "", person: ["name": liaison, "title": "联络员"])
    }

    /// Those whose part the lead's result waits for.
    private func coUnits(_ message: JSONValue) -> [JSONValue] {
        (message["coUnits"]?.elements ?? []).filter { $0["required"]?.boolValue ?? true }
    }

    private func head(_ unit: JSONValue) -> JSONValue {
        ["name": units[unit.stringValue ?? ""]?["head"] ?? "负责人", "title": "主要负责人"]
    }

    private func name(_ unit: JSONValue) -> String {
        units[unit.stringValue ?? ""]?["name"]?.stringValue ?? unit.stringValue ?? ""
    }
}

import JSONRPC

/// Where callers may turn to, and as whom.
struct Desk: Sendable {
    /// HTTP ports of the gateways, as callers reach them.
    let gateways: [Int]
    /// ZeroMQ endpoints by service.
    let doors: [String: [String]]
    let lines: DoorLines
    let tokens: [Who: String]
}

/// One of many callers, with connections of its own to the gateways; the sockets to the services' doors are everyone's.
final class Caller: Sendable {
    private static let budgetsMs = [2000, 3000, 5000]
    private static let throughGateway = 0.6
    private static let graceMs = 1500

    private let desk: Desk
    private let web: [WebLine]
    /// For a second request at the same moment.
    private let spare: [WebLine]

    init(_ desk: Desk, _ number: Int) {
        self.desk = desk
        web = desk.gateways.map(WebLine.init(port:))
        spare = desk.gateways.map(WebLine.init(port:))
    }

    /// One try, by a door that `random` chooses.
    ///
    /// - Parameter alone: no other request of this caller is on its way.
    func call(
        _ method: String, _ params: [UInt8], as who: Who, alone: Bool, _ random: inout Seed
    ) async -> (Answer, door: String) {
        let token = desk.tokens[who] ?? ""
        let budget = random.pick(Self.budgetsMs)
        let patience = Duration.milliseconds(budget + Self.graceMs)
        let service = String(method.prefix { $0 != "." })
        guard !random.chance(Self.throughGateway), let doors = desk.doors[service] else {
            let index = random.number(0...web.count - 1)
            let body = Request.compose(id: RequestID(1), method: method, params: params)
            let line = (alone ? web : spare)[index]
            return (await line.post(body, token: token, budgetMs: budget, patience: patience), "gateway.\(index + 1)")
        }
        let index = random.number(0...doors.count - 1)
        let answer = await desk.lines.call(
            doors[index], method, params, token: token, budgetMs: budget, patience: patience)
        return (answer, "\(service).\(index + 1)")
    }

    func close() {
        for line in web + spare { line.close() }
    }
}

import Domain
import JSONRPC
import Ledger
import Postgres

/// What every program answers about itself: `rpc.discover` and `system.*`.
struct SystemMethods: Sendable {
    let service: String
    let instanceId: String
    let startedAt: Instant
    let health: Health
    let ledger: Ledger
    let stats: @Sendable () -> [JSONMember]

    func add(to table: inout MethodTable) {
        answer("system.ping", [], "连通自检：answers \"pong\"", Empty.self) { _, _ in "pong" }.map { table.add($0) }
        answer("system.subtract", [], "自检减法：minuend − subtrahend, by position or by name", Subtract.self) { params, _ in
            JSONValue.number(try params.difference())
        }.map { table.add($0) }
        answer("system.info", Role.callers, "本实例的服务名、版本、启动时间", Empty.self) { _, _ in
            [
                "service": JSONValue(service), "instanceId": JSONValue(instanceId), "version": JSONValue(Version.text),
                "startedAt": JSONValue(startedAt.description),
            ]
        }.map { table.add($0) }
        answer("system.health", Role.callers, "本实例能否服务", Empty.self) { _, _ in
            switch health.now {
            case .serving: ["status": "SERVING", "warnings": .array(health.warnings.map { JSONValue($0) })]
            case .starting: ["status": "NOT_SERVING", "why": "starting"]
            case .notServing(let why): ["status": "NOT_SERVING", "why": JSONValue(why)]
            }
        }.map { table.add($0) }
        answer("system.stats", Role.callers, "本实例的负载与计数", Empty.self) { _, _ in
            let load = ledger.database.load
            return .object(
                stats() + [
                    JSONMember("connectionsIdle", JSONValue(load.idle)),
                    JSONMember("connectionsRunning", JSONValue(load.running)),
                    JSONMember("waitingForConnection", JSONValue(load.waiting)),
                ])
        }.map { table.add($0) }
    }

    /// An entry that touches nothing but this instance.
    private func answer<Params: Codable & Sendable>(
        _ name: String, _ roles: Set<Role>, _ summary: String, _ params: Params.Type,
        _ body: @escaping @Sendable (Params, Invocation) async throws -> JSONValue
    ) -> MethodTable.Entry? {
        MethodTable.Entry(
            name: name, roles: roles, kind: .read, summary: summary,
            params: MethodTable.schema(of: params, name, takes: []), result: [:]
        ) { invocation, _ in
            let raw = try invocation.head.params.map { try JSONValue(parsing: invocation.body, in: $0) } ?? .object([])
            let decoded = try ParamsDecoder.decode(Params.self, from: raw, unknownNames: .refused)
            return .init(result: try await body(decoded, invocation).serialized())
        }
    }
}

/// The specification's own example: numbers of any size, by position or by name.
struct Subtract: Codable, Sendable, PositionalParams {
    static let positions = ["minuend", "subtrahend"]
    var minuend: Double
    var subtrahend: Double

    func difference() throws -> JSONNumber {
        let value = minuend - subtrahend
        if let whole = Int64(exactly: value), abs(whole) <= 1 << 53 { return JSONNumber(whole) }
        guard let number = JSONNumber(value) else { throw Refusal.field("minuend", "out of range") }
        return number
    }
}

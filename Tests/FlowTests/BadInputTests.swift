import Archive
import Assignment
import Domain
import Handling
import Intake
import JSONRPC
import Ledger
import Postgres
@testable import ServiceKit
import Supervision
import TestKit
import Testing

/// Every method, every param, every kind of nonsense: the answer names the field, nothing changes, and the next request is
/// served.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct BadInputTests {
    struct Served: Sendable, CustomTestStringConvertible {
        var name: String
        var caller: Who
        var isEvent: Bool
        var schema: JSONValue
        var testDescription: String { name }
    }

    /// Every method of the five services' tables.
    static let served: [Served] = {
        do {
            let settings = Settings(
                service: "", database: try ConnectionString("host=nowhere"), bind: "", http: .init(host: "", port: 0),
                secrets: Secrets(key: Array(repeating: 1, count: 32)))
            let tables = [
                Intake.table(settings), Assignment.table(settings), Handling.table(settings),
                Supervision.table(settings), Archive.table(settings),
            ]
            return tables.flatMap(\.entries.values).sorted { $0.name < $1.name }.map { entry in
                Served(
                    name: entry.name, caller: caller(entry.roles), isEvent: entry.kind == .event, schema: entry.params)
            }
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    private static func caller(_ roles: Set<Role>) -> Who {
        let order: [(Role, Who)] = [
            (.registrar, .registrar), (.office, .office), (.unit, .unit("housing")), (.supervisor, .supervisor),
            (.source, .source),
            (.leader, .leader), (.auditor, .auditor), (.admin, .admin), (.service, .service),
        ]
        return order.first { roles.contains($0.0) }?.1 ?? .nobody
    }

    /// Values that do not fit the place, each of which must be refused with the place's path.
    private static func misfits(_ spot: ParamSpot) throws -> [(String, JSONValue)] {
        let deep = try JSONValue(
            parsing: Array((String(repeating: "[", count: 40) + String(repeating: "]", count: 40)).utf8))
        let all: [(String, JSONValue)] = [
            ("string", "x"), ("number", 1), ("fraction", .number(JSONNumber(1.5) ?? 0)), ("boolean", true),
            ("array", []), ("object", [:]),
        ]
        var values: [(String, JSONValue)] = all.filter { kind, _ in
            switch spot.type {
            case "string": kind != "string"
            case "integer": kind != "number"
            case "number": kind != "number" && kind != "fraction"
            case "boolean": kind != "boolean"
            case "array": kind != "array"
            default: kind != "object" || spot.schema["required"]?[0] != nil
            }
        }
        if spot.isRequired { values.append(("null", .null)) }
        values.append(("deep", deep))
        switch spot.type {
        case "string":
            let lone = try JSONValue(parsing: Array(#""a\ud800b""#.utf8))
            let nul = try JSONValue(parsing: Array(#""a\u0000b""#.utf8))
            values += [
                ("empty", ""), ("NUL", nul), ("lone surrogate", lone),
                ("long", JSONValue(String(repeating: "长", count: 20_001))),
            ]
            if spot.schema["enum"] != nil || spot.schema["format"] != nil || spot.schema["pattern"] != nil {
                values.append(("not a word", "'); DROP TABLE ledger.cases; --"))
            }
        case "integer", "number":
            let huge = try ["1e400", "-1e400", "99999999999999999999999999"].map {
                try JSONValue(parsing: Array($0.utf8))
            }
            values += (spot.type == "integer" ? huge : Array(huge.prefix(2))).map { ("huge", $0) }
        default: break
        }
        return values
    }

    /// Values that fit the type and may mean anything: whatever the answer, it is one of the contract's and no fault.
    private static func oddities(_ spot: ParamSpot) throws -> [JSONValue] {
        switch spot.type {
        case "string":
            return [
                "'); DROP TABLE ledger.cases; --", "%_\\", "$1", "{}", "\u{202E}反", "👨‍👩‍👧", "0", "202603-000000000",
                "999999-999999999", "ffff",
                JSONValue(String(repeating: "z", count: 100)), "0001-01-01", "9999-12-31", "0001-01-01T00:00:00+23:59",
                "9999-12-31T23:59:59-23:59",
                "0.0.zzzzzzzzzzzz", "zzzzzzzzzzzz",
            ]
        case "integer": return [0, -1, 2_147_483_648, 9_223_372_036_854_775_807, -9_223_372_036_854_775_808]
        case "number":
            return try ["1e308", "-1e308", "-0.0", "1e-308", "90", "91"].map { try JSONValue(parsing: Array($0.utf8)) }
        default: return []
        }
    }

    private static func known(_ number: String) -> [String: JSONValue] {
        [
            "month": "2026-03",
            "caseNumber": JSONValue(number), "channel": "board", "category": "urban", "divisionCode": "439901",
            "leadUnitId": "housing",
            "unitId": "housing", "proposedUnitId": "housing", "ownerUnitId": "housing", "about[]": "north",
            "parent": "urban",
            "relatedTo": JSONValue(number), "into": JSONValue(number), "overdueCoUnits[]": "transport",
            "reopenCoOrders[]": "transport",
            "parentId": "city",
            "lineParentId": "city", "successorId": "housing", "suggestedUnitId": "transport", "idempotencyKey": "k",
            "expectedVersion": 1, "retention": "10y",
            "cursor": JSONValue(Cursor(1).text), "year": 2027,
            "cases[]": ["channel": "board", "externalId": "b", "title": "t", "body": "b"],
        ]
    }

    private static func call(_ method: Served, _ params: JSONValue, _ city: City) async -> RPCError? {
        var headers = Headers()
        headers.msgId = "01900000-0000-7000-8000-000000000000"
        do {
            try await city.call(method.name, params, as: method.caller, headers: headers)
            return nil
        } catch let error as RPCError {
            return error
        } catch {
            return RPCError.internalError()
        }
    }

    private static func paths(_ error: RPCError?) -> [String] {
        error?["fields"]?.elements?.compactMap { $0["path"]?.stringValue } ?? []
    }

    /// Whether the params as a whole, or an item on its own, answer for this place instead of the place itself.
    private static func isFree(_ spot: ParamSpot, of method: Served) -> Bool {
        method.name == "intake.registerBatch" && spot.path.hasPrefix("cases") || spot.type == "any"
    }

    @Test func everyMethodIsAmongThem() {
        #expect(Self.served.count >= 60)
        #expect(Set(CaseAction.served.compactMap(\.method)).isSubset(of: Self.served.map(\.name)))
        #expect(Self.served.flatMap { ParamSpot.all(in: $0.schema) }.count > 150)
    }

    @Test(arguments: served)
    func whatDoesNotFitIsNamedAndChangesNothing(_ method: Served) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let params = SampleParams.of(method.schema, known: Self.known(number))
            let before = try await city.everything()
            for spot in ParamSpot.all(in: method.schema) where !Self.isFree(spot, of: method) {
                for (what, value) in try Self.misfits(spot) {
                    let error = await Self.call(method, spot.putting(value, in: params), city)
                    #expect(error?.code == -32602, "\(spot.path): \(what)")
                    let isNamed = Self.paths(error).contains {
                        $0 == spot.path || $0.hasPrefix(spot.path + ".") || $0.hasPrefix(spot.path + "[")
                    }
                    #expect(isNamed, "\(spot.path): \(what) \(Self.paths(error))")
                    #expect(error.map { !$0.traceId.isEmpty && !$0.detail.isEmpty && !$0.reason.isEmpty } == true)
                }
                guard spot.type == "object", !method.isEvent else { continue }
                let extra = ParamSpot(steps: spot.steps + [.name("colour")], schema: [:], isRequired: false)
                #expect(Self.paths(await Self.call(method, extra.putting("red", in: params), city)) == [extra.path])
            }
            if !method.isEvent {
                let extra = ParamSpot(steps: [.name("colour")], schema: [:], isRequired: false)
                #expect(Self.paths(await Self.call(method, extra.putting("red", in: params), city)) == ["colour"])
            }
            for whole in [[1], "x", 1] as [JSONValue] {
                let error = await Self.call(method, whole, city)
                #expect(error.map { [-32602, -32600].contains($0.code) } == true, "\(whole)")
            }
            #expect(try await city.everything() == before)
            #expect(await city.refusal("intake.vocabulary", as: .admin) == nil)
        }
    }

    @Test(arguments: served)
    func whatFitsIsNeverOurFault(_ method: Served) async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let spots = ParamSpot.all(in: method.schema)
            let full = SampleParams.of(method.schema, known: Self.known(number))
            // With everything that may be said, and with as little as must be.
            let least = JSONValue.object(
                (full.members ?? []).filter { member in spots.contains { $0.isRequired && $0.path == member.name.text }
                })
            var calls = 0
            for spot in spots {
                for value in try Self.oddities(spot) {
                    for params in [full, least] {
                        let error = await Self.call(method, spot.putting(value, in: params), city)
                        calls += 1
                        #expect(
                            error.map { ![-32603, -32050, -32601, -32700].contains($0.code) } ?? true,
                            "\(spot.path) \(value) \(error?.code ?? 0)")
                        if error?.code == -32602 || error?.code == 1009 {
                            #expect(!Self.paths(error).isEmpty, "\(spot.path) \(value)")
                        }
                    }
                }
            }
            #expect(calls > 0 || spots.isEmpty)
            #expect(try await city.sql { db in try db.value("SELECT count(*) >= 1 FROM ledger.cases") as Bool })
            #expect(await city.refusal("intake.vocabulary", as: .admin) == nil)
        }
    }

    @Test func aMillionCharactersAreRefusedLikeAFewTooMany() async throws {
        try await City.with { city in
            let number = try await city.bring(to: .claimed)
            let million = JSONValue(String(repeating: "a", count: 1_000_000))
            for method in Self.served {
                guard
                    let spot = ParamSpot.all(in: method.schema).first(where: {
                        $0.type == "string" && !Self.isFree($0, of: method)
                    })
                else { continue }
                let params = SampleParams.of(method.schema, known: Self.known(number))
                let error = await Self.call(method, spot.putting(million, in: params), city)
                #expect(error?.code == -32602 && Self.paths(error) == [spot.path], "\(method.name) \(spot.path)")
            }
        }
    }
}

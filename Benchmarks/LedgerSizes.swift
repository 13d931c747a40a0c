import Foundation
import JSONRPC
import Postgres

/// What answers take on one of the ledgers of `make bench-fill`, through the doors of its installation: one caller, each
/// question some times in a row, the median. `LedgerRatios` sets a large ledger's figures beside a small one's.
struct LedgerSizes: Sendable {
    struct Question: Sendable {
        var what: String
        var who: String
        var method: String
        var params: JSONValue
    }

    /// The median of one question or load, on one ledger, in one round.
    struct Figure: Codable, Sendable {
        /// How many cases it holds; `empty`.
        var ledger: String
        var what: String
        var value: Double
        /// `ms`, or `/s`, where more is better.
        var unit: String
    }

    let place: Place
    let ledger: String
    let isQuick: Bool
    private var times: Int { isQuick ? 15 : 40 }

    func run() async throws -> [Figure] {
        let tokens = try Tokens(folder: place.folder)
        var figures = try await ask(try await questions(tokens), tokens)
        figures += try await SweepTimes(place: place).measure(isQuick ? 5 : 10).map {
            Figure(ledger: ledger, what: "sweep: \($0)", value: $1, unit: "ms")
        }
        return figures + (try await registrations())
    }

    private func ask(_ questions: [Question], _ tokens: Tokens) async throws -> [Figure] {
        let line = try HTTPLine(place.gateway)
        return try questions.map { question in
            let request = try HTTPLine.request(question, tokens, to: place.gateway)
            for _ in 1...4 { _ = try line.ask(request) }
            let taken = try (0..<times).map { _ in try line.ask(request) }.sorted()
            return Figure(ledger: ledger, what: question.what, value: taken[taken.count / 2], unit: "ms")
        }
    }

    private func registrations() async throws -> [Figure] {
        let token = try await place.makeSource(channel: Registrations.channel)
        let duration = Duration.seconds(isQuick ? 4 : 8)
        let http = HTTPLoad(address: place.gateway)
        _ = try await http.register(Registrations(), token: token, connections: 64, for: .seconds(1))
        let byHTTP = try await http.register(Registrations(), token: token, connections: 64, for: duration)
        let byZeroMQ = try await ZeroMQLoad(endpoint: place.intake)
            .register(Registrations(), token: token, inFlight: 256, for: duration)
        return [("HTTP, 64 connections", byHTTP), ("ZeroMQ, 256 in flight", byZeroMQ)].map {
            Figure(ledger: ledger, what: "registration: \($0)", value: $1.perSecond, unit: "/s")
        }
    }

    private func questions(_ tokens: Tokens) async throws -> [Question] {
        let recent = try await cursor()
        func search(_ what: String, _ params: JSONValue, as who: String = "office") -> Question {
            Question(what: what, who: who, method: "intake.search", params: params)
        }
        return [
            search("search: newest first", [:]), search("search: claimed", ["status": ["claimed"]]),
            search("search: overdue", ["overdue": true]), search("search: yellow", ["lamp": "yellow"]),
            search("search: a category", ["category": "urban.noise"]),
            search("search: critical", ["urgency": "critical"]),
            search("search: a division", ["divisionCode": "439902001"]),
            search("search: a channel's closed", ["channel": "12345", "status": ["closed"]]),
            search("search: one old month", ["registeredFrom": "2022-03-01", "registeredTo": "2022-03-31"]),
            search("ledger page: a unit's", ["unitId": JSONValue(tokens.unitId)]),
            search("ledger page: far down", ["cursor": JSONValue(String(202_203_000_000_000, radix: 36))]),
            search("unit inbox: all", [:], as: "unit"),
            search("unit inbox: claimed", ["status": ["claimed"]], as: "unit"),
            Question(what: "unit inbox: claim list", who: "unit", method: "assignment.claimList", params: [:]),
            Question(what: "claim list of all units", who: "office", method: "assignment.claimList", params: [:]),
            Question(what: "changes: a source's newest", who: "source", method: "intake.changes", params: recent),
            Question(what: "changes: the office's newest", who: "office", method: "intake.changes", params: recent),
            Question(what: "changes: from the beginning", who: "source", method: "intake.changes", params: [:]),
            Question(what: "overview", who: "observer", method: "supervision.overview", params: [:]),
            Question(what: "overview of a unit", who: "unit", method: "supervision.overview", params: [:]),
            Question(what: "steps", who: "supervisor", method: "supervision.steps", params: [:]),
        ]
    }

    /// Where the last five hundred entries of the feed begin.
    private func cursor() async throws -> JSONValue {
        let places = try await Connection.open(place.database) { db in
            try db.one(
                """
                SELECT feed_position, case_id, seq
                FROM ledger.timeline
                WHERE feed_kind IS NOT NULL
                ORDER BY feed_position DESC, case_id DESC, seq DESC
                OFFSET 500
                LIMIT 1
                """
            ) { [try $0["feed_position"] as Int64, try $0["case_id"] as Int64, try $0["seq"] as Int64] }
        }
        return ["cursor": JSONValue(places.map { String($0, radix: 36) }.joined(separator: "."))]
    }

    /// `clients.json`, one token a role.
    struct Tokens: Sendable {
        private let clients: JSONValue
        /// A unit of the demo's.
        let unitId = "yt-health"

        init(folder: String) throws {
            clients = try JSONValue(
                parsing: Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/clients.json"))))
        }

        func token(of who: String) throws -> String {
            let token = who == "unit" ? clients["unit"]?[unitId]?.stringValue : clients[who]?.stringValue
            guard let token, !token.isEmpty else { throw Failure("clients.json has no \(who)") }
            return token
        }
    }
}

extension HTTPLine {
    static func request(
        _ question: LedgerSizes.Question, _ tokens: LedgerSizes.Tokens, to address: some CustomStringConvertible
    ) throws -> [UInt8] {
        let call: JSONValue = [
            "jsonrpc": "2.0", "id": 1, "method": JSONValue(question.method), "params": question.params,
        ]
        let body = String(decoding: call.serialized(), as: UTF8.self)
        return Array(
            """
            POST /rpc HTTP/1.1\r
            Host: \(address)\r
            Authorization: Bearer \(try tokens.token(of: question.who))\r
            Content-Type: application/json\r
            Content-Length: \(body.utf8.count)\r
            \r
            \(body)
            """.utf8)
    }

    /// - Returns: milliseconds from the request to the whole reply.
    func ask(_ request: [UInt8]) throws -> Double {
        let began = ContinuousClock.now
        try send(request)
        while true {
            guard let reply = try read() else { continue }
            try Replies.check(reply)
            return (ContinuousClock.now - began) / .milliseconds(1)
        }
    }
}

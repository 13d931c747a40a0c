import Domain
import Foundation
import Ledger
import Postgres
import ServiceKit

/// The demo's clients, one a role and one a unit. Their tokens stand in `clients.json` and nowhere else; the database has
/// the digests.
struct DemoClients: Sendable {
    /// `clients.json`, as the contract gives its shape.
    struct Tokens: Codable, Sendable {
        var source = ""
        var registrar = ""
        var office = ""
        var leader = ""
        var supervisor = ""
        var auditor = ""
        var observer = ""
        var admin = ""
        var unit: [String: String] = [:]
        /// The codes of the channels that the source is bound to.
        var channels: [String] = []
    }

    private static let desks: [(Role, any WritableKeyPath<Tokens, String> & Sendable)] = [
        (.source, \.source), (.registrar, \.registrar), (.office, \.office), (.leader, \.leader),
        (.supervisor, \.supervisor), (.auditor, \.auditor), (.observer, \.observer), (.admin, \.admin),
    ]

    private let place: Installation
    private let database: ConnectionString

    init(_ place: Installation, _ database: ConnectionString) {
        self.place = place
        self.database = database
    }

    /// The administrator alone, who brings the units that the others belong to.
    func makeAdmin() async throws -> String {
        var tokens = read()
        let token = tokens.admin
        tokens.admin = try await Connection.open(database) { db in
            try Self.grant(.init(name: "demo-admin", role: .admin), token, isFirst: false, db)
        }
        try write(tokens)
        return tokens.admin
    }

    /// All clients, with these units and channels.
    func make(units: [String], channels: [String]) async throws -> Tokens {
        try await make(units: units, channels: channels, isFirst: true)
    }

    /// Those that are there; a token whose client is missing from the database gets it back.
    func keep() async throws -> Tokens {
        let tokens = read()
        return try await make(units: Array(tokens.unit.keys), channels: tokens.channels, isFirst: false)
    }

    private func make(units: [String], channels: [String], isFirst: Bool) async throws -> Tokens {
        let known = read()
        let tokens = try await Connection.open(database) { db in
            try db.transaction { db in
                var tokens = known
                tokens.channels = channels
                for (role, token) in Self.desks {
                    var grant = Clients.Grant(name: "demo-\(role.rawValue)", role: role)
                    if role == .source { grant.channels = channels.compactMap { ChannelCode($0) } }
                    tokens[keyPath: token] = try Self.grant(grant, known[keyPath: token], isFirst: isFirst, db)
                }
                for unit in units {
                    var grant = Clients.Grant(name: "demo-unit-\(unit)", role: .unit)
                    grant.unit = UnitID(unit)
                    tokens.unit[unit] = try Self.grant(grant, known.unit[unit] ?? "", isFirst: isFirst, db)
                }
                return tokens
            }
        }
        try write(tokens)
        return tokens
    }

    /// - Parameters:
    ///   - token: the client's so far; empty for a new one.
    ///   - isFirst: writes the client in any case. Later, one that the operator has revoked stays revoked.
    private static func grant(
        _ grant: Clients.Grant, _ token: String, isFirst: Bool, _ db: Connection
    ) throws -> String {
        let token = token.isEmpty ? Secrets.newToken() : token
        let digest = Secrets.sha256(Array(token.utf8))
        if try isFirst || !Store.hasClient(named: grant.name, tokenDigest: digest, db) {
            try Clients.save(grant, tokenDigest: digest, db)
        }
        return token
    }

    private func read() -> Tokens {
        guard let text = Installation.read(place.clients),
            let tokens = try? JSONDecoder().decode(Tokens.self, from: Data(text.utf8))
        else { return Tokens() }
        return tokens
    }

    private func write(_ tokens: Tokens) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try Installation.write(try encoder.encode(tokens) + Data("\n".utf8), to: place.clients)
    }
}

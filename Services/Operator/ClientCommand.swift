import ArgumentParser
import Domain
import Ledger
import Postgres
import ServiceKit

/// `renling client …`
struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client", abstract: "Who may call, and with which rights.",
        subcommands: [Add.self, List.self, Revoke.self], aliases: ["clients"])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds a client and prints its token, which is kept nowhere and shown only now.")

        @Option(help: "A name that no other client has.")
        var name: String
        @Option(help: "source, registrar, office, unit, leader, supervisor, auditor, observer or admin.")
        var role: String
        @Option(help: "For a unit: its unitId.")
        var unit: String?
        @Option(help: "For a source: a channel that it may post to; may be repeated.")
        var channel: [String] = []
        @Option(help: "For a leader: the division; the whole city without it.")
        var division: String?
        @Option(help: "Requests a second; no limit without it.")
        var rate: Int?
        @Flag(help: "Gives a client of that name a new token and these rights.")
        var renew = false

        func run() async throws {
            let grant = try grant()
            let token = Secrets.newToken()
            try await Connection.open(try Installation.current.connection()) { db in
                try db.transaction { db in
                    if try !renew && Store.hasClient(named: name, db) {
                        throw Failure("there is a client of the name \(name); --renew gives it a new token")
                    }
                    try Self.check(grant, db)
                    try Clients.save(grant, tokenDigest: Secrets.sha256(Array(token.utf8)), db)
                }
            }
            Console.say(token)
        }

        private static func check(_ grant: Clients.Grant, _ db: Connection) throws {
            do {
                try Reference.check(units: grant.unit.map { [("unit", $0)] } ?? [], db)
                try Reference.check(divisionCode: grant.division, db)
                for channel in grant.channels { try Reference.check(channel: channel, db) }
            } catch is Refusal {
                throw Failure("there is no such unit, division or channel; they must be saved before")
            }
        }

        private func grant() throws -> Clients.Grant {
            guard let role = Role(rawValue: role), Role.callers.contains(role) else {
                throw ValidationError(
                    "--role must be one of \(Role.callers.map(\.rawValue).sorted().joined(separator: ", "))")
            }
            guard Name(name) != nil, !name.hasPrefix("service:") else { throw ValidationError("--name is not a name") }
            guard (role == .unit) == (unit != nil) else {
                throw ValidationError("--unit goes with the role unit, and only with it")
            }
            guard (role == .source) == !channel.isEmpty else {
                throw ValidationError("--channel goes with the role source, and only with it")
            }
            guard role == .leader || division == nil else {
                throw ValidationError("--division goes with the role leader")
            }
            guard rate.map({ (1...10_000_000).contains($0) }) ?? true else {
                throw ValidationError("--rate must be 1…10000000")
            }
            var grant = Clients.Grant(name: name, role: role)
            grant.unit = try unit.map { try identifier($0, "--unit") }
            grant.channels = try channel.map { try identifier($0, "--channel") }
            grant.division = try division.map { try identifier($0, "--division") }
            grant.ratePerSecond = rate
            return grant
        }

        private func identifier<ID: Identifier>(_ text: String, _ option: String) throws -> ID {
            guard let id = ID(text) else {
                throw ValidationError(
                    "\(option) must have \(ID.length.lowerBound) to \(ID.length.upperBound) characters")
            }
            return id
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the clients; a token is never shown again.")

        func run() async throws {
            let clients = try await Connection.open(try Installation.current.connection()) { try Store.clients($0) }
            for client in clients {
                let scope =
                    [client.unit.map { "unit=\($0)" }, client.division.map { "division=\($0)" }].compactMap { $0 }
                    + (client.channels.isEmpty
                        ? [] : ["channels=" + client.channels.map(\.text).joined(separator: ",")])
                    + (client.ratePerSecond.map { ["rate=\($0)"] } ?? []) + (client.isRevoked ? ["revoked"] : [])
                Console.say(([client.name, client.role.rawValue, client.createdOn] + scope).joined(separator: "\t"))
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes a client's rights; its token stands for nobody within five seconds.")

        @Option(help: "The client's name.")
        var name: String

        func run() async throws {
            let found = try await Connection.open(try Installation.current.connection()) { try Store.revoke(name, $0) }
            guard found else { throw Failure("there is no client of the name \(name)") }
            Console.say("\(name): revoked")
        }
    }
}

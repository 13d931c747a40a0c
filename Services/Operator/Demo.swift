import Domain
import Foundation
import JSONRPC
import Ledger
import Postgres
import ServiceKit

/// What a new installation is filled with so that there is something to look at: the invented city's units, a client of
/// each role, and messages that have come different ways along the chain.
struct Demo: Sendable {
    struct Division: Decodable, Sendable {
        var code: String
        var name: String
        var parent: String?
    }

    /// `demo.json`: how far the loading has come. A run that was cut off is taken up by the next one.
    struct Progress: Codable, Sendable {
        /// The database that it was loaded into.
        var database: String
        /// The times in the messages count back from here.
        var startedAt: Instant
        /// A case that went through the whole chain; `nil` until everything is loaded.
        var storyCase: String?
        var isComplete: Bool
    }

    let place: Installation
    let database: ConnectionString
    let gateway: GatewayClient
    let clock: DomainClock

    init(place: Installation, database: ConnectionString, gateway: GatewayClient, _ clock: DomainClock) {
        self.place = place
        self.database = database
        self.gateway = gateway
        self.clock = clock
    }

    /// Makes the clients, and loads the sample data unless that has been done.
    ///
    /// - Parameter folder: of the sample data; `nil` for clients only.
    /// - Returns: one case's story, where there is one.
    func prepare(from folder: String?) async throws -> String? {
        let identity = try await Connection.open(database) { try Store.identity($0) }
        guard let folder else {
            if try progress(in: identity) == nil {
                _ = try await DemoClients(place, database).make(units: [], channels: [])
            }
            return nil
        }
        if let known = try progress(in: identity), known.isComplete {
            let tokens = try await DemoClients(place, database).keep()
            return try await story(known, tokens)
        }
        var progress =
            try progress(in: identity) ?? Progress(database: identity, startedAt: clock.now, isComplete: false)
        try save(progress)
        let tokens = try await loadCity(try DemoFiles(folder: folder))
        let messages = DemoMessages(
            gateway: gateway, tokens: tokens, units: try DemoFiles(folder: folder).units, startedAt: progress.startedAt,
            clock: clock, log: "\(place.logs)/demo.log")
        progress.storyCase = try await messages.load(try DemoFiles(folder: folder).messages)
        progress.isComplete = true
        try save(progress)
        return try await story(progress, tokens)
    }

    /// Divisions have no method of their own; everything else goes the way an administrator's changes go.
    private func loadCity(_ files: DemoFiles) async throws -> DemoClients.Tokens {
        let divisions = try files.divisions
        try await Connection.open(database) { db in try db.transaction { try Store.save(divisions, $0) } }
        let clients = DemoClients(place, database)
        let admin = try await clients.makeAdmin()
        for (method, items) in [
            ("assignment.saveUnit", try files.units), ("intake.saveChannel", try files.channels),
            ("intake.saveCategory", try files.categories),
        ] {
            for item in items { _ = try await gateway.call(method, item, as: admin) }
        }
        return try await clients.make(
            units: try files.units.compactMap { $0["unitId"]?.stringValue },
            channels: try files.channels.compactMap { $0["code"]?.stringValue })
    }

    private func story(_ progress: Progress, _ tokens: DemoClients.Tokens) async throws -> String? {
        guard let number = progress.storyCase else { return nil }
        return Story.text(
            of: try await gateway.call("intake.get", ["caseNumber": JSONValue(number)], as: tokens.office))
    }

    /// `nil` when nothing has been loaded into this database yet.
    private func progress(in identity: String) throws -> Progress? {
        guard let text = Installation.read(place.demo),
            let known = try? JSONDecoder().decode(Progress.self, from: Data(text.utf8)), known.database == identity
        else { return nil }
        return known
    }

    private func save(_ progress: Progress) throws {
        try Installation.write(try JSONEncoder().encode(progress), to: place.demo)
    }
}

/// The sample data's files. Units, channels and categories are params of the methods that save them.
struct DemoFiles: Sendable {
    let folder: String

    init(folder: String) throws {
        guard FileManager.default.fileExists(atPath: "\(folder)/messages.json") else {
            throw Failure("there is no sample data at \(folder); name its folder with --demo, or set RENLING_DEMO=0")
        }
        self.folder = folder
    }

    var divisions: [Demo.Division] {
        get throws { try JSONDecoder().decode([Demo.Division].self, from: Data(try bytes("divisions"))) }
    }
    var units: [JSONValue] { get throws { try values("units") } }
    var channels: [JSONValue] { get throws { try values("channels") } }
    var categories: [JSONValue] { get throws { try values("categories") } }
    var messages: [JSONValue] { get throws { try values("messages") } }

    private func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).json")))
    }

    private func values(_ name: String) throws -> [JSONValue] {
        guard let values = try JSONValue(parsing: try bytes(name)).elements else {
            throw Failure("\(folder)/\(name).json must hold an array")
        }
        return values
    }
}

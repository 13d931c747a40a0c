import Domain
import Foundation
import JSONRPC
import ServiceKit

/// The sample messages: registered in the order in which they were posted, then taken along the chain, several at a time.
struct DemoMessages: Sendable {
    private static let atOnceMax = 12

    let gateway: GatewayClient
    let tokens: DemoClients.Tokens
    let units: [JSONValue]
    /// The times in the messages count back from here.
    let startedAt: Instant
    let clock: DomainClock
    let log: String

    /// - Returns: of the closed cases the first that took the most steps.
    func load(_ messages: [JSONValue]) async throws -> String? {
        let began = ContinuousClock.now
        let lines = Self.inOrder(messages)
        let walk = DemoWalk(gateway: gateway, tokens: tokens, units: units, clock: clock)
        var walks: [(line: [JSONValue], number: String)] = []
        var refusals: [String] = []
        for line in lines {
            do {
                walks.append((line, try await register(line[0], post: 1)))
            } catch let refused as GatewayClient.Refused {
                refusals.append("\(Self.name(line[0])) register: \(refused)")
            }
        }
        let ends = try await inParallel(walks) { line, number in
            let end = try await walk.take(line[0], number)
            // The petitioner changed the text later on.
            for (index, post) in line.dropFirst().enumerated() { _ = try? await register(post, post: index + 2) }
            return end
        }
        refusals += ends.compactMap(\.refusal)
        try Installation.write(refusals.map { $0 + "\n" }.joined(), to: log)
        let seconds = Double((ContinuousClock.now - began) / .milliseconds(1)) / 1000
        Console.say(
            "sample data: \(messages.count) messages, \(walks.count) cases, \(ends.count { $0.isClosed }) of them closed, "
                + String(format: "in %.1f s", seconds)
                + (refusals.isEmpty ? "" : "; \(refusals.count) steps were refused, see \(log)"))
        let longest = ends.lazy.filter(\.isClosed).map(\.steps).max()
        return ends.first { $0.isClosed && $0.steps == longest }?.caseNumber
    }

    /// The posts of one external id together, the earliest first; those by the time of their first post.
    static func inOrder(_ messages: [JSONValue]) -> [[JSONValue]] {
        let groups = Dictionary(grouping: messages.enumerated()) { name($0.element) }
        func age(_ message: JSONValue) -> Int {
            (message["daysAgo"]?.intValue ?? 0) * 24 - (message["postedHour"]?.intValue ?? 0)
        }
        return groups.values
            .map { $0.sorted { $0.offset < $1.offset } }
            .sorted { (-age($0[0].element), $0[0].offset) < (-age($1[0].element), $1[0].offset) }
            .map { $0.map(\.element) }
    }

    static func name(_ message: JSONValue) -> String {
        "\(message["channel"]?.stringValue ?? "")/\(message["externalId"]?.stringValue ?? "")"
    }

    /// - Returns: the case's number.
    private func register(_ message: JSONValue, post: Int) async throws -> String {
        let day = startedAt.day.advanced(by: -(message["daysAgo"]?.intValue ?? 0))
        let posted = min(Instant(day, second: (message["postedHour"]?.intValue ?? 0) * 3600), startedAt)
        var params = message.only([
            "channel", "externalId", "title", "body", "type", "petitioner", "open", "divisionCode", "address",
            "location",
            "category", "urgency", "about",
        ])
        params.append("postedAt", JSONValue("\(posted)"))
        params.append("idempotencyKey", JSONValue("demo/\(Self.name(message))/register/\(post)"))
        let result = try await gateway.call("intake.register", params, as: tokens.source)
        guard let number = result["caseNumber"]?.stringValue else {
            throw Failure("intake.register answers no caseNumber")
        }
        return number
    }

    private func inParallel(
        _ walks: [(line: [JSONValue], number: String)],
        _ body: @escaping @Sendable ([JSONValue], String) async throws -> DemoWalk.End
    ) async throws -> [DemoWalk.End] {
        try await withThrowingTaskGroup(of: (Int, DemoWalk.End).self) { group in
            var ends: [Int: DemoWalk.End] = [:]
            for (index, walk) in walks.enumerated() {
                if index >= Self.atOnceMax, let (done, end) = try await group.next() { ends[done] = end }
                group.addTask { (index, try await body(walk.line, walk.number)) }
            }
            for try await (done, end) in group { ends[done] = end }
            return ends.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}

extension JSONValue {
    /// The members of these names that there are.
    func only(_ names: [String]) -> JSONValue {
        .object(names.compactMap { name in self[name].map { JSONMember(JSONString(name), $0) } })
    }

    /// Adds a member to an object.
    mutating func append(_ name: JSONString, _ value: JSONValue) {
        self = .object((members ?? []) + [JSONMember(name, value)])
    }
}

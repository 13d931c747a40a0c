import Domain
import JSONRPC
import Postgres
import TestKit
import Testing

/// Real messages through the gateway: all are registered, and those with a reply go through the whole chain with it, on
/// their own dates.
@Suite(
    .enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"),
    .enabled(if: RealMessages.arePresent, "needs the real messages in ../shared/data, which are not redistributed"))
struct ImportTests {
    private struct Event: Sendable {
        var at: Instant
        var order: Int
        var message: RealMessages.Message
        var isReply: Bool
    }

    @Test func realMessagesGoThroughTheChainOnTheirOwnDates() async throws {
        let answered = try RealMessages.read("messages_replies")
        let others = try RealMessages.read("messages_stream")
        #expect(answered.count == 1688 && others.count == 1676)
        let calendar = try RealMessages.NaiveCalendar()
        try await RunningCity.with { city in
            var (numbers, interim) = ([String: JSONValue](), 0)
            for event in Self.events(answered, others) {
                city.clock.set(event.at)
                if event.isReply {
                    let isAccepted = try await Self.answer(event.message, numbers[event.message.id] ?? .null, city)
                    if !isAccepted { interim += 1 }
                } else {
                    let number = try await Self.register(event.message, city)
                    numbers[event.message.id] = number
                    guard event.message.reply != nil else { continue }
                    let due = try await Self.dispatch(number, city)
                    let expected = calendar.day(7, after: event.at.day).end
                    #expect(due == expected.description, "\(event.message.id)")
                }
            }
            // Replies such as 已收悉 are interim words, never a result.
            #expect(interim == answered.count { Self.isInterim($0.reply ?? "") })
            let counts = try await city.sql { db in
                // Those that were closed for thirty days have been sealed.
                try db.rows(
                    """
                    SELECT replace(status, 'archived', 'closed') AS status, count(*) AS n
                    FROM ledger.cases
                    GROUP BY 1
                    """
                ) {
                    (try $0["status"] as String, try $0["n"] as Int)
                }
            }
            #expect(
                Dictionary(uniqueKeysWithValues: counts) == [
                    "registered": others.count, "closed": answered.count - interim, "claimed": interim,
                ])
            try await Self.comeBackUnchanged(answered.prefix(50), numbers, city)
        }
    }

    private static func events(_ answered: [RealMessages.Message], _ others: [RealMessages.Message]) -> [Event] {
        let all = (answered + others).enumerated().flatMap { order, message in
            [Event(at: message.submittedAt, order: order, message: message, isReply: false)]
                + (message.repliedAt.map { [Event(at: $0, order: order, message: message, isReply: true)] } ?? [])
        }
        return all.sorted { ($0.at, $0.order, $0.isReply ? 1 : 0) < ($1.at, $1.order, $1.isReply ? 1 : 0) }
    }

    private static func register(_ message: RealMessages.Message, _ city: RunningCity) async throws -> JSONValue {
        let result = try await city.call(
            "intake.register",
            [
                "channel": "board", "externalId": JSONValue(message.id), "title": JSONValue(message.title),
                "body": JSONValue(message.body),
                // Some wrote the same twice, which would be merged; here each is to go its own way.
                "petitioner": ["account": JSONValue("\(message.user) \(message.id)")],
                "type": "consultation",
                "postedAt": JSONValue(message.submittedAt.description),
            ], as: .source)
        return result["caseNumber"] ?? .null
    }

    /// - Returns: when the result is due.
    private static func dispatch(_ number: JSONValue, _ city: RunningCity) async throws -> String? {
        let letter = try await city.call(
            "assignment.dispatch", ["caseNumber": number, "leadUnitId": "housing"], as: .office)
        try await city.call(
            "assignment.claim", ["caseNumber": number, "responsiblePerson": ["name": "周主任", "title": "科长"]],
            as: .unit("housing"))
        return letter["dueAt"]?.stringValue
    }

    /// - Returns: whether the reply was accepted as a result.
    private static func answer(
        _ message: RealMessages.Message, _ number: JSONValue, _ city: RunningCity
    ) async throws -> Bool {
        let text = number.stringValue ?? ""
        do {
            try await city.call(
                "handling.fileResult", City.result(text, reply: message.reply ?? ""), as: .unit("housing"))
        } catch let error as RPCError where error.reason == "notAResult" {
            return false
        }
        try await city.call("handling.review", City.review(text, "approve"), as: .office)
        try await city.call(
            "handling.confirmPublication",
            ["caseNumber": number, "way": "phone", "at": JSONValue(message.repliedAt?.description ?? "")],
            as: .registrar)
        try await city.call("supervision.recordFollowUp", City.followUp(text, "satisfied"), as: .supervisor)
        return true
    }

    /// What a reader gets back is what was sent, character for character.
    private static func comeBackUnchanged(
        _ some: ArraySlice<RealMessages.Message>, _ numbers: [String: JSONValue], _ city: RunningCity
    ) async throws {
        for message in some {
            let view = try await city.call("intake.get", ["caseNumber": numbers[message.id] ?? .null], as: .office)
            #expect(view["body"]?.stringValue == message.body)
            #expect(view["publicReply"]?.stringValue == message.reply || isInterim(message.reply ?? ""))
            #expect(view["registeredAt"]?.stringValue == message.submittedAt.description)
        }
    }

    /// Said apart from the rule: nothing but politeness and "received" or "forwarded".
    private static func isInterim(_ reply: String) -> Bool {
        let rest = ["网友", "您好", "你好", "留言", "已收悉", "：", "！", "，", "。", "“", "”", " "].reduce(reply) {
            $0.replacing($1, with: "")
        }
        return rest.isEmpty
    }
}

import Domain
import Foundation
import JSONRPC
import TestKit
import Testing

/// The real messages with the dates of their real replies, from 2011 to 2020: who was in time, case by case and in the
/// figures of unit and month, is what `PlainReckoning` says.
@Suite(
    .enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"),
    .enabled(if: RealMessages.arePresent, "needs the real messages in ../shared/data, which are not redistributed"))
struct ReplayTests {
    private static let units = ["housing", "transport", "north-town", "north-housing"]
    /// Working days of the result's term; 0 for the hours of a critical case.
    private static let terms = [("ordinary", 7), ("ordinary", 7), ("important", 3), ("ordinary", 7), ("critical", 0)]

    @Test func onTimeFiguresAreThoseOfAReckoningApart() async throws {
        let messages = try RealMessages.read("messages_replies").filter { $0.repliedText != nil }
        #expect(messages.count == 1688)
        let reckoning = try PlainReckoning(
            calendar: RealMessages.folder.appending(path: "cn_calendar_exceptions.csv"))
        let expected = messages.enumerated().map { place, message in
            reckoning.reckon(
                unit: Self.units[place % Self.units.count], letter: message.submittedText,
                reply: message.repliedText ?? "", term: Self.terms[place % Self.terms.count].1)
        }
        try await City.with { city in
            let numbers = try await Self.replay(messages, expected, city)
            try await Self.compareFigures(numbers, expected, city)
        }
    }

    /// - Returns: the cases' numbers, in the order of the messages.
    private static func replay(
        _ messages: [RealMessages.Message], _ expected: [PlainReckoning.Case], _ city: City
    ) async throws -> [String] {
        let events = messages.indices.flatMap { place in
            [
                (at: messages[place].submittedAt, place: place, isReply: false),
                (at: messages[place].repliedAt ?? messages[place].submittedAt, place: place, isReply: true),
            ]
        }.sorted { ($0.at, $0.place, $0.isReply ? 1 : 0) < ($1.at, $1.place, $1.isReply ? 1 : 0) }
        var numbers = Array(repeating: "", count: messages.count)
        for event in events {
            city.clock.set(event.at)
            let (message, wanted) = (messages[event.place], expected[event.place])
            if event.isReply {
                try await answer(message, numbers[event.place], by: wanted.unit, city)
            } else {
                let urgency = terms[event.place % terms.count].0
                numbers[event.place] = try await dispatch(message, urgency, to: wanted, city)
            }
        }
        return numbers
    }

    private static func dispatch(
        _ message: RealMessages.Message, _ urgency: String, to wanted: PlainReckoning.Case, _ city: City
    ) async throws -> String {
        let filed = try await city.call(
            "intake.register",
            [
                "channel": "board", "externalId": JSONValue(message.id), "title": JSONValue(message.title),
                "body": JSONValue(message.body), "urgency": JSONValue(urgency),
                // Some wrote the same twice, which would be merged; here each goes its own way.
                "petitioner": ["account": JSONValue("\(message.user) \(message.id)")],
            ], as: .source)
        let number = filed["caseNumber"] ?? .null
        let letter = try await city.call(
            "assignment.dispatch", ["caseNumber": number, "leadUnitId": JSONValue(wanted.unit)], as: .office)
        // The calendar that we ship knows the holidays of all these years.
        #expect(letter["dueAt"]?.stringValue == wanted.due && letter["provisional"] == false, "\(message.id)")
        try await city.call(
            "assignment.claim", ["caseNumber": number, "responsiblePerson": ["name": "周主任", "title": "科长"]],
            as: .unit(wanted.unit))
        return number.stringValue ?? ""
    }

    private static func answer(
        _ message: RealMessages.Message, _ number: String, by unit: String, _ city: City
    ) async throws {
        // Some real replies are interim words only, which are no result; the dates are what is tried here.
        try await city.call("handling.fileResult", City.result(number), as: .unit(unit))
        try await city.call("handling.review", City.review(number, "approve"), as: .office)
        try await city.call(
            "handling.confirmPublication",
            ["caseNumber": JSONValue(number), "way": "phone", "at": JSONValue(message.repliedText ?? "")],
            as: .registrar)
    }

    private static func compareFigures(
        _ numbers: [String], _ expected: [PlainReckoning.Case], _ city: City
    ) async throws {
        let months = Set(expected.map(\.month)).sorted()
        #expect(months.count > 90)
        for month in months { try await compare(month, nil, numbers, expected, city) }
        for month in months.suffix(24) {
            for unit in units { try await compare(month, unit, numbers, expected, city) }
        }
        // Once published the figures are frozen, and still the same.
        for month in months.filter({ $0.hasPrefix("2018") }) {
            for method in ["compileBulletin", "publishBulletin"] {
                try await city.call("supervision.\(method)", ["month": JSONValue(month)], as: .office)
            }
            for unit in units { try await compare(month, unit, numbers, expected, city, isFrozen: true) }
        }
    }

    private static func compare(
        _ month: String, _ unit: String?, _ numbers: [String], _ expected: [PlainReckoning.Case], _ city: City,
        isFrozen: Bool = false
    ) async throws {
        let places = expected.indices.filter { place in
            expected[place].month == month && (unit == nil || expected[place].unit == unit)
        }
        let (inTime, what) = (places.count { expected[$0].isInTime }, "\(month) \(unit ?? "city")")
        let scope: JSONValue = unit.map { ["unitId": JSONValue($0)] } ?? [:]
        var (page, values) = (scope, [String: Double]())
        while true {
            let figure = try await city.call(
                "supervision.figure",
                page.with(["month": JSONValue(month), "measure": "responseRate", "limit": 200]), as: .office)
            #expect(figure["of"]?.intValue == places.count && figure["frozen"] == JSONValue(isFrozen), "\(what)")
            #expect(figure["counted"]?.doubleValue == Double(inTime), "\(what)")
            for item in figure["items"]?.elements ?? [] {
                values[item["caseNumber"]?.stringValue ?? ""] = item["value"]?.doubleValue
            }
            guard let cursor = figure["nextCursor"], !cursor.isNull else { break }
            page = page.with(["cursor": cursor])
        }
        #expect(
            values == Dictionary(uniqueKeysWithValues: places.map { (numbers[$0], expected[$0].isInTime ? 1 : 0) }),
            "\(what)")
        try await compareOverview(month, scope, places.map { expected[$0] }, city)
    }

    private static func compareOverview(
        _ month: String, _ scope: JSONValue, _ cases: [PlainReckoning.Case], _ city: City
    ) async throws {
        let last = try #require(Day("\(month)-01").map { lastDay(of: $0) })
        let overview = try await city.call(
            "supervision.overview", scope.with(["from": JSONValue("\(month)-01"), "to": JSONValue(last)]), as: .office)
        let what = "\(month) \(scope.json)"
        let rate = overview["measures"]?["responseRate"]
        guard !cases.isEmpty else {
            #expect(rate == .null, "\(what)")
            return
        }
        let inTime = Double(cases.count { $0.isInTime })
        let share = rate?.doubleValue ?? -1
        #expect(abs(share - inTime / Double(cases.count)) <= 0.00005, "\(what)")
        let counts = overview["counts"]?.elements?.first { $0["measure"] == "responseRate" }
        #expect(counts?["of"]?.intValue == cases.count && counts?["counted"]?.doubleValue == inTime, "\(what)")
        for measure in ["replyRate", "claimRate"] {
            #expect(overview["measures"]?[measure]?.doubleValue == 1, "\(what) \(measure)")
        }
        let (time, days) = (overview["measures"]?["timeToReply"], cases.map(\.days))
        #expect(time?["median"]?.doubleValue == PlainReckoning.percentile(days, 0.5), "\(what)")
        #expect(time?["p90"]?.doubleValue == PlainReckoning.percentile(days, 0.9), "\(what)")
    }

    private static func lastDay(of first: Day) -> String {
        (28...31).map { first.advanced(by: $0 - 1).description }.last { $0.prefix(7) == first.description.prefix(7) }
            ?? ""
    }
}

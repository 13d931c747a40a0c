import Domain
import JSONRPC
import TestKit
import Testing

/// Messages that arrive at the same moment are registered in one transaction; nobody can tell.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct RegisterTogetherTests {
    /// All at once; the answers in the order of the params.
    private static func register(_ all: [JSONValue], in city: City) async throws -> [Result<JSONValue, any Error>] {
        await withTaskGroup(of: (Int, Result<JSONValue, any Error>).self) { group in
            for (place, params) in all.enumerated() {
                group.addTask {
                    // On a slow machine twins wait too long for one another, and ask again as they are told to.
                    while true {
                        do {
                            return (place, .success(try await city.call("intake.register", params, as: .source)))
                        } catch let error as RPCError where error.retryable {
                            continue
                        } catch {
                            return (place, .failure(error))
                        }
                    }
                }
            }
            var answers: [Int: Result<JSONValue, any Error>] = [:]
            for await (place, answer) in group { answers[place] = answer }
            return all.indices.compactMap { answers[$0] }
        }
    }

    private static func person(_ name: String) -> JSONValue { ["name": "李四", "phone": JSONValue(name)] }

    @Test func eachIsRegisteredAsIfItWereAlone() async throws {
        try await City.with { city in
            let all = (1...40).map { n in
                Message.params(
                    "\(n)", ["body": JSONValue("第\(n)盏路灯"), "petitioner": Self.person("1380000\(1000 + n)")])
            }
            let answers = try await Self.register(all, in: city).map { try $0.get() }
            #expect(Set(answers.compactMap { $0["caseNumber"]?.stringValue }).count == 40)
            #expect(answers.allSatisfy { $0["replayed"] == false && $0["version"] == 1 })
            for (params, answer) in zip(all, answers) {
                let view = try await city.get(answer["caseNumber"]?.stringValue ?? "")
                #expect(view["externalId"] == params["externalId"] && view["body"] == params["body"])
                #expect(view["timeline"]?.elements?.count == 1 && view["clocks"]?.elements?.count == 1)
            }
            for table in ["ledger.natural_keys", "ledger.clock_facts", "intake.petitioners"] {
                #expect(try await city.count(table) == 40)
            }
            #expect(try await city.count("intake.matters") == 80)
        }
    }

    @Test func whatIsWrongWithOneHindersNoOther() async throws {
        try await City.with { city in
            let all: [JSONValue] = (1...20).map { n in
                let number = JSONValue("\(n)")
                return switch n {
                case 5: Message.params("5", ["channel": "nowhere"])
                case 9: Message.params("9", ["about": ["nobody"]])
                case 13: Message.params("13", ["postedAt": "2036-01-01T00:00:00+08:00"])
                default: Message.params("\(n)", ["body": number])
                }
            }
            let answers = try await Self.register(all, in: city)
            let codes = answers.enumerated().compactMap { place, answer in
                if case .failure(let error) = answer { [place + 1, (error as? RPCError)?.code ?? 0] } else { nil }
            }
            #expect(codes == [[5, 1009], [9, 1009], [13, -32602]])
            #expect(try await city.count("ledger.cases") == 17)
        }
    }

    @Test func ofTwinsOneIsRegisteredAndTheOthersFindIt() async throws {
        try await City.with { city in
            let one = Message.params("1", ["petitioner": Self.person("13800001111")])
            let answers = try await Self.register(Array(repeating: one, count: 12), in: city).map { try $0.get() }
            #expect(Set(answers.compactMap { $0["caseNumber"]?.stringValue }).count == 1)
            #expect(answers.count { $0["replayed"] == false } == 1)
        }
    }

    @Test func aKeyCountsOnceHoweverManyUseItAtOnce() async throws {
        try await City.with { city in
            let one = Message.params("1", ["idempotencyKey": "k"])
            let answers = try await Self.register(Array(repeating: one, count: 12), in: city)
            let given = answers.compactMap { try? $0.get() }
            #expect(!given.isEmpty && given.allSatisfy { $0 == given[0] && $0["replayed"] == false })
            for answer in answers {
                if case .failure(let error) = answer { #expect((error as? RPCError)?.code == -32009) }
            }
            #expect(try await city.count("ledger.cases") == 1)
        }
    }

    @Test func whoSendsTheSameMatterSeveralTimesAtOnceHasOneOpenCase() async throws {
        try await City.with { city in
            let all = (1...12).map { Message.params("\($0)", ["petitioner": Self.person("13800001111")]) }
            let answers = try await Self.register(all, in: city).map { try $0.get() }
            let first = answers.filter { $0["mergedInto"] == nil }
            #expect(first.count == 1)
            #expect(answers.filter { $0["mergedInto"] == first.first?["caseNumber"] }.count == 11)
        }
    }

    @Test func theSameTextOfOthersIsNoRepeatWhileItIsOpen() async throws {
        try await City.with { city in
            let all = (1...12).map { Message.params("\($0)", ["petitioner": Self.person("1380000111\($0)")]) }
            let answers = try await Self.register(all, in: city).map { try $0.get() }
            #expect(answers.allSatisfy { $0["mergedInto"] == nil })
            let old = try await city.bring(to: .closed)
            let text = try await city.get(old)
            let again = (21...30).map { n in
                Message.params("\(n)", ["title": text["title"] ?? "", "body": text["body"] ?? ""])
            }
            for answer in try await Self.register(again, in: city) {
                let view = try await city.get(try answer.get()["caseNumber"]?.stringValue ?? "")
                #expect(view["relatedTo"]?.stringValue == old)
            }
        }
    }
}

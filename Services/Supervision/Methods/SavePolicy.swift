import Domain
import JSONRPC
import Ledger
import ServiceKit

/// 调整政策参数 — other numbers from a day on. Clocks that run keep the policy under which they started.
enum SavePolicy: Method {
    static let name = "supervision.savePolicy"
    static let roles: Set<Role> = [.admin]
    static let kind = MethodKind.mutation
    static let summary =
        "调整政策参数：a policy's whole value from a day on, today at the earliest; running clocks keep theirs"

    struct Params: Codable, Sendable {
        var name: PolicyName
        /// The whole value, as `supervision.policies` shows it.
        var value: JSONValue
        var effectiveFrom: Day
    }

    struct Result: Codable, Sendable {
        var name: PolicyName
        var effectiveFrom: Day
        var countsFrom: Instant
    }

    static func handle(_ params: Params, in work: Work, of supervision: Supervision) throws -> Result {
        switch params.name {
        case .clocks: try Rules.check(try read(Rules.ClockTerms.self, params.value))
        case .limits: try Rules.check(try read(Limits.self, params.value))
        case .letters: try Rules.check(try read(LetterPolicy.self, params.value))
        case .ladder: try Rules.check(try read(LadderPolicy.self, params.value))
        case .bulletin: try Rules.check(try read(BulletinPolicy.self, params.value))
        case .appraisal: try Rules.check(appraisal: try read([String: Double].self, params.value))
        case .overview: try Rules.check(try read(OverviewPolicy.self, params.value))
        case .retention: _ = try read(RetentionPolicy.self, params.value)
        }
        let countsFrom = try Rules.countsFrom(params.effectiveFrom, at: work.now)
        try PolicyStore.insert(params, countsFrom: countsFrom, work.db)
        return Result(
            name: params.name, effectiveFrom: params.effectiveFrom,
            countsFrom: countsFrom ?? params.effectiveFrom.start)
    }

    private struct Held<Value: Decodable>: Decodable { var value: Value }

    /// - Throws: the problems with their paths, such as `value.ordinary.result`; names that the policy does not know too.
    private static func read<Value: Decodable>(_ type: Value.Type, _ value: JSONValue) throws -> Value {
        try ParamsDecoder.decode(Held<Value>.self, from: ["value": value], unknownNames: .refused).value
    }
}

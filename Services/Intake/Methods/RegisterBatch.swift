import Domain
import JSONRPC
import Ledger
import Postgres
import ServiceKit

/// 批量登记 — up to 500 messages, each on its own: what is wrong with one is said of it and hinders no other.
enum RegisterBatch: Method {
    static let name = "intake.registerBatch"
    static let roles = Register.roles
    static let kind = MethodKind.mutation
    static let summary = "批量登记：registers up to 500 messages, each on its own"
    static let casesMax = 500

    struct Params: Codable, Sendable {
        /// Params of `intake.register`, each with a key of its own if wanted.
        var cases: [Item]
    }

    /// An item as it came. One that holds a NUL or a lone surrogate is refused by itself and not with the whole batch.
    struct Item: Codable, Sendable, SchemaDescribed {
        let params: Swift.Result<JSONValue, ParamsProblem>

        init(_ params: JSONValue) { self.params = .success(params) }

        init(from decoder: any Decoder) throws {
            do {
                params = .success(try JSONValue(from: decoder))
            } catch let problem as ParamsProblem {
                params = .failure(ParamsProblem(fields: problem.fields.map(Self.ownPath)))
            }
        }

        func encode(to encoder: any Encoder) throws { try params.get().encode(to: encoder) }

        static var schema: JSONValue { ["type": "object"] }
        static var sample: Item { Item([:]) }

        /// `cases[3].title` as the item sees it.
        private static func ownPath(_ problem: FieldProblem) -> FieldProblem {
            let own = problem.path.drop { $0 != "]" }.dropFirst()
            return FieldProblem(path: String(own.drop { $0 == "." }), problem: problem.problem)
        }
    }

    struct Result: Codable, Sendable {
        /// What `intake.register` answers, or `{error}`, in the order of `cases`.
        var results: [JSONValue]
    }

    static func handle(_ params: Params, in work: Work, of intake: Intake) throws -> Result {
        guard (1...casesMax).contains(params.cases.count) else {
            throw Refusal.field("cases", "must have 1 to 500 items")
        }
        let items = params.cases.map { item in Swift.Result { try read(item) } }
        let together = try together(items, work, intake)
        return Result(
            results: try zip(items, together).map { item, done in
                do {
                    if let done { return try JSONValue(parsing: done) }
                    let (key, params) = try item.get()
                    return try JSONValue(parsing: try register(params, key, work, intake))
                } catch  where isOwn(error) {
                    return ["error": ItemError.json(error, traceId: work.traceId)]
                }
            })
    }

    /// Registers those that can be registered with the same statements.
    ///
    /// - Returns: their answers; `nil` for those that are to be registered by themselves.
    private static func together(
        _ items: [Swift.Result<(RequestKey?, Register.Params), any Error>], _ work: Work, _ intake: Intake
    ) throws -> [[UInt8]?] {
        let sound = items.enumerated().compactMap { index, item in (try? item.get()).map { (index, $0.0, $0.1) } }
        var answers = [[UInt8]?](repeating: nil, count: items.count)
        let done: [Gathered]? = try work.attempt {
            try Register.handle(sound.map(\.2), together: work.group(sound.map(\.1), method: Register.name), of: intake)
        }
        for (place, done) in (done ?? []).enumerated() {
            if case .done(let answer) = done { answers[sound[place].0] = answer }
        }
        let left = sound.filter { answers[$0.0] == nil }.map { ($0.2.channel, $0.2.externalId) }
        try RegistrationStore.lockKnown(left, work.db)
        return answers
    }

    /// A case that somebody else holds locked is its item's misfortune too: it may be tried again.
    private static func isOwn(_ error: any Error) -> Bool {
        ItemError.isOwn(error) || (error as? PostgresError)?.code == .lockTimeout
    }

    private static func read(_ item: Item) throws -> (RequestKey?, Register.Params) {
        let (key, own) = try ItemKey.split(try item.params.get())
        return (key, try ParamsDecoder.decode(Register.Params.self, from: own, unknownNames: .refused))
    }

    private static func register(
        _ params: Register.Params, _ key: RequestKey?, _ work: Work, _ intake: Intake
    ) throws -> [UInt8] {
        try work.item(key, method: Register.name) {
            try JSONWriter.encode(try Register.handle(params, in: work, of: intake))
        }
    }
}

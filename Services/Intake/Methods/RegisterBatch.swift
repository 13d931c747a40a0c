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
        return Result(
            results: try params.cases.map { item in
                do {
                    return try JSONValue(parsing: try register(item, work, intake))
                } catch  where isOwn(error) {
                    return ["error": ItemError.json(error, traceId: work.traceId)]
                }
            })
    }

    /// A case that somebody else holds locked is its item's misfortune too: it may be tried again.
    private static func isOwn(_ error: any Error) -> Bool {
        ItemError.isOwn(error) || (error as? PostgresError)?.code == .lockTimeout
    }

    private static func register(_ item: Item, _ work: Work, _ intake: Intake) throws -> [UInt8] {
        let (key, own) = try ItemKey.split(try item.params.get())
        let params = try ParamsDecoder.decode(Register.Params.self, from: own, unknownNames: .refused)
        return try work.item(key, method: Register.name) {
            try JSONWriter.encode(try Register.handle(params, in: work, of: intake))
        }
    }
}

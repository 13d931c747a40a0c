import Domain
import JSONRPC

/// The params that every mutation takes beside its own.
struct CommonParams: Codable, Sendable {
    var idempotencyKey: IdempotencyKey?
    var person: Person?
    /// From 0; only for methods on a case.
    var expectedVersion: Int?

    /// Takes the common members out of the params of a method of that kind.
    static func split(_ params: JSONValue, _ kind: MethodKind) throws -> (common: CommonParams, own: JSONValue) {
        guard kind.takesKey, case .object(let members) = params else { return (CommonParams(), params) }
        let names = names(kind)
        let isCommon = { (member: JSONMember) in names.contains { member.name == JSONString($0) } }
        let common = try ParamsDecoder.decode(
            CommonParams.self, from: .object(members.filter(isCommon)), unknownNames: .refused)
        if let version = common.expectedVersion, version < 0 { throw Refusal.field("expectedVersion", "out of range") }
        return (common, .object(members.filter { !isCommon($0) }))
    }

    static func schema(_ kind: MethodKind) -> [JSONMember] {
        guard kind.takesKey, let schema = try? SchemaProbe.schema(of: CommonParams.self) else { return [] }
        let names = names(kind)
        return (schema["properties"]?.members ?? []).filter { member in names.contains { member.name == JSONString($0) }
        }
    }

    private static func names(_ kind: MethodKind) -> [String] {
        kind == .caseMutation ? ["idempotencyKey", "person", "expectedVersion"] : ["idempotencyKey", "person"]
    }
}

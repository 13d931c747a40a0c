import Domain
import JSONRPC

/// A mutation, with what is needed to try the promises that hold for every mutation: its key, who acts, the version.
public struct Mutation: Sendable {
    public var method: String
    public var caller: Who
    public var params: JSONValue
    /// Good params of the same method that say something else.
    public var otherParams: JSONValue
    /// Another mutation that the same caller may use, with good params for it.
    public var otherMethod: String
    public var otherMethodsParams: JSONValue

    public init(
        _ method: String, _ params: JSONValue, as caller: Who, other otherParams: JSONValue,
        and otherMethod: String, _ otherMethodsParams: JSONValue
    ) {
        self.method = method
        self.caller = caller
        self.params = params
        self.otherParams = otherParams
        self.otherMethod = otherMethod
        self.otherMethodsParams = otherMethodsParams
    }
}

extension City {
    public static let person: JSONValue = ["name": "冯经办", "title": "科员"]

    /// Takes a mutation that must succeed once and tries everything that may surround it: an old version, a twin at the
    /// same time, the same again, its key for something else.
    ///
    /// - Parameter number: the case it changes; `nil` when it is not one on a case.
    /// - Returns: the promises that were not kept.
    public func brokenPromises(of mutation: Mutation, on number: String? = nil) async throws -> [String] {
        var broken: [String] = []
        func hold(_ isKept: Bool, _ promise: String) { if !isKept { broken.append(promise) } }
        let key = JSONValue("key-\(Int.random(in: 0...Int.max))")
        let keyed = mutation.params.setting("idempotencyKey", to: key).setting("person", to: Self.person)
        let before = try await everything()
        let version = try await version(number)

        let stale = await refusal(
            mutation.method, keyed.setting("expectedVersion", to: JSONValue((version ?? 0) + 7)), as: mutation.caller)
        hold(stale?.code == (version == nil ? -32602 : 1003), "another version than the expected is refused")
        hold(version.map { stale?["version"] == JSONValue($0) } ?? true, "the refusal says the version")
        hold(try await everything() == before, "a refusal changes nothing and stores no key")

        let expecting = version.map { keyed.setting("expectedVersion", to: JSONValue($0)) } ?? keyed
        async let twin = call(mutation.method, expecting, as: mutation.caller)
        let answer = try await call(mutation.method, expecting, as: mutation.caller).serialized()
        hold(try await twin.serialized() == answer, "twins are answered alike")
        let after = try await everything()

        let again = version.map { _ in keyed.setting("expectedVersion", to: 0) } ?? keyed
        hold(
            try await call(mutation.method, again.reversed, as: mutation.caller).serialized() == answer,
            "the stored answer comes again, byte for byte")
        let other = mutation.otherParams.setting("idempotencyKey", to: key).setting("person", to: Self.person)
        hold(
            await refusal(mutation.method, other, as: mutation.caller)?.code == -32022,
            "a key with other params is refused")
        let somebodyElse = keyed.setting("person", to: ["name": "别人", "title": "科员"])
        hold(
            await refusal(mutation.method, somebodyElse, as: mutation.caller)?.code == -32022,
            "a key with another person is refused")
        let elsewhere = mutation.otherMethodsParams.setting("idempotencyKey", to: key)
        hold(
            await refusal(mutation.otherMethod, elsewhere, as: mutation.caller)?.code == -32022,
            "a key for another method is refused")
        hold(try await everything() == after, "a replay changes nothing")

        guard let number, let version else { return broken }
        let view = try await get(number)
        let last = view["timeline"]?.elements?.last
        hold(view["version"] == JSONValue(version + 1), "twins have one effect")
        hold(last?["person"] == Self.person, "the timeline keeps who acted")
        hold(last?["seq"] == JSONValue(version + 1), "seq runs to the version")
        hold(
            last?["action"]?.stringValue == mutation.method.split(separator: ".").last.map(String.init),
            "the entry's action is the verb")
        hold(last?["actor"]?.stringValue == mutation.caller.role?.rawValue, "the entry's actor is the role")
        return broken
    }

    /// What `intake.changes` shows the source once the case's entry of `version` is in it. The feed holds entries back
    /// while an older transaction runs anywhere in the cluster, and the other tests run theirs.
    public func feed(until version: Int) async throws -> [JSONValue] {
        let deadline = ContinuousClock.now + .seconds(20)
        while true {
            let items = try await call("intake.changes", as: .source)["items"]?.elements ?? []
            if ContinuousClock.now > deadline || items.contains(where: { $0["version"] == JSONValue(version) }) {
                return items
            }
            await Task.yield()
        }
    }

    private func version(_ number: String?) async throws -> Int? {
        guard let number else { return nil }
        return try await get(number)["version"]?.intValue
    }
}

extension JSONValue {
    /// The same object with that member, in the place of one of the same name.
    public func setting(_ name: String, to value: JSONValue) -> JSONValue {
        .object((members ?? []).filter { $0.name != JSONString(name) } + [JSONMember(JSONString(name), value)])
    }

    /// The same object without that member.
    public func leavingOut(_ name: String) -> JSONValue {
        .object((members ?? []).filter { $0.name != JSONString(name) })
    }

    /// The names of an object's members, sorted.
    public var names: [String] { (members ?? []).map(\.name.text).sorted() }

    /// The same object, its members in the opposite order.
    var reversed: JSONValue { .object((members ?? []).reversed()) }
}

extension RPCError {
    /// `data.fields[0].path`
    public var firstPath: String? { self["fields"]?[0]?["path"]?.stringValue }
}

/// The `Decoder` over one value of the params.
final class ValueDecoder: Decoder {
    let value: JSONValue
    let path: FieldPath
    let pass: DecodingPass
    /// Whether the type looked at the value; one without members does not.
    private var isRead = false
    /// Set once the type asks for a keyed container.
    private var object: ObjectReader?
    /// Decoders of nested containers; what they leave unread is refused together with what this one leaves.
    private var nested: [ValueDecoder] = []

    var codingPath: [any CodingKey] { path.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ value: JSONValue, at path: FieldPath, _ pass: DecodingPass) {
        self.value = value
        self.path = path
        self.pass = pass
    }

    /// Decodes the value and refuses the members that nobody asked for.
    /// - Throws: `ParamsProblem` only.
    func read<T: Decodable>(_ type: T.Type) throws -> T {
        let result = try convert(type)
        if !isRead { _ = try openObject() }
        let unknown = pass.unknownNames == .refused ? unknownNames : []
        guard unknown.isEmpty else { throw ParamsProblem(fields: unknown) }
        return result
    }

    /// Decodes the value, turning what the type throws into a `ParamsProblem`.
    func convert<T: Decodable>(_ type: T.Type) throws -> T {
        let problemsBefore = pass.problems.count
        do {
            return try T(from: self)
        } catch let problem as ParamsProblem {
            throw problem
        } catch {
            // A type that was given stand-ins may complain about those.
            guard pass.problems.count == problemsBefore else { throw ParamsProblem(fields: []) }
            throw ParamsProblem(fields: [problem(error, type)])
        }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(ObjectContainer(self, try openObject()))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        isRead = true
        guard case .array(let elements) = value else { throw mismatch("must be an array") }
        return ArrayContainer(self, elements)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer {
        isRead = true
        return ScalarContainer(decoder: self)
    }

    /// The value as it is, for a type that takes any JSON.
    func wholeValue() -> JSONValue {
        isRead = true
        return value
    }

    /// A decoder for a part whose type this one's type reads by hand.
    func nest(_ value: JSONValue, at path: FieldPath) -> ValueDecoder {
        let decoder = ValueDecoder(value, at: path, pass)
        nested.append(decoder)
        return decoder
    }

    /// The problem of a value of the wrong kind.
    func mismatch(_ problem: String) -> ParamsProblem { ParamsProblem(path, value.isNull ? "required" : problem) }

    private func openObject() throws -> ObjectReader {
        if let object { return object }
        guard case .object(let members) = value else { throw mismatch("must be an object") }
        for member in members {
            guard let flaw = member.name.flaw else { continue }
            throw ParamsProblem(.name(member.name.text, in: path), flaw)
        }
        let opened = ObjectReader(members)
        isRead = true
        object = opened
        return opened
    }

    private var unknownNames: [FieldProblem] {
        let own =
            object?.unread.map { FieldProblem(path: FieldPath.name($0, in: path).text, problem: "unknown name") } ?? []
        return own + nested.flatMap(\.unknownNames)
    }

    private func problem(_ error: any Error, _ type: Any.Type) -> FieldProblem {
        func field(_ named: [any CodingKey], _ problem: String) -> FieldProblem {
            // A type may leave the path empty; then it means itself.
            FieldProblem(path: named.count > codingPath.count ? FieldPath.text(named) : path.text, problem: problem)
        }
        switch error as? DecodingError {
        case .keyNotFound(let key, let context): return field(context.codingPath + [key], "required")
        case .valueNotFound(_, let context): return field(context.codingPath, "required")
        case .typeMismatch(_, let context): return field(context.codingPath, "not valid")
        case .dataCorrupted(let context):
            if let words = Sample.words(of: type) {
                return field(context.codingPath, "must be one of " + words.joined(separator: "|"))
            }
            // The standard library's own sentence, which quotes the value.
            let isAnyWord =
                type is any RawRepresentable.Type && context.debugDescription.hasPrefix("Cannot initialize ")
            return field(context.codingPath, isAnyWord ? "not a known word" : context.debugDescription)
        default: return FieldProblem(path: path.text, problem: "not valid")
        }
    }
}

/// The members of an object, and which of them somebody asked for.
final class ObjectReader {
    let members: [JSONMember]
    private var isRead: [Bool]
    /// Made for objects of more than 16 members, so that reading all of them is not quadratic.
    private lazy var indexes = Dictionary(
        members.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })

    init(_ members: [JSONMember]) {
        self.members = members
        isRead = Array(repeating: false, count: members.count)
    }

    /// The first names nobody asked for, as many as a message may hold.
    var unread: [String] {
        isRead.indices.lazy.filter { !self.isRead[$0] }.prefix(DecodingPass.problemsMax).map {
            self.members[$0].name.text
        }
    }

    func value(_ name: String) -> JSONValue? {
        let index =
            members.count > OpenNames.comparedMax
            ? indexes[JSONString(name)] : members.firstIndex { $0.name.isExactly(name) }
        guard let index else { return nil }
        isRead[index] = true
        return members[index].value
    }
}

extension JSONString {
    /// What makes the string unfit to be kept; nil if nothing does.
    var flaw: String? { hasLoneSurrogate ? "lone surrogate" : hasNUL ? "NUL character" : nil }
}

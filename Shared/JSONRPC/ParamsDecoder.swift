/// Turns params into a `Decodable` type, strictly.
///
/// Nothing is converted: strings come only from strings, integers only from integral numbers in range (`1.0` and `1e2`
/// are), null only makes a nil. Strings and names with NUL or a lone surrogate are refused before the type sees them.
/// The names that the type's `init(from:)` asks for are known; other members are refused together, in nested objects
/// too.
///
/// Decoding runs once and stops at the first problem. Only then it runs again to collect more: what failed is replaced
/// by nil, a `SchemaDescribed` sample or a plain zero, and the result is thrown away.
public enum ParamsDecoder {
    public enum UnknownNames: Sendable {
        /// At the doors.
        case refused
        /// Between services, so that neighbouring versions run side by side.
        case ignored
    }

    /// - Parameter params: an object, or an array if `T` is `PositionalParams`; nil counts as `{}`. For `JSONValue`
    ///   anything.
    public static func decode<T: Decodable>(
        _ type: T.Type, from params: JSONValue?, unknownNames: UnknownNames = .refused
    ) throws(ParamsProblem) -> T {
        let object = type == JSONValue.self ? params ?? [:] : try named(params ?? [:], for: type)
        do {
            return try decode(type, object, DecodingPass(unknownNames, collects: false))
        } catch {
            let pass = DecodingPass(unknownNames, collects: true)
            var last: [FieldProblem] = []
            do throws(ParamsProblem) {
                _ = try decode(type, object, pass)
            } catch {
                last = error.fields
            }
            let fields = (pass.problems + last).prefix(DecodingPass.problemsMax)
            throw fields.contains(where: error.fields.contains) ? ParamsProblem(fields: Array(fields)) : error
        }
    }

    private static func decode<T: Decodable>(
        _ type: T.Type, _ value: JSONValue, _ pass: DecodingPass
    ) throws(ParamsProblem) -> T {
        do {
            return try ValueDecoder(value, at: .root, pass).read(type)
        } catch let problem as ParamsProblem {
            throw problem
        } catch {
            throw ParamsProblem(.root, "not valid")
        }
    }

    private static func named(_ params: JSONValue, for type: Any.Type) throws(ParamsProblem) -> JSONValue {
        switch params {
        case .object: return params
        case .array(let values):
            guard let positional = type as? any PositionalParams.Type else { fallthrough }
            let names = positional.positions
            guard values.count <= names.count else { throw ParamsProblem(.index(names.count, in: .root), "too many") }
            return .object(zip(names, values).map { JSONMember(JSONString($0), $1) })
        default: throw ParamsProblem(.root, "params must be an object")
        }
    }
}

extension ParamsProblem {
    init(_ path: FieldPath, _ problem: String) {
        self.init(fields: [FieldProblem(path: path.text, problem: problem)])
    }
}

/// One run over the params.
final class DecodingPass {
    /// Enough for a form; a hostile array must not make a long answer.
    static let problemsMax = 32

    let unknownNames: ParamsDecoder.UnknownNames
    private let collects: Bool
    private(set) var problems: [FieldProblem] = []

    init(_ unknownNames: ParamsDecoder.UnknownNames, collects: Bool) {
        self.unknownNames = unknownNames
        self.collects = collects
    }

    /// Decodes a member or an element. A run that collects first sees whether the part is sound by itself, so that a
    /// type which tries one reading and then another is not blamed for the first.
    func read<T: Decodable>(_ type: T.Type, _ value: JSONValue, at path: FieldPath) throws -> T {
        if collects {
            let sound = Result {
                try ValueDecoder(value, at: path, DecodingPass(unknownNames, collects: false)).read(type)
            }
            if case .success(let result) = sound { return result }
        }
        return try ValueDecoder(value, at: path, self).read(type)
    }

    /// Notes the problem if this run collects.
    /// - Returns: whether decoding may go on with a stand-in.
    func goesOn(after problem: ParamsProblem) -> Bool {
        guard collects else { return false }
        problems += problem.fields
        return problems.count < Self.problemsMax
    }

    /// A stand-in for the value that failed.
    /// - Throws: the problem; without its fields where they have been noted.
    func standIn<T>(for type: T.Type, after problem: ParamsProblem) throws -> T {
        guard collects else { throw problem }
        guard goesOn(after: problem), let sample = Sample.of(type) else { throw ParamsProblem(fields: []) }
        return sample
    }
}

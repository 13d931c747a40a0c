/// One field that was refused.
public struct FieldProblem: Sendable, Equatable {
    /// `petitioner.phone`, `about[2]`; empty for the params as a whole. Over-long names are cut with `…`.
    public let path: String
    /// A short English phrase that does not change: `required`, `unknown name`, `must be a string`, `must be an
    /// integer`, `must be a number`, `must be true or false`, `must be an array`, `must be an object`, `params must be
    /// an object`, `out of range`, `too many`, `lone surrogate`, `NUL character`, `must be one of a|b`, `not a known
    /// word`, `not valid`, or what the type itself says through `DecodingError.dataCorrupted`.
    public let problem: String

    public init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    var json: JSONValue { ["path": JSONValue(path), "problem": JSONValue(problem)] }
}

/// Why params were refused. `RPCError.invalidParams` puts it on the wire.
public struct ParamsProblem: Error, Sendable, Equatable {
    /// 1 … 32 fields, in the order in which the type asked for them.
    public let fields: [FieldProblem]

    public init(fields: [FieldProblem]) { self.fields = fields }
}

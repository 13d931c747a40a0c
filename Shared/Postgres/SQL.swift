/// A statement and its values. Every `\(value)` becomes a bound `$n`, never text.
///
///     let open: SQL = "SELECT title FROM ledger.case_record WHERE status = \(status) AND unit_id = \(unit)"
///
/// It is kept as the texts between the values, so that joining two statements numbers the parameters anew by itself.
/// PostgreSQL infers the type of a parameter; where it cannot, write `\(names)::text[]`.
public struct SQL: ExpressibleByStringInterpolation, Sendable, CustomStringConvertible, CustomReflectable {
    /// One more than `values`.
    private var fragments: [String]
    /// In PostgreSQL's text format; `nil` is NULL.
    private var values: [String?]

    public init(stringLiteral text: String) {
        fragments = [text]
        values = []
    }

    public init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.sql
    }

    /// The text as PostgreSQL sees it, with `$1`, `$2` … in the place of values.
    public var text: String { Shape(fragments: fragments).text }

    /// The text without the values, which may be anybody's name or number.
    public var description: String { text }
    public var customMirror: Mirror { Mirror(self, children: ["text": text]) }

    public static func + (left: SQL, right: SQL) -> SQL {
        var sum = left
        sum += right
        return sum
    }

    public static func += (left: inout SQL, right: SQL) {
        left.fragments[left.fragments.count - 1] += right.fragments[0]
        left.fragments += right.fragments.dropFirst()
        left.values += right.values
    }

    private mutating func bind(_ value: String?) {
        values.append(value)
        fragments.append("")
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var sql: SQL = ""

        public init(literalCapacity: Int, interpolationCount: Int) {
            sql.values.reserveCapacity(interpolationCount)
            sql.fragments.reserveCapacity(interpolationCount + 1)
        }

        public mutating func appendLiteral(_ literal: String) {
            appendInterpolation(raw: literal)
        }

        /// Text that is part of the statement: a name from our own code, never anything that came from outside.
        public mutating func appendInterpolation(raw text: String) {
            // An empty fragment is replaced, which keeps the literal's own storage instead of copying it.
            let last = sql.fragments.count - 1
            if sql.fragments[last].isEmpty { sql.fragments[last] = text } else { sql.fragments[last] += text }
        }

        /// Another statement with its values.
        public mutating func appendInterpolation(sql other: SQL) {
            sql += other
        }

        public mutating func appendInterpolation(_ value: some SQLValue) {
            sql.bind(value.sqlText)
        }

        /// `nil` is bound as NULL.
        public mutating func appendInterpolation(_ value: (some SQLValue)?) {
            sql.bind(value?.sqlText)
        }

        /// The values of one column of many rows, for `unnest`; write its type behind it, as in
        /// `\(column: cases.map(\.category))::text[]`. An array within it goes as its text.
        public mutating func appendInterpolation<V: SQLValue>(column values: [V?]) {
            var literal = ArrayText.Literal()
            for value in values { literal.append(value?.sqlText) }
            sql.bind(literal.text)
        }

        public mutating func appendInterpolation<V: RawRepresentable>(column values: [V?]) where V.RawValue: SQLValue {
            var literal = ArrayText.Literal()
            for value in values { literal.append(value?.rawValue.sqlText) }
            sql.bind(literal.text)
        }

        /// For a type that is both; without it the compiler could not choose.
        public mutating func appendInterpolation<V: RawRepresentable & SQLValue>(column values: [V?])
        where V.RawValue: SQLValue {
            var literal = ArrayText.Literal()
            for value in values { literal.append(value?.sqlText) }
            sql.bind(literal.text)
        }

        public mutating func appendInterpolation<V: RawRepresentable>(_ value: V) where V.RawValue: SQLValue {
            sql.bind(value.rawValue.sqlText)
        }

        public mutating func appendInterpolation<V: RawRepresentable>(_ value: V?) where V.RawValue: SQLValue {
            sql.bind(value?.rawValue.sqlText)
        }

        /// For a type that is both; without it the compiler could not choose.
        public mutating func appendInterpolation<V: RawRepresentable & SQLValue>(_ value: V)
        where V.RawValue: SQLValue {
            sql.bind(value.sqlText)
        }

        public mutating func appendInterpolation<V: RawRepresentable & SQLValue>(_ value: V?)
        where V.RawValue: SQLValue {
            sql.bind(value?.sqlText)
        }
    }
}

extension Sequence<SQL> {
    /// All of them in a row, for lists of conditions or of rows whose length is known at run time only.
    public func joined(separator: SQL) -> SQL {
        var result: SQL = ""
        for (index, element) in enumerated() {
            if index > 0 { result += separator }
            result += element
        }
        return result
    }
}

extension SQL {
    /// PostgreSQL counts parameters in 16 bits.
    static let valuesMax = 65_535

    /// A statement without its values: what the server parses, and may keep parsed.
    struct Shape: Hashable, Sendable {
        fileprivate let fragments: [String]

        /// With `$1`, `$2` … in the place of values.
        var text: String {
            var text = fragments[0]
            for (index, fragment) in fragments.dropFirst().enumerated() { text += "$\(index + 1)\(fragment)" }
            return text
        }
    }

    /// The statement's shape, and its values as C strings one after another in one buffer.
    struct Rendered {
        let shape: Shape
        fileprivate var bytes: [UInt8] = []
        /// Where each value starts in `bytes`; -1 is NULL.
        fileprivate var starts: [Int] = []

        var hasValues: Bool { !starts.isEmpty }

        func withValues<T>(_ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>) -> T) -> T {
            bytes.withUnsafeBufferPointer { bytes in
                bytes.withMemoryRebound(to: CChar.self) { bytes in
                    let base = bytes.baseAddress
                    let values = starts.map { start in start < 0 ? nil : base.map { $0 + start } }
                    return values.withUnsafeBufferPointer(body)
                }
            }
        }
    }

    /// - Throws: `.nulCharacter` when a value holds U+0000, at which C, and so libpq, would cut it.
    func rendered() throws(PostgresError) -> Rendered {
        guard values.count <= SQL.valuesMax else {
            throw PostgresError(.other, "a statement has more than \(SQL.valuesMax) values")
        }
        var rendered = Rendered(shape: Shape(fragments: fragments))
        rendered.starts.reserveCapacity(values.count)
        rendered.bytes.reserveCapacity(values.reduce(0) { $0 + ($1?.utf8.count ?? 0) + 1 })
        for value in values {
            rendered.starts.append(value == nil ? -1 : rendered.bytes.count)
            guard let value else { continue }
            try rendered.append(value)
        }
        return rendered
    }
}

extension SQL.Rendered {
    fileprivate mutating func append(_ text: String) throws(PostgresError) {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        guard !bytes[start...].contains(0) else {
            throw PostgresError(.nulCharacter, "a text holds the character U+0000")
        }
        bytes.append(0)
    }
}

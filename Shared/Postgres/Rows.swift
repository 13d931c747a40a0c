import CPostgres

/// What one statement answered. It lives as long as somebody holds it, inside the closure of the transaction.
public final class Rows {
    private let handle: OpaquePointer
    /// How many rows came back.
    public let count: Int
    private let columnCount: Int32
    private lazy var names: [String] = columnNames()
    /// Columns are mostly read in the order of the SELECT, so the search starts behind the last one found.
    private var expected = 0

    init(_ handle: OpaquePointer) {
        self.handle = handle
        count = Int(PQntuples(handle))
        columnCount = PQnfields(handle)
    }

    deinit { PQclear(handle) }

    /// Rows inserted, updated, deleted or selected; 0 for other statements.
    public var affected: Int { PQcmdTuples(handle).flatMap { Int(String(cString: $0)) } ?? 0 }

    public func map<T>(_ decode: (Row) throws -> T) throws -> [T] {
        var values: [T] = []
        values.reserveCapacity(count)
        for index in 0..<count {
            values.append(try decode(Row(rows: self, index: Int32(index))))
        }
        return values
    }

    /// The first row; `nil` when there is none.
    public func first<T>(_ decode: (Row) throws -> T) throws -> T? {
        count == 0 ? nil : try decode(Row(rows: self, index: 0))
    }

    private func columnNames() -> [String] {
        let names = (0..<columnCount).map { PQfname(handle, $0).map { String(cString: $0) } ?? "" }
        assert(Set(names).count == names.count, "two columns have one name: \(names)")
        return names
    }
}

/// A column by its name, exactly as the server spells it, or by its place from 0.
public enum Column: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    case named(String)
    case at(Int)

    public init(stringLiteral name: String) { self = .named(name) }
    public init(integerLiteral place: Int) { self = .at(place) }
}

/// One row, lent to a closure. `try row["title"]` becomes what the context asks for; NULL needs an optional.
/// It keeps its result alive and cannot leave the lane. (Noncopyable, it crashes the optimizer of Swift 6.3.1.)
public struct Row {
    fileprivate let rows: Rows
    fileprivate let index: Int32

    public subscript<T: SQLValue>(_ column: Column) -> T {
        get throws { try required(column, T.init(sqlText:)) }
    }

    public subscript<T: SQLValue>(_ column: Column) -> T? {
        get throws { try optional(column, T.init(sqlText:)) }
    }

    public subscript<T: RawRepresentable>(_ column: Column) -> T where T.RawValue: SQLValue {
        get throws { try required(column) { T.RawValue(sqlText: $0).flatMap(T.init(rawValue:)) } }
    }

    public subscript<T: RawRepresentable>(_ column: Column) -> T? where T.RawValue: SQLValue {
        get throws { try optional(column) { T.RawValue(sqlText: $0).flatMap(T.init(rawValue:)) } }
    }

    /// For a type that is both; without it the compiler could not choose.
    public subscript<T: RawRepresentable & SQLValue>(_ column: Column) -> T where T.RawValue: SQLValue {
        get throws { try required(column, T.init(sqlText:)) }
    }

    public subscript<T: RawRepresentable & SQLValue>(_ column: Column) -> T? where T.RawValue: SQLValue {
        get throws { try optional(column, T.init(sqlText:)) }
    }

    private func required<T>(_ column: Column, _ decode: (String) -> T?) throws(PostgresError) -> T {
        guard let value = try optional(column, decode) else {
            throw PostgresError(.decoding, "\(column.label) is NULL")
        }
        return value
    }

    private func optional<T>(_ column: Column, _ decode: (String) -> T?) throws(PostgresError) -> T? {
        guard let text = try rows.text(column, index) else { return nil }
        guard let value = decode(text) else {
            throw PostgresError(.decoding, "\(column.label) is not a \(T.self)")
        }
        return value
    }
}

extension Column {
    fileprivate var label: String {
        switch self {
        case .named(let name): "column \(name)"
        case .at(let place): "column \(place)"
        }
    }
}

extension Rows {
    /// `nil` for NULL.
    fileprivate func text(_ column: Column, _ row: Int32) throws(PostgresError) -> String? {
        let column = try place(of: column)
        guard PQgetisnull(handle, row, column) == 0, let start = PQgetvalue(handle, row, column) else { return nil }
        let length = Int(PQgetlength(handle, row, column))
        return String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
    }

    private func place(of column: Column) throws(PostgresError) -> Int32 {
        switch column {
        case .at(let place):
            if place >= 0, place < columnCount { return Int32(place) }
        case .named(let name):
            let found = names[expected...].firstIndex(of: name) ?? names[..<expected].firstIndex(of: name)
            if let found {
                expected = found + 1
                return Int32(found)
            }
        }
        throw PostgresError(.decoding, "there is no \(column.label)")
    }
}

extension Rows {
    enum Status {
        case done
        /// Not run, because an earlier statement of the pipeline failed.
        case skipped
        /// Marks the end of a pipeline.
        case sync
        case failed(PostgresError)
    }

    /// `COMMIT`, `INSERT 0 1` …
    var tag: String { PQcmdStatus(handle).map { String(cString: $0) } ?? "" }

    var status: Status {
        switch PQresultStatus(handle) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: .done
        case PGRES_PIPELINE_ABORTED: .skipped
        case PGRES_PIPELINE_SYNC: .sync
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: .failed(PostgresError(.other, "COPY is not supported"))
        default: .failed(PostgresError(result: handle))
        }
    }

    /// A copy has begun, which only the end of the connection ends here.
    var isCopy: Bool {
        [PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH].contains { $0 == PQresultStatus(handle) }
    }

    var error: PostgresError? {
        if case .failed(let error) = status { error } else { nil }
    }
}

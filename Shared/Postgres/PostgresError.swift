import CPostgres

/// What went wrong, fit for a log: no bound value and no DETAIL line ever stands in it.
public struct PostgresError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// The connection ended, or is of no more use, before COMMIT was sent. Nothing was written.
        case connectionLost
        /// No connection could be made, or an attempt just failed and the next one is not due yet.
        case connectionRefused
        /// COMMIT was answered with ROLLBACK: a statement had failed, and the body went on. Nothing was written.
        case notCommitted
        /// COMMIT was sent, and whether it took effect cannot be told. Only an idempotency key settles it.
        case outcomeUnknown
        /// 40001, 40P01
        case serializationFailure
        /// 55P03
        case lockTimeout
        /// 57014: a statement timeout, or a cancel request.
        case statementTimeout
        /// 25006
        case readOnly
        /// 57P01, 57P02, 57P03
        case adminShutdown
        case uniqueViolation, foreignKeyViolation, checkViolation, notNullViolation
        /// Class 53: disk, memory or connections are used up.
        case outOfResources
        /// As many callers wait as may. Nothing was written.
        case busy
        /// The caller's deadline passed before COMMIT was sent. Nothing was written.
        case deadline
        /// `Database.close` was called. Nothing was written.
        case closed
        /// The server's settings let a crash take back what it commits, and nobody allowed that. Nothing was written.
        case notDurable
        /// U+0000 in a text. Nothing was sent.
        case nulCharacter
        /// A result is not what the program expects of it.
        case decoding
        case other
    }

    public let code: Code
    /// Five characters; empty when the error is not the server's.
    public let sqlState: String
    /// The name of the violated constraint.
    public let constraint: String?
    /// The server's primary message, quoted parts masked where they could be a value, or our own words.
    public let message: String

    /// Whether the same call may succeed later without a change, and without doing anything twice.
    public var retryable: Bool {
        switch code {
        case .connectionLost, .connectionRefused, .serializationFailure, .lockTimeout, .statementTimeout, .readOnly,
            .adminShutdown, .outOfResources, .busy, .deadline, .notDurable:
            true
        case .notCommitted, .outcomeUnknown, .uniqueViolation, .foreignKeyViolation, .checkViolation,
            .notNullViolation, .closed, .nulCharacter, .decoding, .other:
            false
        }
    }

    public var description: String {
        let state = sqlState.isEmpty ? "" : " \(sqlState)"
        let on = constraint.map { " (\($0))" } ?? ""
        return "\(code.rawValue)\(state): \(message)\(on)"
    }

    public init(_ code: Code, _ message: String, sqlState: String = "", constraint: String? = nil) {
        self.code = code
        self.sqlState = sqlState
        self.constraint = constraint
        self.message = message
    }
}

extension PostgresError {
    /// - Parameter result: a `PGresult` that is an error.
    init(result: OpaquePointer) {
        func field(_ code: Int) -> String? {
            PQresultErrorField(result, Int32(code)).map { String(cString: $0) }
        }
        guard let state = field(DIAG_SQLSTATE) else {
            // libpq's own words; the one thing it reports in a result without a SQLSTATE is a lost connection.
            let message = PQresultErrorMessage(result).map { oneLine(String(cString: $0)) } ?? ""
            self.init(.connectionLost, message, sqlState: "08006")
            return
        }
        let isFatal = ["FATAL", "PANIC"].contains(field(DIAG_SEVERITY) ?? "")
        let isAboutText = field(DIAG_POSITION) != nil || field(DIAG_INTERNAL_POSITION) != nil
        let isOutdated = state == "0A000" && (field(DIAG_MESSAGE) ?? "").hasPrefix("cached plan")
        self.init(
            isOutdated ? .connectionLost : Self.code(of: state, isFatal: isFatal),
            Self.masked(field(DIAG_MESSAGE) ?? "", state: state, isAboutText: isAboutText),
            sqlState: state,
            constraint: field(DIAG_CONSTRAINT))
    }

    private static func code(of state: String, isFatal: Bool) -> Code {
        switch state {
        case "57P01", "57P02", "57P03": .adminShutdown
        // A statement that was kept parsed is gone, or its tables have changed: a new connection parses anew.
        case "26000": .connectionLost
        case _ where isFatal: .connectionLost
        case "40001", "40P01": .serializationFailure
        case "55P03": .lockTimeout
        case "57014": .statementTimeout
        case "25006": .readOnly
        case "23505": .uniqueViolation
        case "23503": .foreignKeyViolation
        case "23514": .checkViolation
        case "23502": .notNullViolation
        case _ where state.hasPrefix("53"): .outOfResources
        default: .other
        }
    }

    /// Some primary messages quote the offending value (`invalid input syntax for type integer: "…"`). The classes
    /// listed here quote only names of tables, columns and constraints; class 42 does so when it points into the
    /// statement's text. Of all others, what stands between the first and the last quotation mark is dropped.
    private static func masked(_ message: String, state: String, isAboutText: Bool) -> String {
        let quotesNames: Set<Substring> = ["08", "23", "25", "28", "3D", "40", "53", "55", "57", "P0"]
        let group = state.prefix(2)
        if quotesNames.contains(group) || (group == "42" && isAboutText) { return message }
        guard let first = message.firstIndex(of: "\""), let last = message.lastIndex(of: "\"") else { return message }
        return message[...first] + "…" + message[last...]
    }
}

/// libpq ends its messages with a newline and puts several attempts on several lines.
func oneLine(_ message: String) -> String {
    message.split(whereSeparator: \.isNewline).joined(separator: "; ")
}

import CPostgres

/// Where a database is and how to enter it: what libpq accepts, as `host=a,b dbname=renling user=x` or as
/// `postgresql://x@a,b/renling`. Kept as keywords and values; written always in the first form.
///
/// As text in a log it shows everything but passwords.
public struct ConnectionString: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    private struct Setting: Equatable {
        var key: String
        var value: String
    }

    private static let secrets: Set<String> = ["password", "sslpassword"]
    private var settings: [Setting] = []

    /// - Throws: `.other` when libpq cannot read it, without saying where, for its words would quote a password.
    public init(_ text: String) throws(PostgresError) {
        guard !text.utf8.contains(0) else {
            throw PostgresError(.nulCharacter, "a connection string holds the character U+0000")
        }
        guard let options = PQconninfoParse(text, nil) else {
            throw PostgresError(.other, "not a connection string of libpq")
        }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                settings.append(Setting(key: String(cString: keyword), value: String(cString: value)))
            }
            option += 1
        }
    }

    /// `nil` when the string does not say; the environment or libpq's default then decides.
    public subscript(key: String) -> String? {
        settings.first { $0.key == key }?.value
    }

    public func setting(_ key: String, to value: String) -> ConnectionString {
        var copy = self
        copy.settings.removeAll { $0.key == key }
        copy.settings.append(Setting(key: key, value: value))
        return copy
    }

    /// The same, if the string does not say yet.
    public func setting(_ key: String, orElse value: String) -> ConnectionString {
        self[key] == nil ? setting(key, to: value) : self
    }

    /// What is given to libpq, passwords included.
    public var text: String { rendered { $0.value } }

    public var description: String { rendered { Self.secrets.contains($0.key) ? "…" : $0.value } }
    public var customMirror: Mirror { Mirror(self, children: ["text": description]) }

    /// Every value in single quotes, with a backslash before `'` and `\` (manual, 34.1.1.1).
    private func rendered(_ value: (Setting) -> String) -> String {
        settings.map { "\($0.key)='\(Self.escaped(value($0)))'" }.joined(separator: " ")
    }

    private static func escaped(_ value: String) -> String {
        // By scalars: as a Character, a quote with a combining mark behind it is no quote.
        var escaped = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            if scalar == "'" || scalar == "\\" { escaped.append("\\") }
            escaped.append(scalar)
        }
        return String(escaped)
    }
}

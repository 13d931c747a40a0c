import Foundation
import Postgres

/// A pgbench script that sends a traced transaction again, statement by statement, for one case after another.
///
/// Every value is a variable and so travels as a parameter of the prepared statement, as it does when the service sends it.
/// Where a value holds the sample's running number, the statement puts the other case's there; an event gets an id of its
/// own.
struct Replay: Sendable {
    let text: String
    let values: [(String, String)]
    /// From BEGIN to COMMIT.
    let statements: Int

    /// Nine digits that stand for a case's running number.
    private static let mark = "#########"

    init(_ trace: [Trace.Statement], of caseId: Int, _ db: Connection) throws {
        let running = String(String(caseId).suffix(9))
        var (text, variables) = (
            "\\set n :n + 1\n\\set case_id :base + :client_id * :each + :n\n", [(String, String)]()
        )
        for (place, statement) in trace.enumerated() {
            let types = statement.values.isEmpty ? [] : try Self.types(statement.text, db)
            var sql = statement.text
            // From the last on, so that `$1` does not hit `$10`.
            for index in statement.values.indices.reversed() {
                let name = "s\(place)p\(index + 1)"
                var term = "NULL::\(types[index])"
                if statement.text.hasPrefix("INSERT INTO ledger.outbox"), index == 0 {
                    term = "gen_random_uuid()"
                } else if let value = statement.values[index] {
                    (term, sql) = (":\(name)", sql)
                    let general = Self.general(value, running)
                    if value == String(caseId) {
                        term = ":case_id"
                    } else {
                        variables.append((name, general))
                        if general != value {
                            term = "replace(:\(name)::text, '\(Self.mark)', right(:case_id::text, 9))::\(types[index])"
                        }
                    }
                }
                sql = sql.replacing("$\(index + 1)", with: term)
            }
            text += sql + ";\n"
        }
        (self.text, values, statements) = (text, variables, trace.count)
    }

    /// A letter's number is in our way when it is another's: it gets the case's running number.
    private static func general(_ value: String, _ running: String) -> String {
        value.replacing(running, with: mark).replacing(/〔(\d{4})〕\d+号/) { "〔\($0.output.1)〕\(mark)号" }
    }

    private static func types(_ statement: String, _ db: Connection) throws -> [String] {
        try db.execute("PREPARE bench AS \(raw: statement)")
        let types: [String] = try db.value(
            "SELECT parameter_types::text[] FROM pg_prepared_statements WHERE name = 'bench'")
        try db.execute("DEALLOCATE bench")
        return types
    }

    /// - Parameters:
    ///   - first: the first case; the others follow it without a gap.
    ///   - cases: how many; a multiple of `clients`.
    func run(_ pgbench: Pgbench, first: Int, cases: Int, clients: Int) async throws -> Stretch {
        let each = cases / clients
        let places = [("n", "-1"), ("base", "\(first)"), ("each", "\(each)")]
        return try await pgbench.run(text, values + places, clients: clients, .transactions(each))
    }
}

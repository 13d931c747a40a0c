import HTTPTypes
import Hummingbird
import Ledger
import Logging
import Postgres

/// What operators look at: `/livez`, `/readyz`, `/metrics`. The same on every program.
public struct OperatorPages: Sendable {
    let service: String
    let ledger: Ledger
    let health: Health
    let metrics: MetricsStore

    public func add(to router: Router<PageContext>) {
        router.get("/livez") { _, _ in "ok\n" }
        router.get("/readyz") { _, _ -> Response in
            switch health.now {
            case .serving:
                Self.text(.ok, (["ready"] + health.warnings.map { "warning: \($0)" }).joined(separator: "\n") + "\n")
            case .starting: Self.text(.serviceUnavailable, "starting\n")
            case .notServing(let why): Self.text(.serviceUnavailable, "not serving: \(why)\n")
            }
        }
        router.get("/metrics") { _, _ -> Response in
            var gauges = [("renling_ready", health.isServing ? 1.0 : 0)]
            // While PostgreSQL is away there is nothing to say about the outbox, and the page still answers.
            if let outbox = try? await ledger.aside.read({ db in
                try db.one(
                    """
                    SELECT count(*) FILTER (WHERE dead_reason IS NULL) AS pending,
                        count(*) FILTER (WHERE dead_reason IS NOT NULL) AS dead
                    FROM (SELECT dead_reason FROM ledger.outbox LIMIT 100000) AS rows
                    """
                ) { (pending: try $0["pending"] as Int, dead: try $0["dead"] as Int) }
            }) {
                gauges += [
                    ("renling_outbox_pending", Double(outbox.pending)), ("renling_outbox_dead", Double(outbox.dead)),
                ]
            }
            return Self.text(.ok, metrics.render(gauges: gauges.map { (label: $0.0, value: $0.1) }))
        }
    }

    private static func text(_ status: HTTPResponse.Status, _ body: String) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}

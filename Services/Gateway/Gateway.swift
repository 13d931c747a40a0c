import Domain
import HTTPTypes
import Hummingbird
import ServiceKit

/// HTTP in front, ZeroMQ behind: `POST /rpc` takes JSON-RPC, each request goes untouched to the service whose name begins
/// its method. It keeps nothing; what it answers itself is `system.*` and the OpenRPC document.
public enum Gateway {
    static let services = ["intake", "assignment", "handling", "supervision", "archive"]

    public static func program(_ settings: Settings, metrics: MetricsStore = MetricsStore()) throws -> Program {
        try Program.withPages(settings, metrics: metrics) { router, program in
            let switchboard = Switchboard(program)
            let door = HTTPDoor(switchboard)
            router.post("/rpc") { request, context in await door.answer(request, context) }
            for method in [HTTPRequest.Method.get, .put, .delete, .patch, .head, .options, .trace] {
                router.on("/rpc", method: method) { request, context in HTTPDoor.methodNotAllowed(request, context) }
            }
            router.get("/openrpc.json") { _, _ in await door.openRPC() }
        }
    }
}

import ServiceKit

@main
struct Main {
    static func main() async throws {
        try await Host.run("gateway") { settings, metrics in try Gateway.program(settings, metrics: metrics) }
    }
}

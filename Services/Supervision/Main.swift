import ServiceKit

@main
struct Main {
    static func main() async throws { try await Host.run(Supervision.self) }
}

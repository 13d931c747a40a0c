import Foundation
import FoundationNetworking
import JSONRPC
import ServiceKit

/// HTTP as the operator's command needs it: pages of the programs, and calls at the gateway.
struct Web: Sendable {
    private let session: URLSession

    init() {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 30
        configuration.httpMaximumConnectionsPerHost = 16
        session = URLSession(configuration: configuration)
    }

    /// - Returns: the status and the page; `nil` while nobody answers.
    func get(_ address: String) async -> (status: Int, text: String)? {
        guard let url = URL(string: address), let (data, response) = try? await session.data(from: url),
            let status = (response as? HTTPURLResponse)?.statusCode
        else { return nil }
        return (status, String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }

    func post(_ body: [UInt8], to url: URL, token: String) async throws -> [UInt8] {
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.httpBody = Data(body)
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        return Array(try await session.data(for: request).0)
    }
}

/// The gateway, called as anybody would.
struct GatewayClient: Sendable {
    private static let patience = Duration.seconds(30)
    /// Overloaded, deadline, the same key at work, unavailable.
    private static let passing: Set<Int> = [-32005, -32008, -32009, -32050]

    let url: URL
    let web: Web

    /// What the gateway or a service answered instead of a result.
    struct Refused: Error, CustomStringConvertible, Sendable {
        var code: Int
        var reason: String
        var detail: String
        var description: String { "\(code) \(reason) \(detail)" }
    }

    init(_ address: String, _ web: Web) throws {
        guard let url = URL(string: "\(address)/rpc") else { throw Failure("\(address) is no address") }
        self.url = url
        self.web = web
    }

    /// What passes is tried again for half a minute, so a mutation needs its `idempotencyKey`.
    ///
    /// - Throws: `Refused`
    func call(_ method: String, _ params: JSONValue, as token: String) async throws -> JSONValue {
        let request: JSONValue = ["jsonrpc": "2.0", "id": 1, "method": JSONValue(method), "params": params]
        let deadline = ContinuousClock.now + Self.patience
        var wait = 50
        while true {
            let problem: any Error
            do {
                let answer = try JSONValue(parsing: try await web.post(request.serialized(), to: url, token: token))
                if let result = answer["result"] { return result }
                let error = answer["error"]
                let refused = Refused(
                    code: error?["code"]?.intValue ?? 0, reason: error?["data"]?["reason"]?.stringValue ?? "",
                    detail: error?["data"]?["detail"]?.stringValue ?? error?["message"]?.stringValue ?? "")
                guard Self.passing.contains(refused.code) else { throw refused }
                problem = refused
            } catch let error as URLError {
                problem = error
            }
            guard ContinuousClock.now < deadline else { throw problem }
            try await Task.sleep(for: .milliseconds(wait))
            wait = min(1000, wait * 2)
        }
    }
}

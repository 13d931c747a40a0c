import Foundation
import Synchronization
import ZeroMQ

/// The keys with which the programs speak CURVE to each other (`RENLING_ZMQ=curve`), and those of the outsiders that may
/// use the doors.
///
/// Each program's pair is derived from the installation's key, so all instances of one share it and every program knows
/// whom to expect at the other end. Outsiders stand in a file, a public key in Z85 and a name on each line.
public struct CurveRing: Sendable {
    private static let programs = ["gateway", "intake", "assignment", "handling", "supervision", "archive"]

    public let own: CurveKeys
    private let publicKeys: [String: String]
    private let clientsFile: String?

    /// - Throws: `Settings.Problem` for a file of clients that cannot be read.
    public init(_ secrets: Secrets, program: String, clientsFile: String?) throws {
        own = try Self.keys(secrets, program)
        publicKeys = Dictionary(
            uniqueKeysWithValues: try Self.programs.map { ($0, try Self.keys(secrets, $0).publicKey) })
        self.clientsFile = clientsFile
        _ = try outsiders()
    }

    /// The public key that stands for a program's doors.
    public static func publicKey(of program: String, _ secrets: Secrets) throws -> String {
        try keys(secrets, program).publicKey
    }

    /// A pair for an outside client, in Z85.
    public static func newPair() throws -> (publicKey: String, secretKey: String) {
        let keys = try CurveKeys.generate()
        return (keys.publicKey, keys.secretKey)
    }

    private static func keys(_ secrets: Secrets, _ program: String) throws -> CurveKeys {
        try CurveKeys(secretBytes: secrets.curveSecret(program))
    }

    /// For calling an instance of a service.
    func client(of service: String) throws -> CurveClient? {
        try publicKeys[service].map { try CurveClient(serverKey: $0, keys: own) }
    }

    /// Whoever may shake hands: our programs, and the outsiders on file.
    func admitted() throws -> Set<String> { Set(publicKeys.values).union(try outsiders()) }

    private func outsiders() throws -> Set<String> {
        guard let clientsFile else { return [] }
        guard let text = try? String(contentsOfFile: clientsFile, encoding: .utf8) else {
            throw Settings.Problem("\(clientsFile) (RENLING_CURVE_CLIENTS) cannot be read")
        }
        let lines = text.split(whereSeparator: \.isNewline).map { $0.split(separator: " ").first ?? "" }
        return try Set(
            lines.filter { !$0.isEmpty && $0 != "#" }.map { key in
                guard CurveKeys.isKey(String(key)) else {
                    throw Settings.Problem(
                        "\(clientsFile) (RENLING_CURVE_CLIENTS) holds a line that begins with no key")
                }
                return String(key)
            })
    }

    /// Shows that a door turns away a key that nobody listed. Without a working handler libzmq would admit any.
    ///
    /// - Throws: `Settings.Problem` when the stranger is not turned away within five seconds.
    func proveRefusal(at endpoint: String, program: String, _ thread: SocketThread) async throws {
        guard let serverKey = publicKeys[program] else { return }
        let stranger = try CurveClient(serverKey: serverKey, keys: CurveKeys.generate())
        let before = thread.denied
        let dealer = try await thread.connect(endpoint, curve: stranger, refused: { _ in }, receive: { _ in })
        defer { dealer.close() }
        let deadline = ContinuousClock.now + .seconds(5)
        while ContinuousClock.now < deadline {
            if thread.denied > before, dealer.counts.sent == 0 { return }
            try await Task.sleep(for: .milliseconds(10), clock: .continuous)
        }
        throw Settings.Problem("the door at \(endpoint) does not turn away an unlisted CURVE key")
    }
}

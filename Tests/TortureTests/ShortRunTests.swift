import Foundation
import Subprocess
import SystemPackage
import Testing

/// The two-minute form of `make torture`: every fault once, against the programs of this build.
struct ShortRunTests {
    private static let programs: String? = {
        let environment = ProcessInfo.processInfo.environment
        return environment["RENLING_TEST_DATABASE"] == nil ? nil : environment["RENLING_PROGRAMS"]
    }()

    @Test(.enabled(if: programs != nil, "needs the built programs and a PostgreSQL"), .timeLimit(.minutes(30)))
    func nothingAcknowledgedIsLostOrDoneTwiceUnderFaults() async throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../scripts/torture")
            .standardizedFileURL.path(percentEncoded: false)
        let ended = try await run(
            .path("/bin/bash"), arguments: [script, try #require(Self.programs)],
            environment: .inherit.updating(["SHORT": "1"]), input: .none, output: .string(limit: 1 << 20),
            error: .combinedWithOutput)
        let report = ended.standardOutput
        #expect(ended.terminationStatus.isSuccess, "\(report)")
    }
}

import Domain
import JSONRPC
import TestKit
import Testing

/// What a preview shows stands in `SaveCalendarTests`, beside what the change then does.
@Suite(.enabled(if: TestCluster.isPresent, "needs RENLING_TEST_DATABASE"))
struct PreviewCalendarTests {
    @Test func nothingIsSavedAndWhatIsWrongIsNamed() async throws {
        try await City.with { city in
            _ = try await city.bring(to: .claimed)
            let before = try await city.everything()
            let params: JSONValue = ["year": 2026, "off": ["2026-03-06"], "work": [], "source": "通知"]
            #expect(try await city.call("supervision.previewCalendar", params, as: .admin)["total"] == 1)
            for (changed, path) in [
                (params.with(["year": 1989]), "year"), (params.with(["off": ["2025-01-01"]]), "off[0]"),
                (params.with(["work": ["2026-03-06"]]), "work[0]"), (params.with(["limit": 0]), "limit"),
            ] {
                let error = await city.refusal("supervision.previewCalendar", changed, as: .admin)
                #expect(error?.code == -32602 && error?.paths == [path], "\(path)")
            }
            for who in [Who.office, .supervisor, .source] {
                #expect(await city.code("supervision.previewCalendar", params, as: who) == -32003)
            }
            #expect(try await city.everything() == before)
        }
    }
}

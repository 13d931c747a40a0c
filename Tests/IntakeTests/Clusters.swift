import Domain
import JSONRPC
import TestKit

/// Cases of different petitioners, and what merges them.
extension City {
    static func person(_ name: String) -> Life {
        var life = Life()
        life.petitioner = ["name": "王小明", "account": JSONValue(name)]
        return life
    }

    @discardableResult
    func merge(_ number: String, into master: String) async throws -> JSONValue {
        try await call(
            "intake.merge", ["caseNumber": JSONValue(number), "into": JSONValue(master)], as: .registrar)
    }

    func mergeRefusal(_ number: String, into master: String) async -> RPCError? {
        await refusal(
            "intake.merge", ["caseNumber": JSONValue(number), "into": JSONValue(master)], as: .registrar)
    }
}

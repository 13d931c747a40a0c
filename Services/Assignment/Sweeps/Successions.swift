import Ledger
import ServiceKit

/// 承继 — passes on what abolished units still hold: those whose day has come, and what was more than `saveUnit` does.
enum Successions: Sweep {
    static let name = "successions"

    static func run(upTo limit: Int, in work: Work, of assignment: Assignment) throws -> Int {
        try Succession.passOn(in: work)
    }
}

import Domain
import Ledger

/// 承继 — the open cases of abolished units pass to their successors, each with its clocks and an entry of its own.
enum Succession {
    static let casesMax = 50

    /// Passes on at most `casesMax` cases, in ascending order.
    ///
    /// - Parameter unit: only this unit's; all abolished units' when `nil`.
    /// - Returns: how many; 0 when nothing is left. What the successor may not have, because the case complains of it, is
    ///   left for the office to reassign.
    @discardableResult
    static func passOn(of unit: UnitID? = nil, in work: Work) throws -> Int {
        let heirs = try Store.heirs(of: unit, on: work.now.day, work.db)
        let facts = try Reference.units(Array(Set(heirs.map(\.heir))), work.db)
        var waiting: [CaseNumber: [Store.Heir]] = [:]
        for pair in heirs {
            guard let heir = facts[pair.heir] else { continue }
            for number in try Store.cases(of: pair.gone, not: heir.superiors, limit: casesMax, work.db) {
                waiting[number, default: []].append(pair)
            }
        }
        let numbers = waiting.keys.sorted().prefix(casesMax)
        try work.asSystem {
            for number in numbers {
                for pair in waiting[number] ?? [] {
                    guard let heir = facts[pair.heir], let record = try take(number, in: work) else { continue }
                    guard Rules.isHeld(record, by: pair.gone) else { continue }
                    try work.save(Rules.passOn(record, from: pair.gone, to: pair.heir, name: heir.name), .reassign)
                }
            }
        }
        return numbers.count
    }

    /// Somebody may have closed the case since it was looked up.
    private static func take(_ number: CaseNumber, in work: Work) throws -> CaseRecord? {
        do {
            return try work.take(number, for: .reassign)
        } catch let refusal as Refusal where [.wrongStatus, .sealed].contains(refusal.code) {
            return nil
        }
    }
}

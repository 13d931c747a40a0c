/// Something that must not be.
package struct Violation: Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable, CaseIterable {
        /// Acknowledged, and not there.
        case lost
        /// There more than once.
        case doubled
        /// A key that was answered in two ways, or whose stored answer is another.
        case altered
        /// There, though it was refused, or though nobody asked for it.
        case uncalledFor
        case timeline, status, events, archive, papers, seen, late, process, fault
    }

    package let kind: Kind
    package let text: String

    init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    package var description: String { "\(kind.rawValue): \(text)" }
}

/// The checks that need nothing but what the callers know and what the database holds.
package enum Checks {
    package static func all(_ history: [Operation], _ facts: Facts) -> [Violation] {
        effects(history, facts) + naturalKeys(history, facts) + answers(history, facts) + timelines(facts)
            + statuses(facts) + messages(facts) + positions(facts)
    }

    /// Acknowledged is once, refused is never, unknown is at most once; and nothing is there that nobody asked for.
    package static func effects(_ history: [Operation], _ facts: Facts) -> [Violation] {
        let found = Dictionary(grouping: facts.timeline.filter { $0.person != nil }, by: { $0.person ?? "" })
        var violations: [Violation] = []
        for operation in history {
            let entries = found[operation.key] ?? []
            let about = about(operation)
            if entries.count > 1 { violations.append(Violation(.doubled, "\(about): \(entries.count) entries")) }
            switch (operation.effect, operation.outcome) {
            case (.once, .ok) where entries.isEmpty:
                violations.append(Violation(.lost, "\(about) was acknowledged and is in no timeline"))
            case (.refusal, .ok):
                violations.append(Violation(.uncalledFor, "\(about) was done and should have been refused"))
            case (_, .fail) where !entries.isEmpty, (.refusal, .unknown) where !entries.isEmpty:
                violations.append(Violation(.uncalledFor, "\(about) was refused and has \(entries.count) entries"))
            case (.once, .unknown) where (facts.stored[operation.key] != nil) != (entries.count == 1):
                violations.append(Violation(.altered, "\(about): its key and its entry are not one commit"))
            default: break
            }
            if case .ok = operation.outcome, let entry = entries.first, operation.effect == .once || entry.seq == 1 {
                violations += place(of: operation, entry)
            }
        }
        let keys = Set(history.map(\.key))
        let unknown = found.keys.filter { !keys.contains($0) }
        return violations + unknown.map { Violation(.uncalledFor, "an entry by \($0), which no caller has sent") }
    }

    /// The answer names the entry that is there.
    private static func place(of operation: Operation, _ entry: Facts.Entry) -> [Violation] {
        guard let said = Said(operation.answer) else {
            return [Violation(.altered, "\(about(operation)) has an answer without case and version")]
        }
        let verb = operation.method.split(separator: ".").last.map(String.init) ?? ""
        guard said.caseId == entry.caseId, said.version == entry.seq, entry.action == verb else {
            return [
                Violation(
                    .altered,
                    "\(about(operation)) was answered with case \(said.caseId) version \(said.version), its entry is \(entry.caseId) \(entry.seq) \(entry.action)"
                )
            ]
        }
        return []
    }

    /// Of all registrations of one message, under whatever keys, one made a case, and all were told its number.
    package static func naturalKeys(_ history: [Operation], _ facts: Facts) -> [Violation] {
        let cases = Dictionary(grouping: facts.cases, by: \.externalId)
        var groups: [String: [Operation]] = [:]
        for operation in history {
            if case .natural(let id) = operation.effect { groups[id, default: []].append(operation) }
        }
        return groups.flatMap { id, operations -> [Violation] in
            let made = cases[id] ?? []
            if made.count > 1 { return [Violation(.doubled, "the message \(id) made \(made.count) cases")] }
            let told = Set(operations.filter { $0.outcome == .ok }.map { Said($0.answer)?.caseId ?? 0 })
            if told.isEmpty { return [] }
            guard let only = made.first else { return [Violation(.lost, "the message \(id) was acknowledged")] }
            return told == [only.id]
                ? [] : [Violation(.altered, "the message \(id) is case \(only.id); its callers were told \(told)")]
        }
    }

    /// One key, one answer: what was given is what is stored, byte for byte, each time; and an answer is stored exactly
    /// where something was done.
    package static func answers(_ history: [Operation], _ facts: Facts) -> [Violation] {
        history.flatMap { operation -> [Violation] in
            let about = about(operation)
            let stored = facts.stored[operation.key]
            if let altered = operation.altered {
                return [
                    Violation(.altered, "\(about) was answered \(text(operation.answer)) and then \(text(altered))")
                ]
            }
            if let first = operation.attempts.firstIndex(where: { $0.outcome == .ok }),
                let later = operation.attempts[first...].first(where: { $0.outcome == .fail })
            {
                return [Violation(.altered, "\(about) was answered, and then refused: \(later.note)")]
            }
            switch operation.outcome {
            case .ok:
                guard let stored else { return [Violation(.lost, "\(about): its key holds no answer")] }
                return stored.response == operation.answer && stored.method == operation.method
                    ? []
                    : [
                        Violation(
                            .altered,
                            "\(about) was answered \(text(operation.answer)), stored is \(text(stored.response))")
                    ]
            case .fail: return stored == nil ? [] : [Violation(.uncalledFor, "\(about) was refused and has an answer")]
            case .unknown:
                return stored == nil || stored?.response != nil
                    ? [] : [Violation(.altered, "\(about): its key is committed without an answer")]
            }
        }
    }

    static func about(_ operation: Operation) -> String { "\(operation.method) \(operation.key)" }

    private static func text(_ bytes: [UInt8]?) -> String {
        bytes.map { String(decoding: $0, as: UTF8.self) } ?? "nothing"
    }
}

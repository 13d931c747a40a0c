import Domain

extension Checks {
    /// Each case's entries run 1 … version without gap, one leads to the next, and the last to the case's status.
    package static func timelines(_ facts: Facts) -> [Violation] {
        let entries = Dictionary(grouping: facts.timeline, by: \.caseId)
        let known = Set(facts.cases.map(\.id))
        let orphans = entries.keys.filter { !known.contains($0) }
        return orphans.map { Violation(.timeline, "entries of \($0), which is no case") }
            + facts.cases.flatMap { record -> [Violation] in
                let own = (entries[record.id] ?? []).sorted { $0.seq < $1.seq }
                guard own.map(\.seq) == Array(1...max(1, record.version)) else {
                    return [
                        Violation(
                            .timeline, "case \(record.id) version \(record.version) has entries \(own.map(\.seq))")
                    ]
                }
                var status: String?
                for entry in own {
                    guard entry.from == status else {
                        return [
                            Violation(
                                .timeline,
                                "case \(record.id) entry \(entry.seq) comes from \(entry.from ?? "nothing"), the one before led to \(status ?? "nothing")"
                            )
                        ]
                    }
                    status = entry.to
                }
                return status == record.status
                    ? []
                    : [
                        Violation(
                            .timeline, "case \(record.id) is \(record.status), its entries end in \(status ?? "")")
                    ]
            }
    }

    /// Every entry stands in the status table.
    package static func statuses(_ facts: Facts) -> [Violation] {
        facts.timeline.compactMap { entry in
            guard let action = CaseAction(rawValue: entry.action), let role = Role(rawValue: entry.role),
                let to = CaseStatus(rawValue: entry.to)
            else { return Violation(.status, "case \(entry.caseId) entry \(entry.seq) has unknown words") }
            guard let word = entry.from, let from = CaseStatus(rawValue: word) else {
                return action == .register && entry.seq == 1 && to == .registered
                    ? nil : Violation(.status, "case \(entry.caseId) begins with \(action) to \(to)")
            }
            let row = StatusTable.row(action, in: from, by: role)
            let isAllowed = row.map { $0.to?.contains(to) ?? (to == from) } ?? false
            return isAllowed
                ? nil
                : Violation(.status, "case \(entry.caseId) entry \(entry.seq): \(role) \(action) from \(from) to \(to)")
        }
    }

    /// Every event has arrived, once; nothing arrived that was not sent; nothing is left.
    package static func messages(_ facts: Facts) -> [Violation] {
        let sent = Set(facts.messages.map { Facts.pair($0.id, $0.to.consumer) })
        return facts.inboxTwice.map { Violation(.doubled, "the message \($0) stands twice in the inbox") }
            + facts.messages.filter { facts.inbox[Facts.pair($0.id, $0.to.consumer)] == nil }.map {
                Violation(.lost, "the message \($0.id) to \($0.to.consumer) about \($0.to.caseId) has not arrived")
            }
            + facts.inbox.keys.filter { !sent.contains($0) }.map {
                Violation(.uncalledFor, "the inbox has \($0), which nobody sent")
            }
            + facts.outbox.map { Violation(.events, "left in the outbox: \($0)") }
            + facts.livingPoison.map { Violation(.events, "poison that is not dead: \($0)") }
    }

    /// Each consumer is as far as the case's last event to it, and the events before were sent in order.
    package static func positions(_ facts: Facts) -> [Violation] {
        var sent: [Facts.Address: Set<Facts.Place>] = [:]
        for message in facts.messages { sent[message.to, default: []].insert(message.place) }
        var violations: [Violation] = []
        var expected: [Facts.Address: Facts.Place] = [:]
        for record in facts.cases {
            for (consumer, place) in record.emitted {
                expected[Facts.Address(consumer: consumer, caseId: record.id)] = place
            }
        }
        for (address, place) in expected {
            let reached = facts.positions[address]
            if reached != place {
                let shown = reached.map { "\($0.version).\($0.ordinal)" } ?? "nothing"
                violations.append(
                    Violation(
                        .events,
                        "\(address.consumer) is at \(shown) with case \(address.caseId), whose last event is \(place.version).\(place.ordinal)"
                    ))
            }
            if !(sent[address]?.contains(place) ?? false) {
                violations.append(Violation(.lost, "case \(address.caseId): its last event to \(address.consumer)"))
            }
        }
        return violations
            + sent.keys.filter { expected[$0] == nil }.map {
                Violation(.uncalledFor, "an event to \($0.consumer) about \($0.caseId), which says it sent none")
            }
    }
}

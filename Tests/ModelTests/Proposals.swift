import TestKit

/// What people might do with a case in a status: mostly what the tables allow there, the usual more often than the rare.
struct Proposals {
    typealias Proposal = (act: Act, who: Who)
    let record: ModelCase
    /// The case that several run with.
    var isCluster = false
    /// A unit that the history has for itself.
    var own: String?
    let others: [Int]
    let now: Moment

    func pick(in status: Status, _ random: inout Random) -> Proposal {
        let choices = choices(in: status, &random)
        var place = random.number(0...choices.reduce(0) { $0 + $1.weight } - 1)
        for choice in choices {
            place -= choice.weight
            if place < 0 { return (choice.act, choice.who) }
        }
        return (.instruct, .office)
    }

    private typealias Choice = (weight: Int, act: Act, who: Who)
    private var lead: Who { .unit(record.lead ?? "housing") }

    private func choices(in status: Status, _ random: inout Random) -> [Choice] {
        let rest = anywhere(&random)
        switch status {
        case .registered: return registered(&random) + rest
        case .dispatched: return dispatched(&random) + withUnit(&random) + rest
        case .returning: return returning(&random) + rest
        case .claimed: return claimed(&random) + withUnit(&random) + rest
        case .awaitingPetitioner: return awaiting(&random) + withUnit(&random) + rest
        case .reported:
            let reopened = record.coOrders.filter { $0.state == .done && random.chance(40) }.map(\.unit)
            return [
                (60, .approve, .office), (record.isReplyNaming ? 90 : 25, .sendBack(reopening: reopened), .office),
            ] + rest
        case .approved:
            return [
                (60, .confirmPublication(onBoard: random.chance(40)), random.chance(50) ? .registrar : .source),
                (15, .withdrawApproval, .office),
            ] + rest
        case .replied: return replied(&random) + rest
        case .closed: return closed(&random) + rest
        case .declined: return [(40, .recall, random.chance(50) ? .office : .supervisor), (5, .seal, .admin)] + rest
        case .merged: return [(5, .unmerge, .registrar)] + rest
        case .withdrawn: return [(10, .seal, .admin)] + rest
        case .archived: return rest
        }
    }

    private func unit(_ random: inout Random) -> String {
        if let own, random.chance(60) { return own }
        return random.pick(["housing", "housing", "north", "city", "transport"])
    }

    private func otherUnit(_ random: inout Random) -> String {
        let taken = record.coOrders.map(\.unit) + [record.lead ?? ""]
        return random.pick(
            ["housing", "north", "city", "transport", "north-housing"].filter { !taken.contains($0) } + ["north-town"])
    }

    private func part(_ random: inout Random) -> Act.Part {
        let beneath = Units.beneath(record.lead ?? "")
        let units =
            ["transport", "housing-roads", "north-housing", own ?? "transport"] + (random.chance(50) ? beneath : [])
        return .init(unit: random.pick(units), isRequired: random.chance(60))
    }

    private func registered(_ random: inout Random) -> [Choice] {
        let lead = unit(&random)
        let parts = random.chance(40) ? [part(&random)].filter { $0.unit != lead } : []
        let urgency = record.isClassified || random.chance(60) ? nil : random.pick(Urgency.allCases)
        let order = Act.dispatch(to: lead, with: parts, onGround: isOnGround(&random))
        return [
            (record.isDeclineProposed ? 10 : 50, order, .office),
            (record.isClassified ? 4 : 40, .classify(urgency: urgency, unitText: record.isWithheld), .registrar),
            (5, sorting(&random), .registrar),
            (8, .proposeDecline, .registrar), (record.isDeclineProposed ? 40 : 2, .confirmDecline, .office),
            (4, .withdraw, random.chance(50) ? .registrar : .source),
            (others.isEmpty ? 0 : isCluster ? 150 : 20, .merge(into: others.first ?? 0), .registrar),
        ]
    }

    /// Mostly where somebody complained of would have it.
    private func isOnGround(_ random: inout Random) -> Bool { random.chance(record.about.isEmpty ? 2 : 50) }

    private func sorting(_ random: inout Random) -> Act {
        // What a successor may not have is left to the office, and tried elsewhere.
        if own != nil { return .sort(about: nil, confidential: random.chance(60)) }
        let unit = random.pick(["housing", "north", "north-housing", "transport", "city"])
        return random.chance(60)
            ? .sort(about: random.chance(20) ? [] : [unit], confidential: nil)
            : .sort(about: nil, confidential: random.chance(60))
    }

    private func dispatched(_ random: inout Random) -> [Choice] {
        [
            (60, .claim, lead), (15, .requestReturn, lead), (2, .classify(urgency: nil, unitText: false), .registrar),
            (2, .classify(urgency: nil, unitText: false), .office),
            (3, sorting(&random), random.chance(50) ? .registrar : .office),
        ]
    }

    private func returning(_ random: inout Random) -> [Choice] {
        [
            (30, .decideReturn(.toUnit(otherUnit(&random)), onGround: isOnGround(&random)), .office),
            (15, .decideReturn(.toRegistry), .office),
            (30, .decideReturn(.deny), .office), (5, .changeUrgency(random.pick(Urgency.allCases)), .office),
        ]
    }

    private func claimed(_ random: inout Random) -> [Choice] {
        let missing = record.coOrders.filter { $0.state == .open && random.chance(70) }.map(\.unit)
        let promise = random.chance(15) ? now.day + random.number(1...40) : nil
        return [
            (40, .fileResult(without: missing, promiseOn: promise, naming: random.chance(5)), lead),
            (3, sorting(&random), random.chance(50) ? .registrar : .office),
            (20, .askPetitioner, lead), (8, .requestReturn, lead), (8, .fileOpinion, lead), (10, .addProgress, lead),
            (2, .classify(urgency: nil, unitText: false), random.chance(50) ? .registrar : .office),
        ] + atWork(&random)
    }

    private func awaiting(_ random: inout Random) -> [Choice] {
        [(30, .resume, lead), (30, .supplement, random.chance(50) ? .registrar : .source), (5, .addProgress, lead)]
            + atWork(&random)
    }

    private func atWork(_ random: inout Random) -> [Choice] {
        let until = (record.dates[.result]?.day ?? now.day) + random.number(0...random.pick([9, 60]))
        return [
            (12, .requestExtension(until: until, byStatute: random.chance(30)), lead),
            (record.extensionUntil == nil ? 1 : 40, .decideExtension(grant: random.chance(60)), .office),
            (4, .changeResponsible, lead),
        ]
    }

    /// While a unit has the case, and while it waits for the petitioner.
    private func withUnit(_ random: inout Random) -> [Choice] {
        let order = random.pick(record.coOrders.map(\.unit) + (record.coOrders.isEmpty ? ["transport"] : []))
        let isContested = record.coOrders.contains { $0.isContested }
        let weight = record.coOrders.isEmpty ? 1 : 15
        return [
            (5, .reassign(to: otherUnit(&random), onGround: isOnGround(&random)), .office),
            (8, .changeUrgency(random.pick(Urgency.allCases)), .office),
            (6, .addCoOrder(part(&random)), random.chance(70) ? .office : lead),
            (weight / 5, .withdrawCoOrder(order), random.chance(60) ? .office : lead),
            (weight, .fileCoResult, .unit(order)), (weight / 2, .objectCoOrder, .unit(order)),
            (isContested ? 20 : 1, .decideCoObjection(order, accept: random.chance(50)), .office),
            (3, .withdraw, random.chance(50) ? .registrar : .source),
            (record.isWithdrawalAsked ? 30 : 1, .confirmWithdrawal, .supervisor),
            (others.isEmpty || status == .awaitingPetitioner ? 0 : 10, .merge(into: others.first ?? 0), .registrar),
        ]
    }

    private var status: Status { record.status }

    private func replied(_ random: inout Random) -> [Choice] {
        if record.awaitsRuling {
            return [(60, .ruleRound(another: random.chance(60)), .office), (5, .rate(.satisfied), .source)]
        }
        let asked = random.pick([Act.Asked.satisfied, .basicallySatisfied, .dissatisfied, .dissatisfied, .unreachable])
        let rating = asked == .unreachable ? .dissatisfied : asked
        let isVisit = asked != .unreachable && random.chance(30)
        return [
            (40, .recordFollowUp(asked, visit: isVisit, isFalse: isVisit && random.chance(30)), .supervisor),
            (25, .rate(rating), .source), (1, .ruleRound(another: true), .office),
        ]
    }

    private func closed(_ random: inout Random) -> [Choice] {
        let instruction = record.timeline.firstIndex { $0.verb == "instruct" }.map { $0 + 1 }
        return [
            (6, .seal, .admin), (20, .reopen(entry: nil), random.chance(50) ? .supervisor : .source),
            (5, .reopen(entry: instruction ?? 1), .office),
            (15, .rate(random.pick([.satisfied, .dissatisfied])), .source),
            (
                10, .recordFollowUp(random.pick([.satisfied, .dissatisfied]), visit: true, isFalse: random.chance(40)),
                .supervisor
            ),
        ]
    }

    private func outcome(_ random: inout Random) -> Act.Outcome {
        let day = (record.promises.first?.dueOn ?? now.day) + random.number(-1...30)
        return random.pick([.kept, .broken, .moved(to: day), .moved(to: day)])
    }

    /// What moves nothing, in most statuses.
    private func anywhere(_ random: inout Random) -> [Choice] {
        [
            (4, .instruct, random.pick([.office, .leader, .northLeader])),
            (4, .urge, random.chance(50) ? .supervisor : .source),
            (4, .supplement, random.chance(50) ? .registrar : .source),
            (2, .requestExclusion, random.chance(50) ? .supervisor : lead),
            (record.isExclusionAsked ? 12 : 0, .decideExclusion, .office),
            (1, .openAccountability, .supervisor),
            (record.openAccountabilities > 0 ? 12 : 0, .recordAccountability, .office),
            (record.promises.isEmpty ? 0 : 20, .settlePromise(outcome(&random)), .supervisor),
        ]
    }
}

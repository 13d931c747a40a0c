import Domain
import JSONRPC
import Ledger
import ServiceKit

/// Many messages in one transaction: those that are new, that name nothing unknown, and that no other open matter of their
/// petitioner takes up. Whatever else a message is, it is registered by itself.
extension Register: GatheredMethod {
    static func handle(_ items: [Params], together work: GroupWork, of intake: Intake) throws -> [Gathered] {
        let candidates = try candidates(items, work, intake)
        let fresh = try RegistrationStore.claim(candidates, work)
        var done = [Gathered](repeating: .alone, count: items.count)
        var (openings, parts) = ([(index: Int, opening: Opening, answer: [UInt8])](), RegistrationStore.Parts())
        for claimed in fresh {
            let (candidate, params) = (candidates[claimed.place], items[candidates[claimed.place].index])
            var new = newCase(params, id: claimed.caseId, at: work.now, intake)
            (new.registeredAt, new.changedAt, new.relatedTo) = (work.now, work.now, claimed.related)
            let opening = try work.opening(candidate.index, Rules.register(new))
            let answer = try JSONWriter.encode(Result(opening.record, intake.secrets, replayed: false))
            openings.append((candidate.index, opening, answer))
            try parts.add(
                filing(params), params.petitioner, matter: candidate.matter, of: opening.record.number,
                id: claimed.caseId, intake.secrets)
            done[candidate.index] = .done(answer)
        }
        try work.write(openings, parts.insert)
        return done
    }

    /// Those that may be registered together as far as can be told without asking. What shares a message, a key or a
    /// petitioner's matter with an item before it comes after that.
    private static func candidates(
        _ items: [Params], _ work: GroupWork, _ intake: Intake
    ) throws -> [RegistrationStore.Candidate] {
        try intake.references.learn(items.map(named), work.db)
        var taken = Set<[UInt8]>()
        return zip(items, work.requests).enumerated().compactMap { index, item in
            let (params, request) = item
            let matter = Repeats.digests(params, intake.secrets)
            let key = request.key.map { ["key \(request.caller.clientId) \($0.text)"] } ?? []
            let names = (["message \(params.channel.text) \(params.externalId.text)"] + key).map { Array($0.utf8) }
            let own = names + matter.dropFirst()
            defer { taken.formUnion(own) }
            guard taken.isDisjoint(with: own), params.relatedTo == nil, intake.references.knowAll(named(params)),
                (try? check(params, at: work.now)) != nil, (try? Rules.admit(params.channel, by: request.caller)) != nil
            else { return nil }
            return RegistrationStore.Candidate(
                index: index, channel: params.channel, externalId: params.externalId, textDigest: textDigest(params),
                matter: matter, request: request)
        }
    }

    private static func named(_ params: Params) -> KnownReferences.Names {
        KnownReferences.Names(
            channels: [params.channel], categories: params.category.map { [$0] } ?? [],
            divisions: params.divisionCode.map { [$0] } ?? [], units: params.about ?? [])
    }
}

import Domain
import JSONRPC
import Ledger
import Postgres
import ServiceKit

/// 重复件 — finds what a new message has to do with others on its matter, and merges it into the open one.
enum Repeats {
    /// By what the matter is known again: the text by itself first, then together with who wrote it. Keyed, so that nobody
    /// who reads the table can try texts and phones.
    static func digests(_ params: Register.Params, _ secrets: Secrets) -> [[UInt8]] {
        let text = Matter.folded(params.title, params.body)
        let phone = params.petitioner?.phone.map { "\(text)\u{0}\(Masking.folded($0.text))" }
        let account = params.petitioner?.account.map { "\(text)\u{0}\(params.channel.text)\u{0}\($0.text)" }
        return [secrets.index(text, kind: "matter")]
            + [
                phone.map { secrets.index($0, kind: "matter of phone") },
                account.map { secrets.index($0, kind: "matter of account") },
            ].compactMap { $0 }
    }

    /// Files the matter of a new case, and finds what it has to do with others.
    ///
    /// - Returns: the open case that takes it up, locked; and the case that it is related to.
    /// - Parameter matter: see `digests`.
    static func relation(
        of record: CaseRecord, _ matter: [[UInt8]], _ work: Work
    ) throws -> (host: CaseRecord?, related: CaseNumber?) {
        let matches = try MatterStore.file(record.id, matter, work.db)
        guard !matches.isEmpty else { return (nil, nil) }
        let relation = Rules.relation(to: matches, try work.book().limits, at: work.now)
        guard let open = relation.open, let host = try work.takeBeside(open) else { return (nil, relation.related) }
        let superiors = try Clusters.superiors(of: host, work.db)
        do {
            try Rules.checkMerge(record, into: host, hasMembers: false, superiors: superiors)
            return (host, relation.related)
        } catch {
            // What may not be merged is a case of its own.
            return (nil, open)
        }
    }

    /// Merges a new case into the open one of the same petitioner, which `relation` found.
    static func join(_ record: CaseRecord, _ host: CaseRecord, _ work: Work) throws -> (CaseChange, urged: CaseNumber?)
    {
        let steps = Rules.joined(record, to: host)
        return try work.asSystem {
            let change = try work.saveBeside(steps.member, .merge)
            try work.saveBeside(steps.master, .merge)
            try ClusterStore.note(host.id, work.db)
            guard let master = try work.takeBeside(host.number),
                let urge = Rules.urge(master, by: record.number, try work.book().limits, at: work.now)
            else { return (change, nil) }
            try work.saveBeside(urge, .urge)
            return (change, host.number)
        }
    }
}

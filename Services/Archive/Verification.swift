import Domain
import Postgres
import ServiceKit

/// 核验 — goes through sealed files in the order of sealing, some at a time, and stops at the first that is not as it was:
/// the document against its digest, the digest against the catalogue, the positions against each other, and each day's
/// tree against the root on file and the day before.
struct Verification {
    struct Broken: Error {
        /// `nil` when nothing is left of the archive that could be named.
        var caseNumber: CaseNumber?
        var why: String
    }

    let db: Connection
    /// Files looked at.
    private(set) var files = 0
    private var chain = Chain()
    private var position: Int64 = 0

    init(_ db: Connection) { self.db = db }

    /// - Throws: `Broken`
    mutating func check(from: Day, to: Day) throws {
        chain = try Chain.until(from, db)
        position = try VerifyStore.lastPosition(before: from, db)
        var day = from
        while let next = try VerifyStore.day(from: day, upTo: to, db) {
            try check(next)
            day = next.advanced(by: 1)
        }
        // A gap behind the last file of the range may have been one of its days.
        if files > 0, let after = try VerifyStore.neighbour(after: position, db), after.position != position + 1 {
            throw Broken(caseNumber: after.caseNumber, why: "前一份档案缺失")
        }
    }

    /// One file, and the tree of its day.
    ///
    /// - Returns: false when there is no such file.
    /// - Throws: `Broken`
    mutating func check(_ number: CaseNumber, isSealed: Bool) throws -> Bool {
        guard let pair = try VerifyStore.pair(of: number, db) else {
            if isSealed { throw Broken(caseNumber: number, why: "档案缺失") }
            return false
        }
        _ = try check(pair)
        if let kept = try RootStore.kept(pair.day, db) {
            let (before, tree) = try Chain.whole(pair.day, db)
            if let why = fault(of: kept, previousRoot: before, tree) { throw Broken(caseNumber: number, why: why) }
        }
        return true
    }

    private mutating func check(_ day: Day) throws {
        // Read first: all files that it counts are there to be seen.
        let kept = try RootStore.kept(day, db)
        var (tree, first) = (chain.tree(of: day), CaseNumber?.none)
        while true {
            let pairs = try VerifyStore.pairs(of: day, after: position, db)
            for pair in pairs {
                if pair.position != position + 1 { throw Broken(caseNumber: pair.caseNumber, why: "前一份档案缺失") }
                tree.append(try check(pair))
                first = first ?? pair.caseNumber
                position = pair.position
            }
            if pairs.count < VerifyStore.pairsAtOnce { break }
        }
        if let kept, let why = fault(of: kept, previousRoot: chain.before(day), tree) {
            let near = try VerifyStore.neighbour(after: position, db) ?? VerifyStore.neighbour(before: position, db)
            throw Broken(caseNumber: kept.lastPosition > position ? near?.caseNumber : first, why: why)
        }
        chain.close(day, tree.root)
    }

    /// - Returns: the leaf.
    private mutating func check(_ pair: VerifyStore.Pair) throws -> [UInt8] {
        func broken(_ why: String) -> Broken { Broken(caseNumber: pair.caseNumber, why: why) }
        guard let document = pair.document, let filed = pair.filed else { throw broken("档案缺失") }
        files += 1
        guard let listed = pair.listed, pair.isOne else { throw broken("档案与目录不符") }
        guard Secrets.sha256(Array(document.utf8)) == filed else { throw broken("内容与摘要不符") }
        guard filed == listed else { throw broken("摘要与目录不符") }
        return listed
    }

    /// - Returns: what is wrong with the root of a day that is on file; `nil` when it is the tree's.
    private func fault(of kept: RootStore.Kept, previousRoot: [UInt8], _ tree: Tree) -> String? {
        if kept.previousRoot != previousRoot { return "当日根值与前一日不衔接" }
        if kept.files != tree.count - 1 { return "当日档案缺失" }
        return kept.root == tree.root ? nil : "当日根值与存证不符"
    }
}

import Domain
import Postgres

/// 每日根值 — the chain of the days. The leaves of a day's tree are the root of the day before and then the digests of its
/// files, in order; a day without a file has the one leaf. The chain begins on the day of the first file, whose first
/// leaf is the root of the tree without leaves; so is the root of every day before it.
struct Chain: Sendable {
    /// The last day that the chain has come to; `nil` before the first file.
    private(set) var day: Day?
    private(set) var root = Tree.empty

    struct DayRoot: Hashable, Sendable {
        var day: Day
        var previousRoot: [UInt8]
        var root: [UInt8]
        var files: Int
    }

    init() {}

    /// Goes on from a root that is on file.
    init(_ kept: RootStore.Kept) { (day, root) = (kept.day, kept.root) }

    /// The root of the day before `next`: the days that lie between have one leaf each.
    func before(_ next: Day) -> [UInt8] {
        guard let day else { return root }
        return (day.number + 1..<max(day.number + 1, next.number)).reduce(root) { root, _ in
            var tree = Tree()
            tree.append(root)
            return tree.root
        }
    }

    /// The tree of the day `next`, with its first leaf.
    func tree(of next: Day) -> Tree {
        var tree = Tree()
        tree.append(before(next))
        return tree
    }

    mutating func close(_ next: Day, _ root: [UInt8]) { (day, self.root) = (next, root) }

    /// The chain as it stands when `day` begins: from the last root on file before it, and from the catalogue for days that
    /// have none yet.
    static func until(_ day: Day, _ db: Connection) throws -> Chain {
        var chain = try RootStore.last(before: day, db).map(Chain.init) ?? Chain()
        while let next = try CatalogueStore.day(after: chain.day, before: day, db) {
            chain.close(next, try chain.tree(of: next, upTo: .max, db).root)
        }
        return chain
    }

    /// The root of one day.
    static func root(of day: Day, _ db: Connection) throws -> DayRoot {
        try kept(day, db) ?? until(day, db).next(day, upTo: .max, db)
    }

    private static func kept(_ day: Day, _ db: Connection) throws -> DayRoot? {
        try RootStore.kept(day, db).map {
            DayRoot(day: day, previousRoot: $0.previousRoot, root: $0.root, files: $0.files)
        }
    }

    /// The tree of a day as the catalogue has it now, and what its first leaf should be.
    static func whole(_ day: Day, _ db: Connection) throws -> (before: [UInt8], tree: Tree) {
        let chain = try until(day, db)
        return (chain.before(day), try chain.tree(of: day, upTo: .max, db))
    }

    /// The days from the first that the chain has, each with its root.
    ///
    /// - Parameter last: the position up to which files count.
    static func days(from: Day, to: Day, upTo last: Int64, _ db: Connection) throws -> [DayRoot] {
        guard let first = try CatalogueStore.day(after: nil, before: to.advanced(by: 1), db) else { return [] }
        let start = max(first, from)
        var chain = try until(start, db)
        return try (start.number..<max(start.number, to.number + 1)).map { number in
            let day = Day(number: number)
            let root = try kept(day, db) ?? chain.next(day, upTo: last, db)
            chain.close(day, root.root)
            return root
        }
    }

    private func next(_ day: Day, upTo last: Int64, _ db: Connection) throws -> DayRoot {
        let previous = before(day)
        let tree = try tree(of: day, upTo: last, db)
        // Before the first file there is no chain.
        if self.day == nil, tree.count == 1 {
            return DayRoot(day: day, previousRoot: previous, root: previous, files: 0)
        }
        return DayRoot(day: day, previousRoot: previous, root: tree.root, files: tree.count - 1)
    }

    /// The whole tree of the day `next`, from the catalogue.
    private func tree(of next: Day, upTo last: Int64, _ db: Connection) throws -> Tree {
        var (tree, position) = (tree(of: next), Int64(0))
        while true {
            let leaves = try CatalogueStore.leaves(of: next, after: position, upTo: last, db)
            for leaf in leaves { tree.append(leaf.sha256) }
            guard let end = leaves.last, leaves.count == CatalogueStore.leavesAtOnce else { return tree }
            position = end.position
        }
    }
}

import ServiceKit

/// A Merkle tree hash as RFC 6962, section 2.1 defines it, over leaves that come one after the other. A leaf is hashed
/// with the prefix 0x00, two nodes with 0x01; of n leaves the left part holds the largest power of two below n.
///
/// What is kept is one root for each complete subtree, so a day of any size takes some dozens of hashes of memory.
struct Tree: Sendable {
    /// The complete subtrees, the largest first.
    private var peaks: [(leaves: Int, hash: [UInt8])] = []
    private(set) var count = 0

    /// The root of no leaves: SHA-256 of nothing.
    static let empty = Secrets.sha256([])

    static func leaf(_ data: [UInt8]) -> [UInt8] { Secrets.sha256([0] + data) }
    static func node(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] { Secrets.sha256([1] + left + right) }

    mutating func append(_ data: [UInt8]) {
        var (leaves, hash) = (1, Self.leaf(data))
        while let last = peaks.last, last.leaves == leaves {
            hash = Self.node(last.hash, hash)
            leaves *= 2
            peaks.removeLast()
        }
        peaks.append((leaves, hash))
        count += 1
    }

    var root: [UInt8] {
        guard let last = peaks.last else { return Self.empty }
        return peaks.dropLast().reversed().reduce(last.hash) { Self.node($1.hash, $0) }
    }
}

import Glibc

/// A disk of limited size for a cluster's data: a tmpfs. It becomes full by being made as small as what it holds, which
/// for a program that writes is the same as somebody else's file taking all the room, and costs no memory.
struct Disk: Sendable {
    let path: String
    let bytes: Int
    /// Without the right to mount (no root, a narrow container) the folder is a plain one, which never is full.
    let isLimited: Bool

    private static let roomBytes = 256 << 10

    init(_ path: String, bytes: Int) throws {
        self.path = path
        self.bytes = bytes
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw Failure("\(path) cannot be made") }
        isLimited = Glibc.mount("tmpfs", path, "tmpfs", 0, "size=\(bytes),mode=0755") == 0
    }

    /// - Returns: whether it is full now.
    func fill() -> Bool {
        guard isLimited else { return false }
        // What is written meanwhile may make it too small: a little more is tried.
        for round in 1...50 where resize(to: usedBytes + Self.roomBytes * round) { return true }
        return false
    }

    func empty() {
        guard isLimited else { return }
        _ = resize(to: bytes)
    }

    func remove() {
        if isLimited { umount2(path, Int32(MNT_DETACH)) }
    }

    var usedBytes: Int {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return 0 }
        return Int(status.f_blocks - status.f_bfree) * Int(status.f_frsize)
    }

    private func resize(to bytes: Int) -> Bool {
        Glibc.mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT), "size=\(bytes)") == 0
    }
}

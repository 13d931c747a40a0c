import Glibc

/// Lets the process open as many files as it may: each caller of a door is one.
enum FileLimit {
    private static let enough: rlim_t = 65_536

    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, enough))
        // Without it the soft limit stands, which is enough for all but a crowd.
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

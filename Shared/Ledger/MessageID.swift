import Glibc

/// UUID version 7 (RFC 9562, 5.7): 48 bits of Unix milliseconds, then random bits. Sorted by time, so that the inbox can
/// be partitioned by it.
public enum MessageID {
    public static func make() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let milliseconds = UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
        return make(milliseconds: milliseconds, random: .random(in: 0 ... .max), .random(in: 0 ... .max))
    }

    static func make(milliseconds: UInt64, random high: UInt64, _ low: UInt64) -> String {
        let first = milliseconds << 16 | 0x7000 | high & 0x0FFF
        let second = 1 << 63 | low >> 2
        let digits = hex(first) + hex(second)
        let cuts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        return cuts.map { digits[$0] }.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-")
    }

    /// Whether the text is a UUID as `make` writes it, of any version.
    static func isOne(_ text: String) -> Bool {
        let digits = Set("0123456789abcdefABCDEF-".utf8)
        return text.utf8.count == 36 && text.utf8.allSatisfy(digits.contains)
            && text.split(separator: "-", omittingEmptySubsequences: false).map(\.utf8.count) == [8, 4, 4, 4, 12]
    }

    private static func hex(_ number: UInt64) -> [UInt8] {
        let digits = String(number, radix: 16)
        return Array((String(repeating: "0", count: 16 - digits.count) + digits).utf8)
    }
}

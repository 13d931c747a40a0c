@testable import Ledger
import Testing

struct MessageIDTests {
    @Test func idsAreUUIDsOfVersionSeven() {
        for _ in 0..<100 {
            let id = MessageID.make()
            let parts = id.split(separator: "-")
            #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
            #expect(id.allSatisfy { "0123456789abcdef-".contains($0) })
            #expect(parts[2].first == "7" && "89ab".contains(parts[3].first ?? "x"))
        }
        #expect(MessageID.make(milliseconds: 0, random: 0, 0) == "00000000-0000-7000-8000-000000000000")
        #expect(MessageID.make(milliseconds: 1 << 48 - 1, random: .max, .max) == "ffffffff-ffff-7fff-bfff-ffffffffffff")
    }

    @Test func laterIdsSortBehindEarlierOnes() {
        let times: [UInt64] = [0, 1, 255, 65_536, 1_772_413_200_000, 1_772_413_200_001, 1 << 47]
        let ids = times.map {
            MessageID.make(milliseconds: $0, random: .random(in: 0 ... .max), .random(in: 0 ... .max))
        }
        #expect(ids == ids.sorted())
        let made = (0..<1000).map { _ in String(MessageID.make().prefix(13)) }
        #expect(made == made.sorted())
    }

    @Test func noTwoAreTheSame() {
        #expect(Set((0..<10_000).map { _ in MessageID.make() }).count == 10_000)
    }
}

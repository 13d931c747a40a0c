import Testing
import Torture

/// A seed reproduces: what is drawn from it does not depend on what else is drawn.
struct SeedTests {
    @Test func theSameSeedDrawsTheSame() {
        var (a, b) = (Seed(7), Seed(7))
        #expect((0..<100).map { _ in a.next() } == (0..<100).map { _ in b.next() })
    }

    /// The first numbers of SplitMix64 from 1234567, as its authors' program prints them.
    @Test func itIsSplitMix64() {
        var seed = Seed(1_234_567)
        #expect(
            (0..<3).map { _ in seed.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ])
    }

    @Test func aBranchDoesNotDependOnWhatWasDrawnBefore() {
        var used = Seed(7)
        _ = used.next()
        var (a, b) = (used.branch("life", 3), Seed(7).branch("life", 3))
        #expect(a.next() == b.next())
    }

    @Test func branchesDiffer() {
        let branches = ["life", "door"].flatMap { name in (0..<50).map { Seed(7).branch(name, $0) } }
        let numbers = branches.map { branch in
            var branch = branch
            return branch.next()
        }
        #expect(Set(numbers).count == 100)
    }
}

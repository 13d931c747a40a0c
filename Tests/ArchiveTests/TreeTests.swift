@testable import Archive
@testable import Domain
import ServiceKit
import Testing

/// The tree of RFC 6962 and the chain of the days, against values that another program (hashlib) computed.
struct TreeTests {
    /// The leaves of the test vectors of Certificate Transparency.
    private static let leaves: [[UInt8]] = [
        [], [0], [0x10], [0x20, 0x21], [0x30, 0x31], Array(0x40..<0x44), Array(0x50..<0x58), Array(0x60..<0x70),
    ]
    private static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    @Test(arguments: 0...8)
    func theRootIsThatOfTheStandard(_ count: Int) {
        var tree = Tree()
        for leaf in Self.leaves.prefix(count) { tree.append(leaf) }
        #expect(Secrets.hex(tree.root) == Self.roots[count])
        #expect(tree.count == count)
    }

    @Test func aThousandLeavesHaveTheirRoot() {
        var tree = Tree()
        for number in 0..<1000 { tree.append(Secrets.sha256(Array(String(number).utf8))) }
        #expect(Secrets.hex(tree.root) == "3b93b70ed68de7847cfafb398f3df0cf232fe05dfb117f8a8cf9dc31990ddb3b")
    }

    /// Two files on the first day, none on the second, one on the third.
    @Test func theChainGoesOverDaysWithoutFilesToo() {
        var chain = Chain()
        #expect(Secrets.hex(chain.before(Day(2026, 3, 2))) == Self.roots[0])
        var first = chain.tree(of: Day(2026, 3, 2))
        for text in ["a", "b"] { first.append(Secrets.sha256(Array(text.utf8))) }
        #expect(
            Secrets.hex(first.root) == "d1b5beb1ca91466aea15f0390add65517d31028a507ddb2ba9e8f8ccb86a5ae9")
        chain.close(Day(2026, 3, 2), first.root)
        #expect(chain.before(Day(2026, 3, 3)) == first.root)
        var third = chain.tree(of: Day(2026, 3, 4))
        #expect(
            Secrets.hex(chain.before(Day(2026, 3, 4)))
                == "84369037d09782be5f9ab66e6265319c7eb2bf3722fa585dbd333ff16819c832")
        third.append(Secrets.sha256(Array("c".utf8)))
        #expect(
            Secrets.hex(third.root) == "de2bb534f69199f6d6de50811274ea42868e6d2bac983c3ffb3d98f1c1fef1ad")
    }
}

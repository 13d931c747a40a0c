/// The chance of a run: SplitMix64 (Steele, Lea and Flood, 2014). Whatever a run draws comes from one seed, through
/// branches that do not depend on one another's use: the script of the hundredth case is the same however long the
/// ninety-nine before it took.
package struct Seed: RandomNumberGenerator, Sendable {
    private let root: UInt64
    private var state: UInt64

    package init(_ seed: UInt64) {
        root = seed
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Self.mixed(state)
    }

    /// A generator of its own for a purpose, the same for the same seed.
    package func branch(_ purpose: String, _ number: Int = 0) -> Seed {
        // FNV-1a
        let name = purpose.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return Seed(Self.mixed(root ^ Self.mixed(name &+ UInt64(bitPattern: Int64(number)))))
    }

    package mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self) < share }

    package mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    package mutating func seconds(_ range: ClosedRange<Double>) -> Duration {
        .milliseconds(Int(Double.random(in: range, using: &self) * 1000))
    }

    /// - Precondition: there is something to pick from.
    package mutating func pick<T>(_ choices: [T]) -> T { choices[number(0...choices.count - 1)] }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

import Domain
import Ledger
import Postgres
import Synchronization

/// Channels, categories, divisions and units that have been seen to exist. None of them is ever deleted, so what is known
/// stays true; what is not known must be asked for.
final class KnownReferences: Sendable {
    struct Names: Sendable {
        var channels: Set<ChannelCode> = []
        var categories: Set<CategoryCode> = []
        var divisions: Set<DivisionCode> = []
        var units: Set<UnitID> = []

        init(
            channels: some Sequence<ChannelCode> = [], categories: some Sequence<CategoryCode> = [],
            divisions: some Sequence<DivisionCode> = [], units: some Sequence<UnitID> = []
        ) {
            self.channels = Set(channels)
            self.categories = Set(categories)
            self.divisions = Set(divisions)
            self.units = Set(units)
        }

        var isEmpty: Bool { channels.isEmpty && categories.isEmpty && divisions.isEmpty && units.isEmpty }

        mutating func formUnion(_ other: Names) {
            channels.formUnion(other.channels)
            categories.formUnion(other.categories)
            divisions.formUnion(other.divisions)
            units.formUnion(other.units)
        }

        func subtracting(_ other: Names) -> Names {
            Names(
                channels: channels.subtracting(other.channels), categories: categories.subtracting(other.categories),
                divisions: divisions.subtracting(other.divisions), units: units.subtracting(other.units))
        }
    }

    private let known = Mutex(Names())

    func knowAll(_ names: Names) -> Bool { known.withLock { names.subtracting($0).isEmpty } }

    /// Asks for those that are not known yet.
    func learn(_ names: [Names], _ db: Connection) throws {
        var unknown = Names()
        for some in names { unknown.formUnion(some) }
        unknown = known.withLock { unknown.subtracting($0) }
        guard !unknown.isEmpty else { return }
        let found = try Reference.existing(
            channels: unknown.channels, categories: unknown.categories, divisions: unknown.divisions,
            units: unknown.units, db)
        known.withLock {
            $0.formUnion(
                Names(
                    channels: found.channels, categories: found.categories, divisions: found.divisions,
                    units: found.units))
        }
    }
}

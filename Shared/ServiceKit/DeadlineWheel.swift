/// Moments at which calls are to be looked at: a ring of lists, each for 50 ms, so that entering and taking out cost a
/// constant, however many there are. Entries are not removed when their call ends; the caller passes them over.
struct DeadlineWheel: Sendable {
    private struct Entry: Sendable {
        let call: Int
        let at: Moment
    }

    private static let slotMicroseconds: Int64 = 50_000
    /// A little more than the longest budget, 60 s. What is later comes round again.
    private static let slotsCount: Int64 = 1280

    private var slots = [[Entry]](repeating: [], count: Int(slotsCount))
    /// The first slot, counted from the beginning of time, that may hold something.
    private var next: Int64?

    mutating func add(_ call: Int, at moment: Moment, now: Moment) {
        let present = now.microseconds / Self.slotMicroseconds
        let first = next ?? present
        next = first
        let wanted = max(moment.microseconds / Self.slotMicroseconds, first)
        slots[Int(min(wanted, first + Self.slotsCount - 1) % Self.slotsCount)].append(Entry(call: call, at: moment))
    }

    /// Takes out those whose moment has come, in its order.
    mutating func due(at now: Moment) -> [Int] {
        guard var slot = next else { return [] }
        let present = now.microseconds / Self.slotMicroseconds
        var (due, later) = ([Entry](), [Entry]())
        // After a long pause every slot is looked at once.
        let last = min(present, slot + Self.slotsCount - 1)
        while slot <= last {
            let index = Int(slot % Self.slotsCount)
            if !slots[index].isEmpty {
                for entry in slots[index] {
                    if entry.at <= now { due.append(entry) } else { later.append(entry) }
                }
                slots[index] = []
            }
            slot += 1
        }
        next = present
        for entry in later { add(entry.call, at: entry.at, now: now) }
        if due.count > 1 { due.sort { ($0.at, $0.call) < ($1.at, $1.call) } }
        return due.map(\.call)
    }
}

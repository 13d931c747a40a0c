@testable import ServiceKit

/// What will happen, by the virtual clock and then by the order in which it was arranged: a binary heap.
struct Timeline {
    private struct Entry {
        let at: Int64
        let order: Int
        let event: Event

        func isBefore(_ other: Entry) -> Bool { at != other.at ? at < other.at : order < other.order }
    }

    private var heap: [Entry] = []
    private var count = 0

    var isEmpty: Bool { heap.isEmpty }

    mutating func add(_ event: Event, at moment: Moment) {
        count += 1
        let entry = Entry(at: moment.microseconds, order: count, event: event)
        var index = heap.count
        heap.append(entry)
        while index > 0 {
            let parent = (index - 1) / 2
            guard entry.isBefore(heap[parent]) else { break }
            heap[index] = heap[parent]
            index = parent
        }
        heap[index] = entry
    }

    mutating func next() -> (Moment, Event)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return (Moment(microseconds: first.at), first.event) }
        var index = 0
        while true {
            var child = 2 * index + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
            guard heap[child].isBefore(last) else { break }
            heap[index] = heap[child]
            index = child
        }
        heap[index] = last
        return (Moment(microseconds: first.at), first.event)
    }
}

/// Something that happens at a moment. Callers, hosts and connections are numbers.
enum Event {
    case tick(caller: Int)
    case look(caller: Int)
    case call(caller: Int, UserCall)
    case toHost(Delivery)
    case toCaller(Delivery)
    case refused(caller: Int, peer: Peers.Key, Calls.Number)
    case begun(host: Int, incarnation: Int, job: Int)
    case tooLate(host: Int, incarnation: Int, job: Int)
    case drained(host: Int, incarnation: Int)
    case sweep(host: Int, incarnation: Int, isExtra: Bool)
    case fault(Fault)
}

/// A message on its way, on one connection between a caller and one life of a host.
struct Delivery {
    let caller: Int
    let peer: Peers.Key
    let host: Int
    let incarnation: Int
    let connection: Int
    let frame: Frame
}

struct Frame {
    enum Kind { case request, ping, reply(Answer), busy, draining, pong }
    var kind: Kind
    var number: Calls.Number
    var card = InstanceCard()
    var work = Work.mutation(key: 0)
    var budgetMs = 0
}

enum Work {
    case mutation(key: Int)
    case event(OutboxRow)
}

/// What a request came to.
enum Answer { case done, expired, outOfOrder, unknownMethod, failed }

struct UserCall {
    var key: Int
    var budgetMs: Int
    var patienceMs: Int?
}

enum Fault {
    case crash(host: Int)
    case start(host: Int)
    case freeze(host: Int)
    case thaw(host: Int)
    case drain(host: Int)
    case stopServing(host: Int)
    case serve(host: Int)
    case cut(caller: Int, host: Int)
    case mend(caller: Int, host: Int)
    case reset(caller: Int, host: Int)
    case heal
}

import CoreMetrics
import Synchronization

/// The process's counters and timers, shown in the Prometheus text format (0.0.4) at `/metrics`. The packages have a
/// metrics interface and no backend for it.
public final class MetricsStore: MetricsFactory {
    private struct Key: Hashable {
        var label: String
        var dimensions: String
    }

    private struct Values {
        var counters: [Key: Int64] = [:]
        var gauges: [Key: Double] = [:]
        /// Number and sum.
        var summaries: [Key: (count: Int64, sum: Double)] = [:]
    }

    private static let seriesMax = 2000
    private let values = Mutex(Values())

    public init() {}

    /// Gauges that are read when the page is asked for.
    public func render(gauges: [(label: String, value: Double)]) -> String {
        let values = values.withLock { $0 }
        var lines: [String] = []
        func write(_ kind: String, _ rows: [(Key, String)]) {
            for (label, group) in Dictionary(grouping: rows, by: \.0.label).sorted(by: { $0.key < $1.key }) {
                lines.append("# TYPE \(label) \(kind)")
                lines += group.map { "\($0.0.label)\($0.0.dimensions) \($0.1)" }.sorted()
            }
        }
        write(
            "counter",
            values.counters.map { (Key(label: $0.key.label + "_total", dimensions: $0.key.dimensions), "\($0.value)") })
        write(
            "gauge",
            values.gauges.map { ($0.key, "\($0.value)") }
                + gauges.map { (Key(label: $0.label, dimensions: ""), "\($0.value)") })
        for (key, value) in values.summaries.sorted(by: {
            ($0.key.label, $0.key.dimensions) < ($1.key.label, $1.key.dimensions)
        }) {
            lines.append("\(key.label)_count\(key.dimensions) \(value.count)")
            lines.append("\(key.label)_sum\(key.dimensions) \(value.sum)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        Series(self, label, dimensions)
    }
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        Series(self, label, dimensions)
    }
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        Series(self, label, dimensions)
    }
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        Series(self, label, dimensions)
    }
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    /// One line of the page. All kinds of handlers are the same small thing.
    private final class Series: CounterHandler, MeterHandler, RecorderHandler, TimerHandler {
        private let store: MetricsStore
        private let key: Key

        init(_ store: MetricsStore, _ label: String, _ dimensions: [(String, String)]) {
            self.store = store
            let pairs = dimensions.map { "\($0)=\"\($1.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\"" }
            key = Key(label: label, dimensions: pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}")
        }

        func increment(by amount: Int64) {
            store.change {
                if $0.counters[self.key] != nil || $0.counters.count < MetricsStore.seriesMax {
                    $0.counters[self.key, default: 0] += amount
                }
            }
        }
        func reset() { store.change { $0.counters[self.key] = 0 } }
        func set(_ value: Int64) { set(Double(value)) }
        func set(_ value: Double) { store.change { $0.gauges[self.key] = value } }
        func increment(by amount: Double) { store.change { $0.gauges[self.key, default: 0] += amount } }
        func decrement(by amount: Double) { increment(by: -amount) }
        func record(_ value: Int64) { record(Double(value)) }
        func record(_ value: Double) {
            store.change {
                guard $0.summaries[self.key] != nil || $0.summaries.count < MetricsStore.seriesMax else { return }
                let old = $0.summaries[self.key] ?? (0, 0)
                $0.summaries[self.key] = (old.count + 1, old.sum + value)
            }
        }
        func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    }

    private func change(_ body: (inout Values) -> Void) { values.withLock { body(&$0) } }
}

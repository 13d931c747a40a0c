import Domain

extension CaseView {
    /// Who held the case from when to when: what the timeline says, neighbours with the same holder taken together. While it
    /// is merged, its master's holder holds it.
    ///
    /// - Parameter masters: the timelines of the cases it was merged into, one for each time.
    public static func custody(
        _ entries: [TimelineEntry], masters: [[TimelineEntry]] = [], _ names: [UnitID: Name]
    ) -> [Interval] {
        holdings(entries, masters).reduce(into: []) { intervals, entry in
            let holder = Holder(entry.holder, entry.holderUnitId, names)
            if let last = intervals.indices.last {
                if intervals[last].holder == holder { return }
                intervals[last].to = entry.at
            }
            intervals.append(Interval(holder: holder, from: entry.at, to: nil))
        }
    }

    /// The entries by which the holder changes: the case's own, and its master's for as long as it was merged.
    private static func holdings(_ entries: [TimelineEntry], _ masters: [[TimelineEntry]]) -> [TimelineEntry] {
        var (found, times, index) = ([TimelineEntry](), 0, 0)
        while index < entries.count {
            let entry = entries[index]
            index += 1
            guard entry.to == .merged, entry.from != .merged, times < masters.count else {
                found.append(entry)
                continue
            }
            let master = masters[times]
            times += 1
            while index < entries.count, entries[index].to == .merged { index += 1 }
            let end = index < entries.count ? entries[index].at : nil
            if var first = master.last(where: { $0.at <= entry.at }) {
                first.at = entry.at
                found.append(first)
            }
            found += master.filter { held in held.at > entry.at && end.map { held.at < $0 } ?? true }
        }
        return found
    }
}

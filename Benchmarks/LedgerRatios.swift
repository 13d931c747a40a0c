import Foundation

/// Sets the figures of a large ledger beside those of a small one, and its registrations beside those of an empty one.
enum LedgerRatios {
    /// - Parameter path: one JSON object a line, as `append` writes them; each ledger may have several rounds.
    static func lines(of path: String) throws -> [Report.Line] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let figures = try text.split(separator: "\n").map {
            try JSONDecoder().decode(LedgerSizes.Figure.self, from: Data($0.utf8))
        }
        let sizes = Set(figures.compactMap { Int($0.ledger) }).sorted()
        guard let small = sizes.first, let large = sizes.last, small < large else {
            throw Failure("\(path) has not the figures of two ledgers")
        }
        var order: [String] = []
        for figure in figures where !order.contains(figure.what) { order.append(figure.what) }
        return order.compactMap { what in
            let own = figures.filter { $0.what == what }
            let reference = own.first?.unit == "/s" ? "empty" : "\(small)"
            let (ours, theirs) = (values(own, "\(large)"), values(own, reference))
            guard let unit = own.first?.unit, !ours.isEmpty, !theirs.isEmpty else { return nil }
            return Report.Line(
                what: "\(large) cases, \(what)", value: middle(ours), unit: unit, spread: ours,
                reference: reference == "empty" ? "an empty ledger" : "\(reference) cases",
                referenceValue: middle(theirs))
        }
    }

    static func append(_ figures: [LedgerSizes.Figure], to path: String) throws {
        let encoder = JSONEncoder()
        let text = try figures.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }.joined()
        let known = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        try (known + text).write(toFile: path, atomically: true, encoding: .utf8)
    }

    private static func values(_ figures: [LedgerSizes.Figure], _ ledger: String) -> [Double] {
        figures.filter { $0.ledger == ledger }.map(\.value)
    }

    private static func middle(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}

/// What the server keeps parsed for one connection: statements that came a second time.
///
/// It is bounded. What is new when there is no more room is parsed each time, as everything is without it.
struct PreparedStatements {
    enum Way: Equatable {
        /// It is there under that name, or will be when the server comes to it.
        case known(String)
        /// It has come often enough to be prepared under that name.
        case prepare(String)
        case unnamed
    }

    static let preparedMax = 256
    private static let seenMax = 512
    private var names: [SQL.Shape: String] = [:]
    private var seen: Set<SQL.Shape> = []
    private var given = 0

    mutating func way(for shape: SQL.Shape) -> Way {
        if let name = names[shape] { return .known(name) }
        guard names.count < Self.preparedMax else { return .unnamed }
        guard seen.remove(shape) != nil else {
            if seen.count >= Self.seenMax { seen.removeAll() }
            seen.insert(shape)
            return .unnamed
        }
        given += 1
        let name = "s\(given)"
        names[shape] = name
        return .prepare(name)
    }

    /// The server did not take it, or did not come to it.
    mutating func forget(_ shape: SQL.Shape) { names[shape] = nil }
}

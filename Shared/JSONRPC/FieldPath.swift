/// Where a value stands in the params, from the inside out.
indirect enum FieldPath {
    case root
    case name(String, in: FieldPath)
    case index(Int, in: FieldPath)

    /// Names longer than this many scalars are cut in messages.
    private static let nameLengthMax = 100

    var codingPath: [any CodingKey] {
        switch self {
        case .root: []
        case .name(let name, let parent): parent.codingPath + [PathKey(stringValue: name)]
        case .index(let index, let parent): parent.codingPath + [PathKey(intValue: index)]
        }
    }

    var text: String { Self.text(codingPath) }

    static func text(_ codingPath: [any CodingKey]) -> String {
        codingPath.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? shown(key.stringValue) : "." + shown(key.stringValue)
            }
        }
    }

    private static func shown(_ name: String) -> String {
        let scalars = name.unicodeScalars
        guard scalars.dropFirst(nameLengthMax).isEmpty else {
            return shown(String(scalars.prefix(nameLengthMax))) + "…"
        }
        return name.utf8.contains(0) ? String(scalars.map { $0.value == 0 ? "\u{FFFD}" : Character($0) }) : name
    }
}

/// A key that any name or index makes.
struct PathKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = String(intValue)
        self.intValue = intValue
    }
}

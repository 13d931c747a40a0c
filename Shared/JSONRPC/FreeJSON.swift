/// `JSONValue` in params and results: JSON of any shape. It knows only this module's coders.
extension JSONValue: Codable {
    /// Through `ParamsDecoder`, refuses strings and names with NUL or a lone surrogate and numbers beyond a double, so
    /// that what was taken always has a canonical text.
    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? ValueDecoder {
            self = decoder.wholeValue()
            try checkFree(at: decoder.path)
        } else if let decoder = decoder as? ProbeDecoder {
            decoder.noteAnything()
            self = .null
        } else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "JSONValue is read by ParamsDecoder only"))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        guard let encoder = encoder as? ValueEncoder else {
            throw EncodingError.invalidValue(
                self, .init(codingPath: encoder.codingPath, debugDescription: "JSONValue is written by JSONWriter only")
            )
        }
        encoder.write { $0.append(value: self) }
    }

    private func checkFree(at path: FieldPath) throws(ParamsProblem) {
        switch self {
        case .null, .bool: break
        case .number(let number):
            if number.double == nil { throw ParamsProblem(path, "out of range") }
        case .string(let string):
            if let flaw = string.flaw { throw ParamsProblem(path, flaw) }
        case .array(let elements):
            for (index, element) in elements.enumerated() { try element.checkFree(at: .index(index, in: path)) }
        case .object(let members):
            for member in members {
                let path = FieldPath.name(member.name.text, in: path)
                if let flaw = member.name.flaw { throw ParamsProblem(path, flaw) }
                try member.value.checkFree(at: path)
            }
        }
    }
}

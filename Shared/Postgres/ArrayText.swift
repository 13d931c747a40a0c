/// PostgreSQL's text form of a one-dimensional array (manual, 8.15.6): `{a,"b, c",NULL,"NULL","say \"x\""}`.
///
/// Elements are separated by commas. One in double quotes is taken literally, with `\"` and `\\` for those two
/// characters; an unquoted `NULL` is NULL. Written here, every value is quoted, which is always allowed. Arrays of
/// several dimensions and with lower bounds other than 1 (`[0:1]={…}`) are not read.
enum ArrayText {
    private static let quote = UInt8(ascii: "\""), escape = UInt8(ascii: "\\"), comma = UInt8(ascii: ",")
    private static let open = UInt8(ascii: "{"), close = UInt8(ascii: "}")

    static func literal(_ elements: [String?]) -> String {
        var text = [open]
        text.reserveCapacity(elements.reduce(2) { $0 + ($1?.utf8.count ?? 4) + 3 })
        for element in elements {
            if text.count > 1 { text.append(comma) }
            guard let element else {
                text.append(contentsOf: "NULL".utf8)
                continue
            }
            text.append(quote)
            for byte in element.utf8 {
                if byte == quote || byte == escape { text.append(escape) }
                text.append(byte)
            }
            text.append(quote)
        }
        text.append(close)
        return String(decoding: text, as: UTF8.self)
    }

    /// `nil` for a text that is not such an array; an element is `nil` for NULL.
    static func elements(_ text: String) -> [String?]? {
        var rest = Array(text.utf8)[...]
        guard rest.popFirst() == open, rest.popLast() == close else { return nil }
        var elements: [String?] = []
        while !rest.isEmpty {
            let isQuoted = rest.first == quote
            guard let bytes = isQuoted ? takeQuoted(&rest) : takePlain(&rest) else { return nil }
            let element = String(decoding: bytes, as: UTF8.self)
            elements.append(!isQuoted && element == "NULL" ? nil : element)
            guard rest.isEmpty || (rest.popFirst() == comma && !rest.isEmpty) else { return nil }
        }
        return elements
    }

    private static func takeQuoted(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        rest.removeFirst()
        while let byte = rest.popFirst() {
            switch byte {
            case quote: return bytes
            case escape:
                guard let escaped = rest.popFirst() else { return nil }
                bytes.append(escaped)
            default: bytes.append(byte)
            }
        }
        return nil
    }

    private static func takePlain(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        let plain = rest.prefix { $0 != comma }
        rest = rest.dropFirst(plain.count)
        let isPlain = !plain.isEmpty && plain.allSatisfy { ![open, close, quote, escape].contains($0) }
        return isPlain ? Array(plain) : nil
    }
}

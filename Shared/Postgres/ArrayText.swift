/// PostgreSQL's text form of a one-dimensional array (manual, 8.15.6): `{a,"b, c",NULL,"NULL","say \"x\""}`.
///
/// Elements are separated by commas. One in double quotes is taken literally, with `\"` and `\\` for those two
/// characters; an unquoted `NULL` is NULL. Written here, every value is quoted, which is always allowed. Arrays of
/// several dimensions and with lower bounds other than 1 (`[0:1]={…}`) are not read.
enum ArrayText {
    fileprivate static let quote = UInt8(ascii: "\""), escape = UInt8(ascii: "\\"), comma = UInt8(ascii: ",")
    fileprivate static let open = UInt8(ascii: "{"), close = UInt8(ascii: "}")

    /// An array that is being written.
    struct Literal {
        private var bytes = [ArrayText.open]

        mutating func append(_ element: String?) {
            if bytes.count > 1 { bytes.append(comma) }
            guard var element else { return bytes.append(contentsOf: "NULL".utf8) }
            bytes.append(quote)
            element.withUTF8 { text in
                if text.contains(where: { $0 == quote || $0 == escape }) {
                    for byte in text {
                        if byte == quote || byte == escape { bytes.append(escape) }
                        bytes.append(byte)
                    }
                } else {
                    bytes.append(contentsOf: text)
                }
            }
            bytes.append(quote)
        }

        var text: String { String(decoding: bytes + [close], as: UTF8.self) }
    }

    static func literal(_ elements: [String]) -> String {
        var literal = Literal()
        for element in elements { literal.append(element) }
        return literal.text
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

extension JSONCursor {
    /// Reads a number: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
    mutating func number() throws(JSONError) {
        let start = at
        if at < end, bytes[at] == ASCII.minus { at += 1 }
        guard at < end else { throw JSONError(.unexpectedEnd, at: at) }
        if bytes[at] == ASCII.zero {
            at += 1
        } else {
            guard skipDigits() else { throw JSONError(at == start ? .unexpectedByte : .badNumber, at: at) }
        }
        if at < end, bytes[at] == ASCII.point {
            at += 1
            guard skipDigits() else { throw JSONError(.badNumber, at: at) }
        }
        // Setting bit 0x20 makes E lower case.
        if at < end, bytes[at] | 0x20 == ASCII.lowerE {
            at += 1
            if at < end, bytes[at] == ASCII.plus || bytes[at] == ASCII.minus { at += 1 }
            guard skipDigits() else { throw JSONError(.badNumber, at: at) }
        }
    }

    /// False if there is no digit.
    private mutating func skipDigits() -> Bool {
        let start = at
        while at < end, ASCII.isDigit(bytes[at]) { at += 1 }
        return at > start
    }
}

/// ECMAScript's `Number::toString`, which RFC 8785 prescribes: the shortest digits that read back as the same double.
enum CanonicalNumber {
    /// nil for a number that is infinite as a double.
    static func text(of number: JSONNumber) -> String? {
        // An integer that a double holds exactly is its own text, except for -0.
        if let integer = Int(number.token), integer.magnitude <= 1 << 53 { return String(integer) }
        return number.double.map { text(of: $0) }
    }

    /// - Parameter value: must be finite.
    static func text(of value: Double) -> String {
        precondition(value.isFinite)
        guard value != 0 else { return "0" }
        let (digits, point) = shortestDigits(value.magnitude)
        let sign = value < 0 ? "-" : ""
        switch point {
        case 1...21 where digits.count <= point:
            return sign + digits + String(repeating: "0", count: point - digits.count)
        case 1...21:
            return sign + digits.prefix(point) + "." + digits.dropFirst(point)
        case -5...0:
            return sign + "0." + String(repeating: "0", count: -point) + digits
        default:
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            return sign + digits.prefix(1) + fraction + (point > 0 ? "e+" : "e-") + String((point - 1).magnitude)
        }
    }

    /// The digits of `Double.description`, which are the shortest, without its layout: the value is 0.digits ×
    /// 10^point.
    private static func shortestDigits(_ value: Double) -> (digits: String, point: Int) {
        let halves = value.description.split(separator: "e")
        let mantissa = halves[0].split(separator: ".")
        var digits = mantissa.joined()[...]
        var point = mantissa[0].count + (halves.count > 1 ? Int(halves[1]) ?? 0 : 0)
        while digits.first == "0" {
            digits.removeFirst()
            point -= 1
        }
        while digits.last == "0" { digits.removeLast() }
        return (String(digits), point)
    }
}

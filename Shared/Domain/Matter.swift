/// What two posts on one matter have in common, however they are typed.
public enum Matter {
    /// Title and body without spaces and invisible characters, in half width and lower case.
    public static func folded(_ title: Title, _ body: Body) -> String {
        "\(folded(title.text))\u{0}\(folded(body.text))"
    }

    /// A loop, and Han and ASCII by themselves: every message of a city goes through here.
    private static func folded(_ text: String) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let scalar = Masking.halfWidth(scalar)
            switch scalar {
            case "\u{4E00}"..."\u{9FFF}": folded.append(scalar)
            case "A"..."Z": folded.append(Unicode.Scalar(UInt8(scalar.value) + 32))
            case "\t"..."\r", " ": break
            case "\0"..."\u{7F}": folded.append(scalar)
            case _ where scalar.properties.isWhitespace: break
            case _ where scalar.properties.isDefaultIgnorableCodePoint: break
            default: folded.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
            }
        }
        return String(folded)
    }
}

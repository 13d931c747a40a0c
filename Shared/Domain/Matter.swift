/// What two posts on one matter have in common, however they are typed.
public enum Matter {
    /// Title and body without spaces and invisible characters, in half width and lower case.
    public static func folded(_ title: Title, _ body: Body) -> String {
        "\(folded(title.text))\u{0}\(folded(body.text))"
    }

    private static func folded(_ text: String) -> String {
        let kept = text.unicodeScalars.lazy.map(Masking.halfWidth).filter { scalar in
            switch scalar {
            case "\u{4E00}"..."\u{9FFF}": true
            case _ where scalar.properties.isWhitespace: false
            case _ where scalar.properties.isDefaultIgnorableCodePoint: false
            default: true
            }
        }
        return String(String.UnicodeScalarView(kept)).lowercased()
    }
}

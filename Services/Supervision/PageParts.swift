/// What a page is put together from: text that cannot become markup, tables, and bar charts drawn as SVG.
enum PageParts {
    /// Scalar by scalar: some scalars join with the next into one `Character`, and would carry a `<` past the comparison.
    static func escape(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { page, scalar in
            switch scalar {
            case "&": page += "&amp;"
            case "<": page += "&lt;"
            case ">": page += "&gt;"
            case "\"": page += "&quot;"
            case "'": page += "&#39;"
            default: page.unicodeScalars.append(scalar)
            }
        }
    }

    /// - Parameter numeric: the columns from this one on are numbers.
    static func table(_ caption: String, _ head: [String], _ rows: [[String]], numeric: Int = 1) -> String {
        guard !rows.isEmpty else { return "<p class=\"none\">\(escape(caption))：无。</p>" }
        func cell(_ tag: String, _ place: Int, _ text: String) -> String {
            let scope = tag == "th" ? " scope=\"col\"" : ""
            return "<\(tag)\(scope)\(place >= numeric ? " class=\"n\"" : "")>\(escape(text))</\(tag)>"
        }
        func line(_ tag: String, _ cells: [String]) -> String {
            "<tr>\(cells.enumerated().map { cell(tag, $0.offset, $0.element) }.joined())</tr>"
        }
        return """
            <div class="wide"><table><caption>\(escape(caption))</caption><thead>\(line("th", head))</thead>
            <tbody>\(rows.map { line("td", $0) }.joined(separator: "\n"))</tbody></table></div>
            """
    }

    struct Bar {
        var label: String
        /// 0 or more.
        var value: Double
        /// What stands at its end.
        var text: String
    }

    /// A bar for each, the longest as wide as there is room. Drawn for a phone's width, and shown no wider than is readable.
    static func bars(_ title: String, _ bars: [Bar]) -> String {
        guard let most = bars.map(\.value).max(), most > 0 else { return "" }
        let (labels, room, step) = (112.0, 176.0, 26.0)
        let drawn = bars.enumerated().map { index, bar in
            let (top, width) = (Double(index) * step + 6, max(1, bar.value / most * room))
            return """
                <g><title>\(escape(bar.label))：\(escape(bar.text))</title>
                <text x="\(number(labels - 6))" y="\(number(top + 14))" text-anchor="end">\(escape(shortened(bar.label)))</text>
                <rect x="\(number(labels))" y="\(number(top))" width="\(number(width))" height="18" rx="2"/>
                <text x="\(number(labels + width + 5))" y="\(number(top + 14))">\(escape(bar.text))</text></g>
                """
        }
        let height = Double(bars.count) * step + 8
        return """
            <figure><figcaption>\(escape(title))</figcaption>
            <svg role="img" viewBox="0 0 360 \(number(height))" aria-label="\(escape(title))"><title>\(escape(title))</title>
            \(drawn.joined(separator: "\n"))
            </svg></figure>
            """
    }

    /// Eight characters of Chinese stand beside a bar.
    private static func shortened(_ label: String) -> String {
        var (kept, width) = ("", 0)
        for character in label {
            width += character.utf8.count > 1 ? 2 : 1
            if width > 16 { return kept.dropLast() + "…" }
            kept.append(character)
        }
        return kept
    }

    private static func number(_ value: Double) -> String { String((value * 10).rounded() / 10) }

    static func percent(_ rate: Double?) -> String {
        guard let rate else { return "—" }
        let hundredths = Int((rate * 10_000).rounded())
        let part = hundredths % 100
        return "\(hundredths / 100).\(part < 10 ? "0" : "")\(part)%"
    }

    /// To the minute, as people in China read it.
    static func time(_ text: String) -> String { text.prefix(10) + " " + text.dropFirst(11).prefix(5) }

    static let style = """
        @page { size: A4; margin: 18mm 16mm } @page annex { size: A4 landscape; margin: 12mm }
        * { box-sizing: border-box }
        body { font: 16px/1.75 "Noto Serif CJK SC", "Source Han Serif SC", "SimSun", serif; color: #1c1c1c; background: #fff;
            max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem }
        header { text-align: center; border-bottom: 3px double #b3261e; margin-bottom: 1.5rem; padding-bottom: .8rem }
        h1 { color: #b3261e; font-size: 1.7rem; letter-spacing: .12em; line-height: 1.4; margin: .2em 0 }
        h2 { font-size: 1.25rem; border-left: .3em solid #b3261e; padding-left: .5em; margin: 2rem 0 .8rem; break-after: avoid }
        h3 { font-size: 1.05rem; margin: 1.2rem 0 .5rem; break-after: avoid }
        .key { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: .6rem; padding: 0; margin: 1rem 0 }
        .key div { border: 1px solid #d8d2c8; padding: .5rem .6rem } .key dt { font-size: .85rem; color: #555 }
        .key dd { margin: 0; font-size: 1.25rem; font-weight: bold; font-variant-numeric: tabular-nums }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 0 1.5rem }
        figure { margin: .6rem 0; break-inside: avoid } figcaption, caption { font-weight: bold; text-align: left; font-size: .95rem }
        svg { width: 100%; max-width: 30rem; height: auto; font-size: 12px } svg rect { fill: #3d6a8f } svg text { fill: #1c1c1c }
        .wide { overflow-x: auto; margin: .6rem 0 1.2rem } table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.5 }
        th, td { border: 1px solid #bdb6aa; padding: .25em .5em; text-align: left; vertical-align: top } th { background: #f3efe8; white-space: nowrap }
        .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap } .none, .note { color: #555; font-size: .92rem }
        .digest { overflow-wrap: anywhere; font-size: .8rem; color: #555 } tr { break-inside: avoid } thead { display: table-header-group }
        .draft { color: #b3261e; font-weight: bold }
        .annex table { font-size: .82rem } @media screen and (min-width: 76rem) { section.annex { margin: 0 -7.5rem } }
        @media print { body { font-size: 11pt; max-width: none; padding: 0 } .wide { overflow: visible }
            section.annex { page: annex; break-before: page } .annex table { font-size: 7.5pt } .annex th { white-space: normal }
            .charts { grid-template-columns: 1fr 1fr } }
        """
}

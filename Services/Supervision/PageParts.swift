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
            // Numbers of cases and dates are not broken at their hyphens.
            let isCode = !text.isEmpty && text.utf8.count <= 20 && text.utf8.allSatisfy { $0 < 128 }
            let isLong = text.unicodeScalars.count > 40
            let look = place >= numeric ? " class=\"n\"" : isCode ? " class=\"c\"" : isLong ? " class=\"t\"" : ""
            return "<\(tag)\(scope)\(look)>\(escape(text))</\(tag)>"
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
        /// Drawn hollow; the label says why.
        var isHollow = false
    }

    /// A bar for each, in proportion to `whole` (by default the longest). Drawn for a phone's width, and shown no wider than
    /// is readable. Long names stand above their bars, in as many lines as they take.
    static func bars(_ title: String, _ bars: [Bar], whole: Double? = nil) -> String {
        guard let greatest = bars.map(\.value).max(), greatest > 0 || whole != nil else { return "" }
        let (isAbove, most) = (bars.contains { width(of: $0.label) > 16 }, whole ?? greatest)
        let (left, room) = isAbove ? (1.0, 296.0) : (112.0, 184.0)
        var (drawn, top) = ([String](), 4.0)
        for bar in bars {
            let lines = isAbove ? lines(of: bar.label) : [bar.label]
            var texts = ""
            for line in lines {
                let (x, y) = isAbove ? (left, top + 12) : (left - 6, top + 15)
                texts +=
                    "<text x=\"\(number(x))\" y=\"\(number(y))\"\(isAbove ? "" : " text-anchor=\"end\"")>\(escape(line))</text>"
                if isAbove { top += 16 }
            }
            let long = bar.value / most * room
            let rect =
                bar.value > 0
                ? """
                <rect x="\(number(left))" y="\(number(top + 1))" width="\(number(max(1, long)))" height="18" rx="2"\(bar.isHollow ? " class=\"hollow\"" : "")/>
                """ : ""
            drawn.append(
                """
                <g><title>\(escape(bar.label))：\(escape(bar.text))</title>\(texts)\(rect)
                <text x="\(number(left + (bar.value > 0 ? long + 5 : 0)))" y="\(number(top + 15))">\(escape(bar.text))</text></g>
                """)
            top += 26
        }
        return """
            <figure><figcaption>\(escape(title))</figcaption>
            <svg role="img" viewBox="0 0 360 \(number(top))" aria-label="\(escape(title))"><title>\(escape(title))</title>
            \(drawn.joined(separator: "\n"))
            </svg></figure>
            """
    }

    /// In half characters: Chinese ones are twice as wide as others.
    private static func width(of text: String) -> Int { text.reduce(0) { $0 + ($1.utf8.count > 1 ? 2 : 1) } }

    /// What is written above a bar: at most 29 Chinese characters on a line.
    private static func lines(of label: String) -> [String] {
        label.reduce(into: [""]) { lines, character in
            if width(of: lines[lines.count - 1] + String(character)) > 58 { lines.append("") }
            lines[lines.count - 1].append(character)
        }
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
        svg { width: 100%; max-width: 30rem; height: auto; font-size: 12px } svg rect { fill: #3d6a8f } svg .hollow { fill: #fff; stroke: #3d6a8f; stroke-width: 1.5 } svg text { fill: #1c1c1c }
        .wide { overflow-x: auto; margin: .6rem 0 1.2rem } table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.5 }
        th, td { border: 1px solid #bdb6aa; padding: .25em .5em; text-align: left; vertical-align: top } th { background: #f3efe8; white-space: nowrap }
        .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap } .c { white-space: nowrap } td { min-width: 3.5em } .t { min-width: 16em } .none, .note { color: #555; font-size: .92rem }
        .digest { overflow-wrap: anywhere; font-size: .8rem; color: #555 } tr { break-inside: avoid } thead { display: table-header-group }
        .draft { color: #b3261e; font-weight: bold }
        .annex table { font-size: .82rem } @media screen and (min-width: 76rem) { section.annex { margin: 0 -7.5rem } }
        @media print { body { font-size: 11pt; max-width: none; padding: 0 } .wide { overflow: visible }
            section.annex { page: annex; break-before: page } .annex table { font-size: 7.5pt } .annex th { white-space: normal }
            .charts { grid-template-columns: 1fr 1fr } }
        """
}

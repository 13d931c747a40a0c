import Domain

/// 交办函 as a page: one sheet of A4, no script, nothing from elsewhere.
enum LetterPage {
    static func render(_ letter: ReadLetter.Result) -> String {
        let coUnits = letter.coUnits.map { "\($0.name)（\($0.task.text)）" }.joined(separator: "；")
        let rows: [(String, String?)] = [
            ("事项编号", letter.caseNumber.text), ("主办单位", letter.leadUnit.name), ("协办单位", coUnits.isEmpty ? nil : coUnits),
            ("紧急程度", letter.urgency.chinese), ("标题", letter.title), ("内容", letter.text),
            ("交办意见", letter.instructions?.text),
        ]
        let dues = letter.stages.map { "<li>\(chinese($0.stage))：\(escape(time($0.dueAt)))前</li>" }.joined()
        return """
            <!DOCTYPE html>
            <html lang="zh-CN"><head><meta charset="utf-8"><title>\(escape(letter.letterNumber.text))</title><style>
            @page { size: A4; margin: 25mm } body { font: 16px/1.8 serif; max-width: 170mm; margin: 2em auto; padding: 0 1em }
            h1 { text-align: center; letter-spacing: .5em } .number { text-align: center }
            table { width: 100%; border-collapse: collapse } th, td { border: 1px solid; padding: .4em .8em; vertical-align: top }
            th { width: 6em; text-align: left } td { white-space: pre-wrap; overflow-wrap: anywhere } footer { text-align: right }
            </style></head><body>
            <h1>交办函</h1><p class="number">\(escape(letter.letterNumber.text))</p>
            <table>\(rows.compactMap { row in row.1.map { "<tr><th>\(row.0)</th><td>\(escape($0))</td></tr>" } }.joined())
            <tr><th>办理时限</th><td><ul>\(dues)</ul></td></tr></table>
            <footer><p>\(escape(time(letter.deliveredAt)))</p></footer>
            </body></html>
            """
    }

    private static func chinese(_ stage: Stage) -> String {
        switch stage {
        case .claim: "认领"
        case .opinion: "办理意见"
        case .result: "办理结果"
        case .reply: "反馈"
        case .registration, .dispatch, .returning, .petitioner, .review, .publication, .followUp, .ruling:
            stage.rawValue
        }
    }

    private static func time(_ moment: Instant) -> String {
        let text = moment.description
        return text.prefix(10) + " " + text.dropFirst(11).prefix(8)
    }

    /// Scalar by scalar: some scalars join with the next into one `Character`, and would carry a `<` past the comparison.
    private static func escape(_ text: String) -> String {
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
}

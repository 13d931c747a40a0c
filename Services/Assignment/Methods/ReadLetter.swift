import Domain
import Ledger
import ServiceKit

/// 交办函 — the assignment letter, as data or as a page to print. What a unit may not read stands in neither.
enum ReadLetter: Method {
    static let name = "assignment.letter"
    static let roles = Role.callers
    static let kind = MethodKind.read
    static let summary = "交办函：the assignment letter as data, or as a page to print"

    enum Format: String, Word { case json, html }

    struct Params: Codable, Sendable {
        var letterNumber: LetterNumber
        var format: Format?
    }

    struct Result: Codable, Sendable {
        struct Unit: Codable, Sendable {
            var unitId: UnitID
            var name: String
        }
        struct CoUnit: Codable, Sendable {
            var unitId: UnitID
            var name: String
            var task: Note
            var required: Bool
        }
        var letterNumber: LetterNumber
        var caseNumber: CaseNumber
        var leadUnit: Unit
        var coUnits: [CoUnit]
        var urgency: Urgency
        var type: CaseType
        /// Absent where the case is withheld or confidential: then the text is the `unitText`.
        var title: String?
        var text: String
        var instructions: Note?
        var deliveredAt: Instant
        var dueAt: Instant?
        var stages: [Store.StageDue]
        var issuedBy: Person?
        /// The page, for format html.
        var html: String?
    }

    /// A letter is an internal paper: a source does not see it, and a former lead sees its own.
    static func handle(_ params: Params, in work: Work, of assignment: Assignment) throws -> Result {
        guard work.caller.role != .source, let letter = try Store.letter(params.letterNumber, work.db) else {
            throw Refusal.notFound
        }
        let record = try work.find(letter.caseNumber)
        if work.caller.isFormerLead(of: record), !work.caller.subtree.contains(letter.leadUnitId) {
            throw Refusal.notFound
        }
        let units = [letter.leadUnitId] + letter.coOrders.map(\.unitId)
        let names = try Reference.names(of: units, work.db)
        let isWithheld = record.isWithheldFromUnits
        var result = Result(
            letterNumber: letter.number, caseNumber: letter.caseNumber,
            leadUnit: .init(unitId: letter.leadUnitId, name: names[letter.leadUnitId]?.text ?? letter.leadUnitId.text),
            coUnits: letter.coOrders.map {
                .init(
                    unitId: $0.unitId, name: names[$0.unitId]?.text ?? $0.unitId.text, task: $0.task,
                    required: $0.required)
            },
            urgency: letter.urgency, type: record.type, title: isWithheld ? nil : record.title.text,
            text: isWithheld ? record.unitText?.text ?? "" : record.body.text, instructions: letter.instructions,
            deliveredAt: letter.deliveredAt, dueAt: letter.stages.first { $0.stage == .result }?.dueAt,
            stages: letter.stages, issuedBy: letter.issuedBy)
        if params.format == .html { result.html = LetterPage.render(result) }
        return result
    }
}

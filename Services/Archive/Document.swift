import Domain
import JSONRPC
import Ledger

/// The sealed file of a case: the case, its timeline (with opinions, questions, progress and what was urged), its clock
/// facts, and every paper the services keep of it. The petitioner is in it as an alias only.
enum Document {
    /// A letter, claim, result, review, publication, follow-up, step, explanation and so on, as its service published it.
    struct Paper: Sendable {
        var seq: Int
        var kind: String
        var content: JSONValue
    }

    private struct Head: Codable {
        var caseNumber: CaseNumber
        var channel: ChannelCode
        var externalId: ExternalID
        var type: CaseType
        var title: Title
        var body: Body
        var urgency: Urgency
        var category: CategoryCode?
        var divisionCode: DivisionCode?
        var about: [UnitID]
        var confidential: Bool
        var open: Bool
        var alias: String
        var registeredAt: Instant
        var relatedTo: CaseNumber?
        /// 并件 — the case that it runs with, those that it ran with before, and those that run with it.
        var master: CaseNumber?
        var masters: [CaseNumber]
        var members: [CaseNumber]
        var unitText: Essay?
        /// 拟办意见
        var proposedUnitId: UnitID?
        var proposal: Note?
        var leadUnitId: UnitID?
        var formerLeadUnitIds: [UnitID]
        var letterNumber: LetterNumber?
        /// As they stood in the end.
        var coOrders: [CoOrder]
        var hasConflictGround: Bool
        var responsiblePerson: Person?
        var rounds: Int
        var publicReply: Essay?
        var closedAt: Instant?
        var outcome: CaseStatus
    }

    private struct File: Codable {
        /// The form of this document; a later form gets another number.
        var form = 1
        var head: Head
        var timeline: [CaseView.Entry]
        var clockFacts: [ClockFact]
        var retention: Retention
        var sealedAt: Instant

        enum CodingKeys: String, CodingKey {
            case form, timeline, clockFacts, retention, sealedAt
            case head = "case"
        }
    }

    /// - Parameters:
    ///   - record: as the case ended.
    ///   - members: the cases that run with it.
    /// - Returns: the document as RFC 8785 text.
    static func canonical(
        _ record: CaseRecord, members: [CaseNumber], _ retention: Retention, _ timeline: [TimelineEntry],
        _ facts: [ClockFact], _ papers: [Paper], at now: Instant
    ) throws -> [UInt8] {
        let head = Head(
            caseNumber: record.number, channel: record.channel, externalId: record.externalId, type: record.type,
            title: record.title, body: record.body, urgency: record.urgency, category: record.category,
            divisionCode: record.divisionCode, about: record.about, confidential: record.confidential,
            open: record.open,
            alias: record.alias, registeredAt: record.registeredAt, relatedTo: record.relatedTo,
            master: record.master, masters: record.proceedings.masters, members: members,
            unitText: record.unitText, proposedUnitId: record.proposedUnitId, proposal: record.proposal,
            leadUnitId: record.leadUnitId, formerLeadUnitIds: record.formerLeads, letterNumber: record.letterNumber,
            coOrders: record.coOrders, hasConflictGround: record.hasConflictGround,
            responsiblePerson: record.responsiblePerson, rounds: record.round, publicReply: record.approvedReply,
            closedAt: record.closedAt, outcome: record.status)
        let file = File(
            head: head, timeline: CaseView.entries(timeline, isPublic: false), clockFacts: facts,
            retention: retention, sealedAt: now)
        let json = try JSONValue(parsing: try JSONWriter.encode(file))
        let shown = JSONValue.array(
            papers.map { ["seq": JSONValue($0.seq), "kind": JSONValue($0.kind), "paper": $0.content] })
        return try JSONValue.object((json.members ?? []) + [JSONMember("papers", shown)]).canonical()
    }
}

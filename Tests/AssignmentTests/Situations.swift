@testable import Assignment
@testable import Domain
import TestKit

/// Cases on a unit's desk, for rules to judge. The letter was delivered on Monday 2 March 2026 at 09:00; weeks have five
/// working days.
enum Situations {
    static let delivered = Instant(Day(2026, 3, 2), second: 9 * 3600)
    static let calendar = WorkCalendar(version: 0, years: [:])
    static let letter = LetterNumber(unchecked: "网问交〔2026〕1号")
    static let limits = Limits.usual
    static let policies = PolicyBook([
        Policy(
            effectiveFrom: Day(2000, 1, 1), warningPercent: 20, ordinary: terms(result: .workingDays(7)),
            important: terms(result: .workingDays(3)),
            critical: Terms(
                registration: .hours(1), returning: .hours(4), claim: .hours(24), opinion: .hours(96),
                result: .hours(108), rework: .hours(24), review: .hours(6), publication: .hours(6),
                followUp: .hours(72), ruling: .workingDays(5), petitioner: .hours(12), objection: .hours(12)))
    ])

    private static func terms(result: Term) -> Terms {
        Terms(
            registration: .workingDays(1), returning: .workingDays(1), claim: .workingDays(1), opinion: nil,
            result: result, rework: .workingDays(3), review: .workingDays(2), publication: .workingDays(1),
            followUp: .workingDays(10), ruling: .workingDays(5), petitioner: .workingDays(5),
            objection: .workingDays(2))
    }

    static func terms(_ urgency: Urgency) -> Terms { policies.policy(at: delivered).terms(urgency) }

    /// A case that unit `a` leads.
    static func record(
        _ status: CaseStatus = .claimed, _ urgency: Urgency = .ordinary, type: CaseType = .complaint,
        about: [String] = []
    ) -> CaseRecord {
        var record = CaseRecord(
            id: 202_603_000_000_001, version: 3, status: status, channel: ChannelCode(unchecked: "board"),
            externalId: ExternalID(unchecked: "1"), type: type, title: Title(unchecked: "题"),
            body: Body(unchecked: "文"), urgency: urgency, alias: "网友1", registeredAt: delivered, holder: .leadUnit)
        record.leadUnitId = UnitID(unchecked: "a")
        record.letterNumber = letter
        record.about = about.map(UnitID.init(unchecked:))
        record.unitText = Essay(unchecked: "摘编")
        if status != .dispatched { record.responsiblePerson = person("周") }
        let steps: [ClockStep] = [.start(.claim), .start(.result)] + (urgency == .critical ? [.start(.opinion)] : [])
        apply(steps, to: &record, at: delivered)
        return record
    }

    /// What the ledger does with a step's clocks.
    static func apply(_ steps: [ClockStep], to record: inout CaseRecord, at now: Instant) {
        for step in steps {
            let fact = ClockFact(
                step.kind, step.stage, at: now, urgency: record.urgency, calendarVersion: 0, until: step.until)
            record.clocks.apply(fact, policies, calendar)
        }
    }

    static func after(_ step: Step, at now: Instant) -> CaseRecord {
        var record = step.record
        apply(step.clocks, to: &record, at: now)
        return record
    }

    static func person(_ name: String) -> Person { Person(name: Name(unchecked: name), title: Name(unchecked: "科长")) }
    static func note(_ text: String = "理由") -> Note { Note(unchecked: text) }
    static func id(_ text: String) -> UnitID { UnitID(unchecked: text) }
    static func at(_ text: String) -> Instant { Instant(text + "+08:00") ?? delivered }

    /// A unit, with those above it by 块 and 条.
    static func line(_ id: String, under superiors: [String] = [], abolishedOn: Day? = nil) -> Rules.UnitLine {
        Rules.UnitLine(
            id: self.id(id), superiors: Set((superiors + [id]).map(UnitID.init(unchecked:))), abolishedOn: abolishedOn)
    }

    static func redirection(
        _ lead: Rules.UnitLine, helping: [Rules.UnitLine] = [], ground: String? = nil
    )
        -> Rules.Redirection
    {
        Rules.Redirection(
            lead: lead, coUnits: helping, letter: LetterNumber(unchecked: "网问交〔2026〕2号"),
            conflictGround: ground.map(Note.init(unchecked:)))
    }
}

/// The refusal that a rule throws; `nil` when it throws none.
func refusal<T>(_ body: () throws -> T) -> Refusal? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? Refusal
    }
}

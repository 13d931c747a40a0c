import Testing

@testable import Assignment
@testable import Domain

struct RulesTests {
    private static let monday = Instant(Day(2026, 3, 2), second: 9 * 3600)
    private static let letter = LetterNumber(unchecked: "网问交〔2026〕1号")

    private static func record(
        _ type: CaseType = .complaint, about: [String] = [], urgency: Urgency = .ordinary
    ) -> CaseRecord {
        var record = CaseRecord(
            id: 202_603_000_000_001, version: 1, status: .registered, channel: ChannelCode(unchecked: "board"),
            externalId: ExternalID(unchecked: "1"), type: type, title: Title(unchecked: "题"),
            body: Body(unchecked: "文"),
            urgency: urgency, alias: "网友1", registeredAt: monday, holder: .registry)
        record.about = about.map(UnitID.init(unchecked:))
        return record
    }

    private static func line(_ id: String, under superiors: [String] = [], abolishedOn: Day? = nil) -> Rules.UnitLine {
        Rules.UnitLine(
            id: UnitID(unchecked: id), superiors: Set((superiors + [id]).map(UnitID.init(unchecked:))),
            abolishedOn: abolishedOn)
    }

    private static func order(
        _ lead: Rules.UnitLine, with coUnits: Rules.UnitLine..., ground: String? = nil
    ) -> Rules.Order {
        Rules.Order(
            lead: lead, coUnits: coUnits.map { ($0, Note(unchecked: "配合"), true) },
            conflictGround: ground.map(Note.init(unchecked:)))
    }

    @Test(arguments: Urgency.allCases) func aLetterStartsTheUnitsClocksAndStopsTheDesks(urgency: Urgency) throws {
        let step = try Rules.dispatch(
            Self.record(urgency: urgency), Self.order(Self.line("a"), with: Self.line("b")), letter: Self.letter,
            at: Self.monday)
        #expect(step.record.status == .dispatched && step.record.holder == .leadUnit)
        #expect(step.record.leadUnitId?.text == "a" && step.record.letterNumber == Self.letter)
        #expect(
            step.record.coOrders.map(\.unitId.text) == ["b"] && step.record.coOrders.allSatisfy { $0.status == .open })
        #expect(step.events == [.caseDispatched])
        let started = step.clocks.filter { $0.kind == .start }.compactMap(\.stage)
        #expect(started == (urgency == .critical ? [.claim, .result, .opinion] : [.claim, .result]))
        #expect(step.clocks.filter { $0.kind == .stop }.compactMap(\.stage) == [.registration, .dispatch])
    }

    @Test(arguments: CaseType.allCases) func thoseComplainedOfGetNothingWithoutAGround(type: CaseType) {
        var record = Self.record(type, about: ["a"])
        record.unitText = Essay(unchecked: "摘编")
        for order in [
            Self.order(Self.line("a")), Self.order(Self.line("b", under: ["a"])),
            Self.order(Self.line("c"), with: Self.line("b", under: ["a"])),
        ] {
            let refusal = Self.refusal { () throws(Refusal) in
                _ = try Rules.dispatch(record, order, letter: Self.letter, at: Self.monday)
            }
            #expect(refusal?.code == .conflictOfInterest)
        }
    }

    @Test func aGroundIsForgottenWhereThereIsNoConflict() throws {
        let free = try Rules.dispatch(
            Self.record(about: ["x"]), Self.order(Self.line("a"), ground: "别无单位"), letter: Self.letter, at: Self.monday)
        #expect(!free.record.hasConflictGround)
        let bound = try Rules.dispatch(
            Self.record(about: ["a"]), Self.order(Self.line("a"), ground: "别无单位"), letter: Self.letter, at: Self.monday)
        #expect(bound.record.hasConflictGround)
        let helped = try Rules.dispatch(
            Self.record(about: ["b"]), Self.order(Self.line("a"), with: Self.line("b"), ground: "须其配合"),
            letter: Self.letter, at: Self.monday)
        #expect(helped.record.hasConflictGround)
    }

    @Test(arguments: [(Day(2026, 3, 1), true), (Day(2026, 3, 2), true), (Day(2026, 3, 3), false)])
    func aUnitIsGoneFromTheDayOfItsAbolition(day: Day, isRefused: Bool) {
        let order = Self.order(Self.line("a", abolishedOn: day))
        let refusal = Self.refusal { () throws(Refusal) in
            _ = try Rules.dispatch(Self.record(), order, letter: Self.letter, at: Self.monday)
        }
        #expect(refusal?.reason == (isRefused ? "unitAbolished" : nil))
    }

    @Test func aWithheldCaseNeedsAUnitText() {
        for withheld in [
            Self.record(.report),
            {
                var record = Self.record(); record.confidential = true; return record
            }(),
        ] {
            let refusal = Self.refusal { () throws(Refusal) in
                _ = try Rules.dispatch(withheld, Self.order(Self.line("a")), letter: Self.letter, at: Self.monday)
            }
            #expect(refusal?.reason == "unitTextMissing")
        }
    }

    @Test func aClaimNamesAPersonAndStopsTheClaimClock() {
        var record = Self.record()
        record.status = .dispatched
        let person = Person(name: Name(unchecked: "周"), title: Name(unchecked: "科长"))
        let step = Rules.claim(record, by: person)
        #expect(
            step.record.status == .claimed && step.record.responsiblePerson == person && step.clocks == [.stop(.claim)])
    }

    @Test(arguments: [(0, false), (1, true), (-1, false)]) func aClaimIsLateFromTheMomentAfterItsDue(
        milliseconds: Int64, isLate: Bool
    ) throws {
        var record = Self.record()
        let due = Instant(Day(2026, 3, 3), second: 86_399)
        record.clocks = try Self.clocks(claimDue: due)
        #expect(Rules.isLate(record, at: due.adding(milliseconds: milliseconds)) == isLate)
        #expect(!Rules.isLate(Self.record(), at: due))
    }

    private static func clocks(claimDue due: Instant) throws -> Clocks {
        let day = Term.workingDays(1)
        let terms = Terms(
            registration: day, returning: day, claim: day, opinion: nil, result: .workingDays(7), rework: day,
            review: day,
            publication: day, followUp: day, ruling: day, petitioner: day, objection: day)
        let policies = PolicyBook([
            Policy(
                effectiveFrom: Day(2000, 1, 1), warningPercent: 20, ordinary: terms, important: terms, critical: terms)
        ])
        var clocks = Clocks()
        clocks.apply(
            ClockFact(.start, .claim, at: monday, urgency: .ordinary, calendarVersion: 0), policies,
            WorkCalendar(version: 0, years: [:]))
        #expect(clocks[.claim]?.dueAt == due)
        return clocks
    }

    @Test func anInstructionMovesNothingAndKeepsTheFileForGood() {
        let record = Self.record()
        let step = Rules.instruct(
            record, text: Note(unchecked: "从速"),
            leader: Person(name: Name(unchecked: "赵"), title: Name(unchecked: "书记")))
        var kept = record
        kept.proceedings.isPermanent = true
        #expect(step.record == kept && step.clocks.isEmpty && step.events.isEmpty && !step.noteIsPublic)
    }

    @Test func noInstructionIsWrittenTomorrow() {
        #expect((try? Rules.writtenOn(nil, at: Self.monday)) == Day(2026, 3, 2))
        #expect((try? Rules.writtenOn(Day(2026, 3, 2), at: Self.monday)) == Day(2026, 3, 2))
        #expect((try? Rules.writtenOn(Day(2026, 3, 3), at: Self.monday)) == nil)
    }

    private static func refusal(_ body: () throws(Refusal) -> Void) -> Refusal? {
        do {
            try body()
            return nil
        } catch {
            return error
        }
    }
}

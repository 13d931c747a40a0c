@testable import Domain
import Testing

@testable import Handling

/// 待来信人补充, by itself.
struct RulesOfQuestionsTests {
    private static let limits = Limits(
        reopenDays: 30, unreachableMax: 3, dissatisfiedMax: 2, trackFailuresMax: 10, trackWindowMinutes: 15,
        returnsMax: 2, extensionsMax: 2, questionsMax: 2, clusterRaisesAt: 5, recallDays: 30, recurrenceDays: 90,
        repeatUrgesAfterHours: 24)

    private static func record(questions: Int) -> CaseRecord {
        var record = CaseRecord(
            id: 202_603_000_000_001, version: 3, status: .claimed, channel: ChannelCode(unchecked: "board"),
            externalId: ExternalID(unchecked: "1"), type: .complaint, title: Title(unchecked: "题"),
            body: Body(unchecked: "文"), urgency: .ordinary, alias: "网友1",
            registeredAt: Instant(Day(2026, 3, 2), second: 9 * 3600), holder: .leadUnit)
        record.leadUnitId = UnitID(unchecked: "a")
        record.proceedings.questions = questions
        return record
    }

    @Test(arguments: [(0, true), (1, true), (2, false), (3, false)])
    func twoQuestionsMayBeAsked(_ asked: Int, _ isAllowed: Bool) throws {
        let question = Note(unchecked: "几号楼？")
        guard isAllowed else {
            #expect(throws: Refusal.self) {
                try Rules.askPetitioner(Self.record(questions: asked), question, nil, Self.limits)
            }
            return
        }
        let step = try Rules.askPetitioner(Self.record(questions: asked), question, nil, Self.limits)
        #expect(step.record.status == .awaitingPetitioner && step.record.holder == .petitioner)
        #expect(step.record.proceedings.questions == asked + 1)
        #expect(step.clocks == [.pause, .start(.petitioner)] && step.noteIsPublic)
        let back = Rules.resume(step.record, Note(unchecked: "已问明"))
        #expect(back.record.status == .claimed && back.record.holder == .leadUnit && !back.noteIsPublic)
        #expect(back.clocks == [.stop(.petitioner), .resume])
    }
}

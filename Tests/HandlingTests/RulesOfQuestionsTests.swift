@testable import Domain
import TestKit
import Testing

@testable import Handling

/// 待来信人补充, by itself.
struct RulesOfQuestionsTests {
    private static let limits = Limits.usual

    private static func record(questions: Int) -> CaseRecord {
        var record = CaseRecord.begun(.claimed, type: .complaint, version: 3)
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

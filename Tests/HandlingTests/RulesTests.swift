import Testing

@testable import Domain
@testable import Handling

struct RulesTests {
    private static let monday = Instant(Day(2026, 3, 2), second: 9 * 3600)
    private static let reply = Essay(unchecked: "经查，工地已停工整改。")
    private static let note = Note(unchecked: "意见")
    private static let calendar = WorkCalendar(version: 0, years: [:])

    private static func record(_ status: CaseStatus = .claimed) -> CaseRecord {
        var record = CaseRecord(
            id: 202_603_000_000_001, version: 3, status: status, channel: ChannelCode(unchecked: "board"),
            externalId: ExternalID(unchecked: "1"), type: .complaint, title: Title(unchecked: "题"),
            body: Body(unchecked: "文"),
            urgency: .ordinary, alias: "网友1", registeredAt: monday, holder: .leadUnit)
        record.leadUnitId = UnitID(unchecked: "a")
        return record
    }

    private static func refusal(_ body: () throws(Refusal) -> Void) -> Refusal? {
        do {
            try body()
            return nil
        } catch {
            return error
        }
    }

    // MARK: 身份

    @Test(arguments: [
        "张三丰", "尊敬的张三丰先生", "张·三·丰", "张\u{3000}三丰", "ＺＨＡＮＧ来电13900001234", "１３９-００００-１２３４", "139 0000 1234",
        "1 3 9 0 0 0 0 1 2 3 4", "（139）00001234", "18600001111", "+8618600001111", "0086-18600001111",
        "431002199001011234",
        "431002 19900101 1234", "43100219900101123x", "４３１００２１９９００１０１１２３Ｘ",
    ])
    func identitiesAreKeptOut(text: String) {
        let identity = Rules.KnownIdentity(name: "张三丰", phone: "139 0000 1234")
        #expect(
            Self.refusal { () throws(Refusal) in try Rules.keepOut(identity, of: "答复：\(text)。") }?.reason
                == "identityInReply")
    }

    @Test(arguments: [
        "0799-8000000", "(0799) 8123456", "12345", "400-800-1234", "110、119、120", "2026年3月2日", "2026-03-02",
        "罚款1390000元", "张三路",
        "编号202603-000000042", "网问交〔2026〕12号", "京港澳高速K1234+567",
    ])
    func officeLinesAndOtherNumbersAreAllowed(text: String) {
        let identity = Rules.KnownIdentity(name: "张三丰", phone: "139 0000 1234")
        #expect(Self.refusal { () throws(Refusal) in try Rules.keepOut(identity, of: "答复：\(text)。") } == nil)
        #expect(Self.refusal { () throws(Refusal) in try Rules.keepOut(nil, of: "答复：\(text)。") } == nil)
    }

    @Test func aSurnameAloneGivesNobodyAway() {
        let identity = Rules.KnownIdentity(name: "张", phone: "12")
        #expect(Self.refusal { () throws(Refusal) in try Rules.keepOut(identity, of: "张家界路12号") } == nil)
    }

    @Test func aForeignNameIsFoundInAnyWriting() {
        let identity = Rules.KnownIdentity(name: "John Smith", phone: nil)
        #expect(Self.refusal { () throws(Refusal) in try Rules.keepOut(identity, of: "ＪＯＨＮ　smith 您好") } != nil)
    }

    @Test(arguments: ["匿名", "网友", "热心市民"]) func aNameThatNamesNobodyIsAllowed(name: String) {
        let identity = Rules.KnownIdentity(name: name, phone: nil)
        let refusal = Self.refusal { () throws(Refusal) in try Rules.keepOut(identity, of: "尊敬的\(name)：您好") }
        #expect(refusal == nil)
    }

    @Test func anInternalNoteIsNotSearched() {
        let identity = Rules.KnownIdentity(name: "张三丰", phone: nil)
        let progress = { (isPublic: Bool) in
            Self.refusal { () throws(Refusal) in
                _ = try Rules.addProgress(Self.record(), Note(unchecked: "张三丰"), isPublic: isPublic, identity)
            }
        }
        #expect(progress(false) == nil && progress(true)?.reason == "identityInReply")
    }

    // MARK: 结果

    @Test func aResultStopsTheUnitsClocksAndStartsTheReview() throws {
        let step = try Rules.fileResult(
            Self.record(), reply: Self.reply, overdueNamed: [], Self.calendar, at: Self.monday)
        #expect(
            step.record.status == .reported && step.record.holder == .office && step.record.draftReply == Self.reply)
        #expect(step.clocks == [.stop(.opinion), .stop(.result), .start(.review)])
        #expect(!step.noteIsPublic && step.events.isEmpty && step.record.approvedReply == nil)
    }

    @Test(arguments: [
        (CoOrderStatus.open, true, true), (.open, false, false), (.done, true, false), (.withdrawn, true, false),
    ])
    func aResultWaitsForOpenRequiredCoOrders(status: CoOrderStatus, required: Bool, waits: Bool) {
        var record = Self.record()
        record.coOrders = [CoOrder(unitId: UnitID(unchecked: "b"), task: Self.note, required: required, status: status)]
        let refusal = Self.refusal { () throws(Refusal) in
            _ = try Rules.fileResult(record, reply: Self.reply, overdueNamed: [], Self.calendar, at: Self.monday)
        }
        #expect(refusal?.code == (waits ? .coOrdersOpen : nil))
    }

    @Test func withoutADueDateNoCoUnitIsPastIts() {
        var record = Self.record()
        record.coOrders = [CoOrder(unitId: UnitID(unchecked: "b"), task: Self.note, required: true)]
        let refusal = Self.refusal { () throws(Refusal) in
            _ = try Rules.fileResult(
                record, reply: Self.reply, overdueNamed: [UnitID(unchecked: "b")], Self.calendar, at: Self.monday)
        }
        #expect(refusal?.facts == .units([UnitID(unchecked: "b")]))
    }

    @Test(arguments: [
        "", "，。", "收到", "已收到，谢谢！", "已转办", "已转有关部门处理", "正在核实", "处理中。", "非本单位职责", "not our duty", "RECEIVED!",
    ])
    func interimWordsAreAllThatIsSaid(reply: String) { #expect(InterimWords.isAllOf(reply)) }

    @Test(arguments: ["已修复路灯", "经核实不属实", "收到罚款2万元", "已处理", "问题已解决", "已转办城管局，当日清运", "工地正在调查，已先停工"])
    func aResultSaysMore(reply: String) { #expect(!InterimWords.isAllOf(reply)) }

    @Test(arguments: CoOrderStatus.allCases) func aCoUnitFilesAnOpenPartOnly(status: CoOrderStatus) {
        var record = Self.record()
        let unit = UnitID(unchecked: "b")
        record.coOrders = [CoOrder(unitId: unit, task: Self.note, required: true, status: status)]
        let refusal = Self.refusal { () throws(Refusal) in
            let step = try Rules.fileCoResult(record, by: unit, Self.reply)
            #expect(step.record.coOrders.map(\.status) == [.done] && step.clocks.isEmpty)
        }
        #expect(refusal?.code == [.open: nil, .done: .notAccepted, .withdrawn: .notAllowed][status])
    }

    @Test func anOpinionStopsItsClockAndNothingElse() {
        let step = Rules.fileOpinion(Self.record(), Self.reply)
        var expected = Self.record()
        (expected.proceedings.hasBegun, expected.proceedings.hasOpinion) = (true, true)
        #expect(step.record == expected && step.clocks == [.stop(.opinion)] && !step.noteIsPublic)
    }

    // MARK: 审定、反馈

    @Test(arguments: [nil, "上一轮的答复"]) func aWithdrawnApprovalLeavesWhatWasPublished(published: String?) {
        var record = Self.record(.approved)
        (record.approvedReply, record.approvedAt, record.hasUnseenSupplement) = (Self.reply, Self.monday, true)
        let step = Rules.withdrawApproval(record, published: published, reason: Self.note)
        #expect(step.record.status == .reported && step.record.holder == .office)
        #expect(step.record.approvedReply?.text == published && step.record.approvedAt == nil)
        #expect(!step.record.hasUnseenSupplement && step.clocks == [.stop(.publication), .start(.review)])
    }

    @Test func anApprovalHandsTheReplyToThePublisher() throws {
        var record = Self.record(.reported)
        record.draftReply = Self.reply
        record.hasUnseenSupplement = true
        let step = try Rules.approve(record, nil, comment: Self.note, at: Self.monday)
        #expect(step.record.status == .approved && step.record.holder == .publisher)
        #expect(
            step.record.approvedReply == Self.reply && step.record.approvedAt == Self.monday
                && !step.record.hasUnseenSupplement)
        #expect(step.clocks == [.stop(.review), .start(.publication)] && !step.noteIsPublic)
        record.draftReply = nil
        #expect(
            Self.refusal { () throws(Refusal) in _ = try Rules.approve(record, nil, comment: Self.note, at: Self.monday)
            }?.reason == "noReply")
    }

    @Test func aSendBackIsARoundMore() throws {
        var record = Self.record(.reported)
        record.unreachableCount = 2
        record.coOrders = [
            CoOrder(unitId: UnitID(unchecked: "b"), task: Self.note, required: true, status: .done),
            CoOrder(unitId: UnitID(unchecked: "c"), task: Self.note, required: true, status: .withdrawn),
        ]
        let step = try Rules.sendBack(record, comment: Self.note, reopen: [UnitID(unchecked: "b")])
        #expect(step.record.status == .claimed && step.record.holder == .leadUnit && step.record.round == 2)
        #expect(step.record.coOrders.map(\.status) == [.open, .withdrawn] && step.record.unreachableCount == 0)
        #expect(step.clocks == [.stop(.review), .sendBack])
        let withdrawn = Self.refusal { () throws(Refusal) in
            _ = try Rules.sendBack(
                record, comment: Self.note, reopen: [UnitID(unchecked: "b"), UnitID(unchecked: "c")])
        }
        #expect(
            withdrawn?.code == .unknownReference
                && withdrawn?.facts == .field(path: "reopenCoOrders[1]", problem: "unknown"))
    }

    @Test(arguments: PublicationWay.allCases, [true, false]) func whatIsNotOpenGoesAnyWayButTheBoard(
        way: PublicationWay, open: Bool
    ) {
        var record = Self.record(.approved)
        (record.open, record.approvedReply, record.approvedAt) = (open, Self.reply, Self.monday)
        let refusal = Self.refusal { () throws(Refusal) in
            _ = try Rules.confirmPublication(record, way, at: Self.monday, now: Self.monday)
        }
        #expect(refusal?.reason == (way == .board && !open ? "notForBoard" : nil))
    }

    @Test func aPublicationIsPublicAndTellsTheOthers() throws {
        var record = Self.record(.approved)
        (record.approvedReply, record.approvedAt) = (Self.reply, Self.monday)
        let step = try Rules.confirmPublication(record, .phone, at: Self.monday, now: Self.monday)
        #expect(step.record.status == .replied && step.record.holder == .supervision)
        #expect(step.note == Self.reply.text && step.noteIsPublic && step.events == [.replyPublished])
        #expect(step.clocks == [.stop(.publication), .stop(.reply), .start(.followUp)])
    }
}

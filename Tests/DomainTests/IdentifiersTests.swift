import Domain
import Testing

struct IdentifiersTests {
    @Test(
        arguments: [
            (202_611_000_000_042, "202611-000000042"), (202_601_000_000_000, "202601-000000000"),
            (202_612_999_999_999, "202612-999999999"), (999_912_123_456_789, "999912-123456789"),
        ] as [(Int64, String)])
    func aCaseNumberIsItsKeyReadably(id: Int64, text: String) throws {
        #expect(CaseNumber(id: id).text == text)
        #expect(CaseNumber(text)?.id == id)
    }

    @Test func everyKeyOfAMonthReadsBack() {
        var numbers = SeededNumbers(3)
        for _ in 0..<1000 {
            let day = Day(Int.random(in: 2000...2100, using: &numbers), Int.random(in: 1...12, using: &numbers), 28)
            let id = CaseNumber.id(Int64.random(in: 0..<1_000_000_000, using: &numbers), registeredOn: day)
            #expect(CaseNumber(id: id).id == id)
            #expect(CaseNumber(id: id).text.hasPrefix(day.description.prefix(7).replacing("-", with: "")))
        }
    }

    @Test func theMonthIsThatOfTheDayOfRegistration() throws {
        let last = try Instant("2026-11-30T23:59:59.999+08:00").unwrapped
        #expect(CaseNumber.id(7, registeredOn: last.day) == 202_611_000_000_007)
        #expect(CaseNumber.id(7, registeredOn: last.adding(milliseconds: 1).day) == 202_612_000_000_007)
        #expect(
            CaseNumber.id(1_000_000_003, registeredOn: last.day) == 202_611_000_000_003,
            "the running number stays in its month")
    }

    @Test(arguments: [
        "1", "nonsense", "202611", "202611-", "-000000042", "202611-42", "202611-0000000042", "2026110-00000042",
        "202611_000000042",
        "202611-000000042-", "202611--00000042", "202611-00000004x", "202611-+00000042", "2026-1-000000042",
        "２０２６１１-000000042",
        "202600-000000042", "202613-000000042", "202699-000000042", "000011-000000042", "202611-000000042 ",
        " 202611-000000042",
        "编号202611-000000042",
    ])
    func aTextThatNoCaseCanHaveHasNoKey(text: String) {
        #expect(CaseNumber(text) != nil, "to callers it is opaque")
        #expect(CaseNumber(text)?.id == nil)
    }

    @Test func numbersAndUnitsAreOrderedByTheirText() {
        #expect(CaseNumber(id: 202_611_000_000_042) < CaseNumber(id: 202_611_000_000_043))
        #expect(CaseNumber(id: 202_611_999_999_999) < CaseNumber(id: 202_612_000_000_000))
        #expect(UnitID(unchecked: "a") < UnitID(unchecked: "b"))
    }
}

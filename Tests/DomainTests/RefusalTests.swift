import Domain
import Testing

struct RefusalTests {
    /// CONTRACT's table of codes.
    @Test(
        arguments: [
            (.badParams, -32602), (.unauthenticated, -32001), (.notAllowed, -32003), (.busy, -32005),
            (.keyInUse, -32009),
            (.keyReused, -32022), (.notFound, 1001), (.wrongStatus, 1002), (.staleVersion, 1003),
            (.alreadyClaimed, 1004),
            (.tooLate, 1005), (.limitReached, 1006), (.conflictOfInterest, 1007), (.coOrdersOpen, 1008),
            (.unknownReference, 1009),
            (.sealed, 1010), (.notAccepted, 1011),
        ] as [(Refusal.Code, Int)])
    func aCodeIsTheContracts(code: Refusal.Code, number: Int) {
        #expect(code.rawValue == number)
    }

    @Test func aRefusalSaysWhatStoodInTheWay() {
        #expect(Refusal.notFound.code == .notFound && Refusal.notFound.reason == "notFound")
        #expect(Refusal.sealed.code == .sealed)
        #expect(Refusal.notLeadUnit.code == .notAllowed && Refusal.notLeadUnit.reason == "notLeadUnit")
        #expect(Refusal.field("a.b", "required").facts == .field(path: "a.b", problem: "required"))
        #expect(Refusal.unknown("unitId").code == .unknownReference)
        #expect(Refusal.unknown("unitId").facts == .field(path: "unitId", problem: "unknown"))
        #expect(Refusal.notAccepted("identityInReply", "含身份").reason == "identityInReply")
        #expect(Refusal.tooLate("已过期").code == .tooLate)
    }

    @Test(arguments: CaseStatus.allCases)
    func aWrongStatusNamesTheMethodsThatMayBeUsedNow(status: CaseStatus) {
        for role in Role.allCases {
            let refusal = Refusal.wrongStatus(status, for: role)
            #expect(refusal.code == .wrongStatus)
            #expect(refusal.facts == .status(status, allowed: StatusTable.methods(in: status, for: role)))
        }
    }
}

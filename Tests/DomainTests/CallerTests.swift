import Domain
import Testing

/// DOMAIN, "Who acts": the column "sees".
struct CallerTests {
    private static func caller(_ role: Role) -> Caller { Caller(clientId: 1, role: role) }

    @Test(arguments: Role.allCases)
    func aCallerThatIsBoundToNothingSees(role: Role) {
        let seesAll: Set<Role> = [.registrar, .office, .supervisor, .auditor, .service, .system, .leader]
        for status in CaseStatus.allCases {
            #expect(Self.caller(role).sees(Records.record(status)) == seesAll.contains(role), "\(role), \(status)")
        }
    }

    @Test func aSourceSeesTheCasesOfItsChannels() {
        var source = Self.caller(.source)
        source.channels = [ChannelCode(unchecked: "hotline")]
        #expect(!source.sees(Records.record(.claimed)))
        source.channels.insert(ChannelCode(unchecked: "board"))
        #expect(source.sees(Records.record(.claimed)))
    }

    @Test func aUnitSeesWhatItOrAUnitBeneathItLeadsOrCoHandles() {
        var unit = Self.caller(.unit)
        unit.unit = Records.unit("county")
        unit.subtree = [Records.unit("county"), Records.unit("township")]
        for (lead, sees) in [("county", true), ("township", true), ("other", false)] {
            var record = Records.record(.claimed)
            record.leadUnitId = Records.unit(lead)
            #expect(unit.sees(record) == sees)
            #expect(unit.leads(record) == (lead == "county"))
            record.leadUnitId = Records.unit("other")
            for status in CoOrderStatus.allCases {
                record.coOrders = [
                    CoOrder(unitId: Records.unit(lead), task: Note(unchecked: "配合"), required: true, status: status)
                ]
                #expect(unit.sees(record) == (sees && status != .withdrawn))
                #expect(!unit.leads(record))
            }
        }
        let unassigned = Records.record(.registered)
        #expect(!unit.sees(unassigned) && !unit.leads(unassigned))
        #expect(!Self.caller(.office).leads(unassigned), "no unit is not the lead of a case without one")
        var proposed = unassigned
        proposed.proposedUnitId = unit.unit
        proposed.about = [Records.unit("county")]
        #expect(!unit.sees(proposed), "neither a proposal nor a complaint shows a unit the case")
    }

    @Test func aFormerLeadIsWhoSeesACaseForNothingElse() {
        var unit = Self.caller(.unit)
        unit.unit = Records.unit("county")
        unit.subtree = [Records.unit("county"), Records.unit("township")]
        var record = Records.record(.claimed)
        record.leadUnitId = Records.unit("other")
        #expect(!unit.isFormerLead(of: record) && !unit.sees(record))
        record.formerLeads = [Records.unit("township")]
        #expect(unit.isFormerLead(of: record) && unit.sees(record) && !unit.leads(record))
        record.coOrders = [CoOrder(unitId: Records.unit("county"), task: Note(unchecked: "配合"), required: true)]
        #expect(!unit.isFormerLead(of: record) && unit.sees(record))
        record.coOrders = []
        record.leadUnitId = Records.unit("county")
        #expect(!unit.isFormerLead(of: record) && unit.sees(record))
        #expect(!Self.caller(.office).isFormerLead(of: record))
    }

    @Test func aLeaderSeesTheCasesOfTheTerritory() {
        var (leader, record) = (Self.caller(.leader), Records.record(.claimed))
        #expect(leader.sees(record), "bound to the whole city")
        leader.territory = [DivisionCode(unchecked: "431002")]
        #expect(!leader.sees(record), "nobody knows where it happened")
        record.divisionCode = DivisionCode(unchecked: "431002")
        #expect(leader.sees(record))
        record.divisionCode = DivisionCode(unchecked: "431003")
        #expect(!leader.sees(record))
        leader.territory = []
        #expect(!leader.sees(record))
    }

    @Test func theRolesOfPeopleAndSystemsAreAllButOurOwn() {
        #expect(Role.callers == Set(Role.allCases).subtracting([.service, .system]))
        #expect(Role.caseReaders == [.source, .registrar, .office, .unit, .leader, .supervisor, .auditor])
    }
}

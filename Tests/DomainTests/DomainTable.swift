import Domain

/// DOMAIN's two tables of actions, row for row, written a second time and independent of the code. The CONTRACT adds to
/// `seal` that programs do it (`service`) and, in tests, an administrator; "its open cases pass on" is a `reassign` by
/// the system that leaves the status as it is.
enum DomainTable {
    struct Entry: Hashable {
        var status: CaseStatus
        var action: CaseAction
        var role: Role
    }

    /// From; action; role; to. `=` is "as it was".
    private static let text = """
        registered                           ; proposeDecline     ; registrar                  ; =
        registered                           ; confirmDecline     ; office                     ; declined
        declined                             ; recall             ; office supervisor          ; registered
        registered                           ; dispatch           ; office                     ; dispatched
        dispatched                           ; claim              ; unit                       ; claimed
        dispatched                           ; lapse              ; system                     ; claimed
        dispatched claimed                   ; requestReturn      ; unit                       ; returning
        returning                            ; decideReturn       ; office                     ; dispatched registered claimed
        dispatched claimed awaitingPetitioner; reassign           ; office                     ; dispatched
        dispatched returning claimed awaitingPetitioner reported approved replied; reassign; system; =
        claimed                              ; askPetitioner      ; unit                       ; awaitingPetitioner
        awaitingPetitioner                   ; supplement         ; source registrar           ; claimed
        awaitingPetitioner                   ; resume             ; unit                       ; claimed
        awaitingPetitioner                   ; lapse              ; system                     ; claimed
        claimed                              ; fileResult         ; unit                       ; reported
        reported                             ; review             ; office                     ; claimed approved
        approved                             ; withdrawApproval   ; office                     ; reported
        approved                             ; confirmPublication ; registrar source           ; replied
        replied                              ; recordFollowUp     ; supervisor                 ; closed claimed =
        replied                              ; rate               ; source                     ; closed claimed =
        replied                              ; ruleRound          ; office                     ; claimed closed
        replied                              ; lapse              ; system                     ; closed
        closed                               ; reopen             ; source supervisor office   ; claimed
        registered dispatched claimed        ; merge              ; registrar                  ; merged
        merged                               ; unmerge            ; registrar                  ; registered
        merged                               ; follow             ; system                     ; approved
        registered                           ; withdraw           ; registrar source           ; withdrawn
        dispatched claimed awaitingPetitioner; withdraw           ; registrar source           ; =
        dispatched claimed awaitingPetitioner; confirmWithdrawal  ; supervisor                 ; withdrawn
        closed declined withdrawn            ; seal               ; system service admin       ; archived
        registered dispatched claimed        ; classify           ; registrar                  ; =
        dispatched claimed                   ; classify           ; office                     ; =
        registered dispatched returning claimed reported approved replied merged; supplement; source registrar; =
        claimed                              ; fileOpinion        ; unit                       ; =
        claimed awaitingPetitioner           ; addProgress        ; unit                       ; =
        dispatched claimed awaitingPetitioner; addCoOrder         ; office unit                ; =
        dispatched claimed awaitingPetitioner; withdrawCoOrder    ; office unit                ; =
        dispatched claimed awaitingPetitioner; fileCoResult       ; unit                       ; =
        dispatched claimed awaitingPetitioner; objectCoOrder      ; unit                       ; =
        dispatched claimed awaitingPetitioner; decideCoObjection  ; office                     ; =
        claimed awaitingPetitioner           ; requestExtension   ; unit                       ; =
        claimed awaitingPetitioner           ; decideExtension    ; office                     ; =
        dispatched returning claimed awaitingPetitioner; changeUrgency; office system           ; =
        claimed awaitingPetitioner reported approved; changeResponsible; unit                   ; =
        registered dispatched returning claimed awaitingPetitioner reported approved replied closed declined merged \
        withdrawn; instruct; leader office; =
        dispatched returning claimed awaitingPetitioner reported approved; urge; supervisor source; =
        closed                               ; recordFollowUp     ; supervisor                 ; = claimed
        closed                               ; rate               ; source                     ; = claimed
        dispatched returning claimed awaitingPetitioner reported approved replied closed; requestExclusion; unit supervisor; =
        dispatched returning claimed awaitingPetitioner reported approved replied closed; decideExclusion; office; =
        dispatched returning claimed awaitingPetitioner reported approved replied closed; openAccountability; supervisor; =
        registered dispatched returning claimed awaitingPetitioner reported approved replied; saveCalendar; system; =
        registered dispatched returning claimed awaitingPetitioner reported approved replied declined merged withdrawn; \
        settlePromise; supervisor; =
        closed; settlePromise; supervisor; = claimed
        registered dispatched returning claimed awaitingPetitioner reported approved replied closed declined merged \
        withdrawn; recordAccountability; office; =
        """

    /// Where each allowed pair leads.
    static let entries: [Entry: Set<CaseStatus>] = text.split(separator: "\n").reduce(into: [:]) { entries, line in
        let columns = line.split(separator: ";").map { $0.split(separator: " ").map(String.init) }
        for status in columns[0].map(status) {
            for role in columns[2] {
                let entry = Entry(status: status, action: action(columns[1][0]), role: Self.role(role))
                precondition(entries[entry] == nil, "\(entry) stands in two rows")
                entries[entry] = Set(columns[3].map { $0 == "=" ? status : Self.status($0) })
            }
        }
    }

    /// The roles of an action's method: all but the clock.
    static func roles(of action: CaseAction) -> Set<Role> {
        if action == .register { return [.source, .registrar] }
        return Set(entries.keys.filter { $0.action == action }.map(\.role)).subtracting([.system])
    }

    private static func status(_ word: String) -> CaseStatus { known(CaseStatus(rawValue: word), word) }
    private static func action(_ word: String) -> CaseAction { known(CaseAction(rawValue: word), word) }
    private static func role(_ word: String) -> Role { known(Role(rawValue: word), word) }

    private static func known<Value>(_ value: Value?, _ word: String) -> Value {
        guard let value else { preconditionFailure("\(word) is no word of the domain") }
        return value
    }
}

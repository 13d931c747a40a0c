/// A step that takes a case further in its life, and who takes it with which params.
enum Step: String, CaseIterable, Sendable {
    case dispatch, claim, fileResult, review, confirmPublication, recordFollowUp, seal

    /// Those that are measured each by itself.
    static let measured = allCases.filter { $0 != .seal }

    var method: String {
        switch self {
        case .dispatch, .claim: "assignment.\(rawValue)"
        case .fileResult, .review, .confirmPublication: "handling.\(rawValue)"
        case .recordFollowUp: "supervision.\(rawValue)"
        case .seal: "archive.\(rawValue)"
        }
    }

    /// The case's version after it.
    var version: Int { (Self.allCases.firstIndex(of: self) ?? 0) + 2 }

    func token(_ desks: Desks) -> String {
        switch self {
        case .dispatch, .review: desks.office
        case .claim, .fileResult: desks.unit
        case .confirmPublication: desks.registrar
        case .recordFollowUp: desks.supervisor
        case .seal: desks.admin
        }
    }

    /// Ends with the number, by which rows are found again.
    func key(_ caseNumber: String, _ run: String) -> String { "\(run)-\(rawValue)-\(caseNumber)" }

    /// - Parameter at: when the reply was published, RFC 3339; the reply has been approved before.
    func body(_ caseNumber: String, at: String) -> String {
        """
        {"jsonrpc":"2.0","id":1,"method":"\(method)","params":{"caseNumber":"\(caseNumber)",\
        "person":{"name":"左怀远","title":"值班员"}\(params(at: at))}}
        """
    }

    private func params(at: String) -> String {
        switch self {
        case .dispatch:
            #","leadUnitId":"\#(Desks.unitId)","instructions":"请按时限认领、办理，并将结果报两办审定后答复来信人。""#
        case .claim:
            #","responsiblePerson":{"name":"周明远","title":"科长"}"#
        case .fileResult:
            """
            ,"factual":true,"resolution":"resolved","signedBy":{"name":"吴思齐","title":"局长"},\
            "internalAccount":"执法人员当晚到场核查，工地确在二十二时后浇筑混凝土，许可只到二十二时，已当场责令停工，并立案处理。",\
            "publicReply":"经查，该工地夜间施工许可只到二十二时，超时施工的情况属实。执法部门已责令其立即停止，并依法立案处理；\
            工地出入口已加装洗车设备，路面每日清扫两次。如再有超时施工，请拨打值守电话，我们将及时到场。感谢您的监督。"
            """
        case .review:
            #","decision":"approve","comment":"事实清楚，答复得当，同意反馈。","reviewer":{"name":"左怀远","title":"主任"}"#
        case .confirmPublication:
            #","way":"phone","at":"\#(at)""#
        case .recordFollowUp:
            #","method":"phone","satisfaction":"satisfied","resolution":"resolved""#
        case .seal: ""
        }
    }
}

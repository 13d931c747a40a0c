import Domain
import JSONRPC
import TestKit

extension PermissionTable {
    /// Good params. A case that is closed is visited, one that is not is called.
    static func params(_ method: String, _ number: String, _ status: CaseStatus) -> JSONValue {
        let c = JSONValue(number)
        switch method {
        case "intake.classify": return ["caseNumber": c, "category": "urban.noise"]
        case "intake.proposeDecline": return ["caseNumber": c, "ground": "settled", "explanation": "已办结"]
        case "intake.supplement": return ["caseNumber": c, "text": "昨夜仍在施工"]
        case "intake.recall", "intake.unmerge", "intake.withdraw": return ["caseNumber": c, "reason": "有误"]
        case "intake.merge": return ["caseNumber": c, "into": c]
        case "handling.askPetitioner": return ["caseNumber": c, "question": "请问在几号楼？"]
        case "handling.resume", "supervision.confirmWithdrawal": return ["caseNumber": c, "note": "已经核实"]
        case "supervision.reopen": return ["caseNumber": c, "reason": "问题反弹", "instructionSeq": 1]
        case "supervision.requestExclusion":
            return ["caseNumber": c, "measures": ["responseRate"], "ground": "法定期限更长"]
        case "supervision.decideExclusion": return ["caseNumber": c, "decision": "grant", "ground": "属实"]
        case "supervision.openAccountability":
            return [
                "caseNumber": c, "unitId": "housing", "accountable": ["name": "吴局长", "title": "局长"], "ground": "虚报办结",
            ]
        case "assignment.dispatch": return ["caseNumber": c, "leadUnitId": "housing"]
        case "assignment.claim": return ["caseNumber": c, "responsiblePerson": ["name": "王主任", "title": "科长"]]
        case "assignment.requestReturn": return City.returned(number)
        case "assignment.decideReturn": return ["caseNumber": c, "decision": "deny", "ground": "属于其职责"]
        case "assignment.reassign":
            return ["caseNumber": c, "leadUnitId": "north", "ground": "wrongUnit", "note": "改派"]
        case "assignment.requestExtension":
            return [
                "caseNumber": c, "until": "2026-03-16", "reason": "案情复杂", "legalBasis": "规定第五条",
                "interimReply": "正在核查",
            ]
        case "assignment.decideExtension": return ["caseNumber": c, "decision": "grant", "ground": "确有必要"]
        case "assignment.addCoOrder": return ["caseNumber": c, "unitId": "housing-roads", "task": "修复路面"]
        case "assignment.withdrawCoOrder": return ["caseNumber": c, "unitId": "transport", "reason": "不再需要"]
        case "assignment.objectCoOrder": return ["caseNumber": c, "ground": "不属于本单位职责"]
        case "assignment.decideCoObjection": return ["caseNumber": c, "unitId": "transport", "decision": "deny"]
        case "assignment.changeUrgency": return ["caseNumber": c, "urgency": "important", "ground": "影响面广"]
        case "assignment.changeResponsible":
            return ["caseNumber": c, "responsiblePerson": ["name": "王主任", "title": "科长"], "reason": "岗位调整"]
        case "assignment.instruct": return ["caseNumber": c, "text": "从速办理", "leader": ["name": "赵书记", "title": "书记"]]
        case "handling.fileOpinion": return ["caseNumber": c, "opinion": "拟现场核查"]
        case "handling.addProgress": return ["caseNumber": c, "note": "已现场核查", "public": true]
        case "handling.fileCoResult": return ["caseNumber": c, "account": "已配合核查"]
        case "handling.fileResult": return City.result(number)
        case "handling.review": return City.review(number, "approve")
        case "handling.withdrawApproval": return ["caseNumber": c, "reason": "答复有误"]
        case "handling.confirmPublication": return ["caseNumber": c, "way": "phone", "at": "2026-03-02T09:00:00+08:00"]
        case "supervision.recordFollowUp":
            return City.followUp(number, "satisfied", method: status == .closed ? "openVisit" : "phone")
        case "supervision.rate": return ["caseNumber": c, "satisfaction": "satisfied", "resolution": "resolved"]
        case "supervision.ruleRound":
            return [
                "caseNumber": c, "decision": "anotherRound", "ground": "须再办", "leader": ["name": "赵书记", "title": "书记"],
            ]
        case "supervision.urge": return ["caseNumber": c, "text": "请从速"]
        default: return ["caseNumber": c]
        }
    }
}

import Domain

// The Chinese words of what stands in a timeline.

extension CaseStatus {
    var chinese: String {
        switch self {
        case .registered: "已登记"
        case .dispatched: "已交办"
        case .returning: "退单待裁"
        case .claimed: "已认领"
        case .awaitingPetitioner: "待补充"
        case .reported: "已报结果"
        case .approved: "已审定"
        case .replied: "已反馈"
        case .closed: "已办结"
        case .declined: "不予受理"
        case .merged: "已并件"
        case .withdrawn: "已撤件"
        case .archived: "已归档"
        }
    }
}

extension Role {
    var chinese: String {
        switch self {
        case .source: "来源"
        case .registrar: "网管中心"
        case .office: "两办"
        case .unit: "承办单位"
        case .leader: "市领导"
        case .supervisor: "督查"
        case .auditor: "审计"
        case .observer: "观察员"
        case .admin: "管理员"
        case .service, .system: "系统"
        }
    }
}

extension CaseAction {
    var chinese: String {
        switch self {
        case .register: "登记"
        case .classify: "分类拟办"
        case .proposeDecline: "拟不予受理"
        case .confirmDecline: "不予受理"
        case .recall: "撤回"
        case .merge: "并件"
        case .unmerge: "拆分"
        case .withdraw: "撤件"
        case .supplement: "补充"
        case .dispatch: "交办"
        case .claim: "认领"
        case .requestReturn: "退单"
        case .decideReturn: "退单裁定"
        case .reassign: "改派"
        case .changeResponsible: "变更责任人"
        case .requestExtension: "申请延期"
        case .decideExtension: "延期审批"
        case .addCoOrder: "增加协办"
        case .withdrawCoOrder: "撤销协办"
        case .objectCoOrder: "协办异议"
        case .decideCoObjection: "异议裁定"
        case .changeUrgency: "变更紧急程度"
        case .instruct: "批示"
        case .fileOpinion: "办理意见"
        case .addProgress: "办理进展"
        case .askPetitioner: "请补充"
        case .resume: "恢复办理"
        case .fileCoResult: "协办结果"
        case .fileResult: "办理结果"
        case .review: "审定"
        case .withdrawApproval: "撤回审定"
        case .confirmPublication: "反馈"
        case .recordFollowUp: "回访"
        case .rate: "评价"
        case .ruleRound: "裁定"
        case .reopen: "重办"
        case .urge: "催办"
        case .confirmWithdrawal: "确认撤件"
        case .requestExclusion: "申请剔除"
        case .decideExclusion: "剔除裁定"
        case .openAccountability: "启动问责"
        case .settlePromise: "销号"
        case .recordAccountability: "问责结果"
        case .lapse: "到期"
        case .follow: "随主件"
        case .seal: "归档"
        case .saveCalendar: "放假安排调整"
        }
    }
}

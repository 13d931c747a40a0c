"""Every method of the contract: its params, who may call it, a state in which it fits, good params, and its answer.

Written from CONTRACT.md and DOMAIN.md only. `name?` is an optional param. A case mutation also takes `idempotencyKey`,
`person` and `expectedVersion`, another mutation the first two.
"""

import hashlib

from city import CO, HEAD, LEAD, PERSON, REPLY, STRANGER, TOWNSHIP
from report import day, number, sha, time

EVERYONE = {"source", "registrar", "office", "unit", "leader", "supervisor", "auditor", "observer", "admin"}
READERS = EVERYONE - {"observer", "admin"}
ANYONE = EVERYONE | {"nobody"}
URGENCIES = {"ordinary", "important", "critical"}
LAMPS = {"green", "yellow", "red", "grey"}
TYPES = {"consultation", "help", "complaint", "report", "suggestion", "praise"}
STATUSES = {"registered", "dispatched", "returning", "claimed", "awaitingPetitioner", "reported", "approved", "replied",
            "closed", "declined", "merged", "withdrawn", "archived"}
MEASURES = {"replyRate", "responseRate", "closureRate", "resolutionRate", "satisfactionRate", "claimRate"}


def page(item):
    return {"items": [item], "nextCursor": lambda v: v is None or isinstance(v, str) and v != ""}


CHANGE = {"caseNumber": str, "status": STATUSES, "version": int}
LETTER = {**CHANGE, "letterNumber": str, "deliveredAt": time, "dueAt": time, "provisional": bool,
          "stages": [{"stage": {"claim", "result", "reply", "opinion"}, "dueAt": time}]}
LISTED = {"caseNumber": str, "status": STATUSES, "version": int, "channel": str, "type?": TYPES, "urgency": URGENCIES,
          "registeredAt": time, "holder": {"party": str, "name": str}, "lamp?": LAMPS, "dueAt?": time, "body!": 0,
          "clocks!": 0, "custody!": 0, "timeline!": 0}


class Method:
    def __init__(self, name, params, roles, actor=None, state=None, good=None, shape=None, kind="read"):
        self.name, self.roles, self.actor, self.state, self.kind = name, roles, actor, state, kind
        self.params = {p.rstrip("?"): not p.endswith("?") for p in params.split()}
        common = {"read": [], "logged": ["idempotencyKey", "person"], "mutation": ["idempotencyKey", "person"],
                  "case": ["idempotencyKey", "person", "expectedVersion"],
                  "matter": ["idempotencyKey", "person", "expectedVersion"]}[kind]
        self.params.update({name: False for name in common})
        self.good, self.shape = good or (lambda city, number: {}), shape

    def prepare(self, city):
        """A caller, good params in a fitting state, and the case they are about (None without)."""
        found = self.state(city) if callable(self.state) else city.bring(self.state) if self.state else None
        extra = {}
        if isinstance(found, tuple):
            found, extra = found
        params = {**({"caseNumber": found} if found and "caseNumber" in self.params else {}),
                  **self.good(city, found), **extra}
        return self.actor, params, found


def held(city):
    """Twice not accepted: held by the office."""
    case = city.bring("replied")
    for last in (False, True):
        city.do("supervisor", "supervision.recordFollowUp", caseNumber=case, method="phone", satisfaction="dissatisfied",
                resolution="unresolved")
        if not last:
            for status in ("reported", "approved", "replied"):
                city.step(case, status)
    return case


def asked_extension(city):
    case = city.bring("claimed")
    city.do(LEAD, "assignment.requestExtension", caseNumber=case, until=city.working_day(10), reason="需要会商",
            legalBasis="规定第五条", interimReply="正在会商，将于近期答复。")
    return case


def co_handled(city, objected=False):
    case = city.bring("dispatched", co=CO)
    if objected:
        city.do(CO, "assignment.objectCoOrder", caseNumber=case, ground="不属于本单位职责")
    return case


def with_exclusion(city):
    case = city.bring("claimed")
    city.do(LEAD, "supervision.requestExclusion", caseNumber=case, measures=["responseRate"], ground="法定期限更长")
    return case


def with_promise(city):
    case = city.bring("claimed")
    city.do(LEAD, "handling.fileResult",
            **city.result(case, resolution="partly", unresolvedReason="余下部分须等材料",
                          promises=[{"commitment": "年底前完成改造", "dueOn": city.today(30)}]))
    for status in ("approved", "replied", "closed"):
        city.step(case, status)
    city.until(lambda: city.call("office", "supervision.promises", caseNumber=case)["items"])
    items = city.call("office", "supervision.promises", caseNumber=case)["items"] or [{}]
    return case, {"promiseId": items[0].get("promiseId", "none")}


def with_accountability(city):
    case = city.bring("claimed")
    answer = city.do("supervisor", "supervision.openAccountability", caseNumber=case, unitId=LEAD, accountable=PERSON,
                     ground="久拖不办")
    return case, {"id": answer["id"]}


def withdrawing(city):
    case = city.bring("claimed")
    city.do("registrar", "intake.withdraw", caseNumber=case, reason="当事人撤回")
    return case


def proposed_decline(city):
    case = city.bring("registered")
    city.do("registrar", "intake.proposeDecline", caseNumber=case, ground="settled", explanation="已依法办结",
            rightChannel="人民法院")
    return case


def exported(city):
    city.bring("archived")
    today = city.today()
    return None, {"exportId": city.do("auditor", "archive.export", **{"from": today, "to": today})["exportId"]}


def tracked(city):
    answer = city.do("source", "intake.register", **city.message())
    return answer["caseNumber"], {"trackingCode": answer["trackingCode"]}


def letter(city):
    case = city.register()
    answer = city.do("office", "assignment.dispatch", caseNumber=case, leadUnitId=LEAD)
    return None, {"letterNumber": answer["letterNumber"]}


def attachment():
    return {"name": "照片.jpg", "mediaType": "image/jpeg", "bytes": 1024, "sha256": hashlib.sha256(b"x").hexdigest(),
            "url": "https://example.org/a.jpg"}


def whole_message(city, _):
    return city.message(
        petitioner={"name": "李晓", "phone": f"1990{next(city.numbers):07}", "contact": "人民路1号", "account": "lixiao",
                    "confidential": False}, open=True, divisionCode="439902", address="人民路1号",
        location={"latitude": 25.77, "longitude": 113.01}, category="urban", urgency="ordinary", about=[STRANGER],
        postedAt=city.now(-3600), capturedAt=city.now(-60), attachments=[attachment()])


def last_month(city):
    year, month = map(int, city.today()[:7].split("-"))
    return f"{year - (month == 1):04}-{(month - 2) % 12 + 1:02}"


CALENDAR = {"year": 2028, "off": ["2028-01-03", "2028-10-03"], "work": ["2028-10-07"], "source": "国务院办公厅通知"}
UNIT = {"unitId": "outside-unit", "name": "外部测试局", "level": "city", "parentId": "yt-city", "lineParentId": "yt-housing",
        "head": "甲", "deputyInCharge": "乙", "liaison": {"name": "丙", "phone": "0799-8600099"},
        "divisionCode": "439900", "duties": ["测试"]}


def _case(name, params, roles, actor, state, good=None, shape=None):
    return Method(name, "caseNumber " + params, roles, actor, state, lambda city, number: dict(good or {}),
                  shape or CHANGE, "case")


METHODS = {m.name: m for m in [
    Method("intake.register", "channel externalId title body type? petitioner? open? divisionCode? address? location? "
           "category? urgency? about? relatedTo? postedAt? capturedAt? attachments?", {"source", "registrar"}, "source",
           None, whole_message,
           {**CHANGE, "status": "registered", "version": 1, "replayed": False, "registeredAt": time, "changed?": bool,
            "trackingCode": lambda v: len(v) == 12 and set(v) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")}, "mutation"),
    Method("intake.registerBatch", "cases", {"source", "registrar"}, "source", None,
           lambda city, _: {"cases": [city.message(), city.message()]},
           {"results": [{"caseNumber": str, "status": "registered", "replayed": False}]}, "mutation"),
    Method("intake.get", "caseNumber", READERS, "office", "claimed", None, {"caseNumber": str, "status": "claimed"}),
    Method("intake.search", "text? status? unitId? channel? category? urgency? divisionCode? registeredFrom? registeredTo? "
           "overdue? lamp? limit? cursor?", READERS, "office", "claimed",
           lambda city, _: {"status": ["claimed"], "unitId": LEAD, "channel": "city-board", "urgency": "ordinary",
                            "registeredFrom": city.today(-30), "registeredTo": city.today(), "limit": 5}, page(LISTED)),
    Method("intake.changes", "cursor? limit?", READERS, "source", "claimed", lambda city, _: {"limit": 5},
           page({"caseNumber": str, "externalId?": str, "version": int, "status": STATUSES, "at": time,
                 "kind": {"status", "question", "interim", "reply", "extension"}, "text?": str})),
    Method("intake.track", "caseNumber trackingCode", ANYONE, "nobody", tracked, None,
           {"status": "registered", "holder": lambda v: v, "dueAt": lambda v: v is None or time(v), "reply?": str,
            "timeline": list}, "logged"),
    _case("intake.classify", "category? urgency? divisionCode? type? about? confidential? unitText? proposedUnitId? proposal?",
          {"registrar", "office"}, "registrar", "registered",
          {"category": "urban", "urgency": "important", "divisionCode": "439902", "type": "complaint", "about": [STRANGER],
           "confidential": False, "unitText": "路灯不亮", "proposedUnitId": LEAD, "proposal": "建议交住建局"}),
    _case("intake.proposeDecline", "ground explanation rightChannel? transferredTo?", {"registrar"}, "registrar",
          "registered", {"ground": "emergencyLine", "explanation": "已转110", "rightChannel": "110", "transferredTo":
                         {"name": "市公安局", "receipt": "回执1号", "at": "2026-01-05T09:00:00+08:00"}},
          {**CHANGE, "status": "registered"}),
    _case("intake.confirmDecline", "", {"office"}, "office", proposed_decline, None, {**CHANGE, "status": "declined"}),
    _case("intake.recall", "reason", {"office", "supervisor"}, "office", "declined", {"reason": "有误"},
          {**CHANGE, "status": "registered"}),
    Method("intake.merge", "caseNumber into", {"registrar"}, "registrar", "registered",
           lambda city, _: {"into": city.bring("claimed")}, {**CHANGE, "status": "merged"}, "case"),
    _case("intake.unmerge", "reason", {"registrar"}, "registrar", "merged", {"reason": "并错"},
          {**CHANGE, "status": "registered"}),
    _case("intake.withdraw", "reason", {"registrar", "source"}, "source", "registered", {"reason": "已自行解决"},
          {**CHANGE, "status": "withdrawn"}),
    Method("intake.supplement", "caseNumber text attachments?", {"source", "registrar"}, "source", "claimed",
           lambda city, _: {"text": "昨晚仍不亮", "attachments": [attachment()]}, {**CHANGE, "status": "claimed"}, "case"),
    Method("intake.revealIdentity", "caseNumber purpose", {"unit", "registrar", "supervisor"}, "registrar",
           lambda city: city.bring("claimed", petitioner={"name": "李晓", "phone": f"1991{next(city.numbers):07}"}),
           lambda city, _: {"purpose": "contact"}, {"name": "李晓", "phone": str}, "logged"),
    Method("intake.identityLog", "caseNumber? from? to? limit? cursor?", {"auditor"}, "auditor", "registered",
           lambda city, _: {"from": city.today(-3), "to": city.today(), "limit": 10}, page(dict)),
    Method("intake.vocabulary", "", EVERYONE, "unit", None, None,
           {"channels": [{"code": str, "name": str, "kind": str, "ownerUnitId?": str}],
            "categories": [{"code": str, "name": str, "parent?": str}], "divisions": [{"code": str, "name": str}],
            "grounds": [{"word": str, "name": str}]}),
    Method("intake.saveChannel", "code name kind ownerUnitId?", {"admin"}, "admin", None,
           lambda city, _: {"code": "outside-channel", "name": "外部测试", "kind": "board", "ownerUnitId": LEAD}, dict,
           "mutation"),
    Method("intake.saveCategory", "code name parent?", {"admin"}, "admin", None,
           lambda city, _: {"code": "urban.outside", "name": "外部测试", "parent": "urban"}, dict, "mutation"),

    Method("assignment.dispatch", "caseNumber leadUnitId coUnits? instructions? conflictGround?", {"office"}, "office",
           "registered", lambda city, _: {"leadUnitId": LEAD, "instructions": "从速办理", "conflictGround": "唯一职责单位",
                                          "coUnits": [{"unitId": CO, "task": "配合核查", "required": False}]},
           {**LETTER, "status": "dispatched"}, "case"),
    _case("assignment.reassign", "leadUnitId ground note conflictGround?", {"office"}, "office", "claimed",
          {"leadUnitId": CO, "ground": "wrongUnit", "note": "职责在交通局", "conflictGround": "唯一职责单位"},
          {**LETTER, "status": "dispatched"}),
    Method("assignment.letter", "letterNumber format?", EVERYONE, "office", letter,
           lambda city, _: {"format": "html"}, {"letterNumber": str, "html": str}),
    Method("assignment.claimList", "unitId? limit? cursor?", EVERYONE, LEAD, "dispatched",
           lambda city, _: {"unitId": LEAD, "limit": 5}, page({**LISTED, "status": "dispatched"})),
    _case("assignment.claim", "responsiblePerson", {"unit"}, LEAD, "dispatched",
          {"responsiblePerson": {**PERSON, "phone": "0799-8600088"}}, {**CHANGE, "status": "claimed"}),
    _case("assignment.changeResponsible", "responsiblePerson reason", {"unit"}, LEAD, "claimed",
          {"responsiblePerson": {"name": "周全", "title": "副科长", "phone": "0799-8600088"}, "reason": "轮岗"}),
    _case("assignment.requestReturn", "ground dutyClause suggestedUnitId?", {"unit"}, LEAD, "dispatched",
          {"ground": "不属于本单位职责", "dutyClause": "三定规定第五条", "suggestedUnitId": CO},
          {**CHANGE, "status": "returning"}),
    _case("assignment.decideReturn", "decision leadUnitId? ground conflictGround?", {"office"}, "office", "returning",
          {"decision": "acceptToUnit", "leadUnitId": CO, "ground": "职责在交通局", "conflictGround": "唯一职责单位"},
          {**LETTER, "status": "dispatched"}),
    Method("assignment.returns", "unitId? decision? limit? cursor?", READERS - {"source"}, "office", "returning",
           lambda city, _: {"unitId": LEAD, "decision": "deny", "limit": 5}, page(dict)),
    Method("assignment.requestExtension", "caseNumber until reason legalBasis interimReply", {"unit"}, LEAD, "claimed",
           lambda city, _: {"until": city.working_day(10), "reason": "需要会商", "legalBasis": "规定第五条",
                            "interimReply": "正在会商。"}, {**CHANGE, "status": "claimed"}, "case"),
    _case("assignment.decideExtension", "decision ground", {"office"}, "office", asked_extension,
          {"decision": "grant", "ground": "确有必要"}),
    Method("assignment.extensions", "caseNumber? unitId? open? limit? cursor?", READERS - {"source"}, "office",
           asked_extension, lambda city, _: {"unitId": LEAD, "open": True, "limit": 5}, page(dict)),
    _case("assignment.addCoOrder", "unitId task required?", {"office", "unit"}, "office", "claimed",
          {"unitId": CO, "task": "核查路段", "required": True}),
    _case("assignment.withdrawCoOrder", "unitId reason", {"office", "unit"}, "office", co_handled,
          {"unitId": CO, "reason": "不再需要"}),
    _case("assignment.objectCoOrder", "ground", {"unit"}, CO, co_handled, {"ground": "不属于本单位职责"}),
    _case("assignment.decideCoObjection", "unitId decision", {"office"}, "office", lambda city: co_handled(city, True),
          {"unitId": CO, "decision": "deny"}),
    _case("assignment.changeUrgency", "urgency ground", {"office"}, "office", "claimed",
          {"urgency": "important", "ground": "影响面广"}),
    Method("assignment.instruct", "caseNumber text leader writtenOn?", {"leader", "office"}, "leader", "claimed",
           lambda city, _: {"text": "请从速办理", "leader": HEAD, "writtenOn": city.today()}, CHANGE, "case"),
    Method("assignment.saveUnit", "unitId name level parentId? lineParentId? head deputyInCharge liaison divisionCode? "
           "duties? abolishedOn? successorId?", {"admin"}, "admin", None, lambda city, _: dict(UNIT), dict, "mutation"),
    Method("assignment.units", "level? parentId? limit? cursor?", EVERYONE, "source", None,
           lambda city, _: {"level": "city", "parentId": "yt-city", "limit": 5},
           page({"unitId": str, "name": str, "level": "city", "parentId": "yt-city"})),

    _case("handling.fileOpinion", "opinion", {"unit"}, LEAD, "claimed", {"opinion": "拟更换灯具"}),
    _case("handling.addProgress", "note public?", {"unit"}, LEAD, "claimed", {"note": "已到现场", "public": True}),
    _case("handling.askPetitioner", "question", {"unit"}, LEAD, "claimed", {"question": "请问在哪一段？"},
          {**CHANGE, "status": "awaitingPetitioner"}),
    _case("handling.resume", "note", {"unit"}, LEAD, "awaitingPetitioner", {"note": "已查明"},
          {**CHANGE, "status": "claimed"}),
    _case("handling.fileCoResult", "account", {"unit"}, CO, co_handled, {"account": "已配合核查"}),
    Method("handling.fileResult", "caseNumber factual resolution unresolvedReason? contactedAt? internalAccount publicReply "
           "signedBy overdueCoUnits? promises? attachments?", {"unit"}, LEAD, "claimed",
           lambda city, number: city.result(
               number, resolution="partly", unresolvedReason="材料未到", contactedAt=city.now(-1), overdueCoUnits=[],
               promises=[{"commitment": "下月完成", "dueOn": city.today(20)}], attachments=[attachment()]),
           {**CHANGE, "status": "reported"}, "case"),
    _case("handling.review", "decision comment reviewer reopenCoOrders?", {"office"}, "office", "reported",
          {"decision": "sendBack", "comment": "请补充", "reviewer": PERSON, "reopenCoOrders": []},
          {**CHANGE, "status": "claimed"}),
    _case("handling.withdrawApproval", "reason", {"office"}, "office", "approved", {"reason": "答复有误"},
          {**CHANGE, "status": "reported"}),
    Method("handling.confirmPublication", "caseNumber way at url? sha256? originalGone? note?", {"registrar", "source"},
           "registrar", "approved", lambda city, number: city.publication(number, originalGone=False, note="已核对"),
           {**CHANGE, "status": "replied", "differs?": False}, "case"),

    _case("supervision.recordFollowUp", "method satisfaction resolution? note? falseCompletion?", {"supervisor"},
          "supervisor", "replied", {"method": "openVisit", "satisfaction": "satisfied", "resolution": "resolved",
                                    "note": "电话核实", "falseCompletion": False}, {**CHANGE, "status": "closed"}),
    _case("supervision.rate", "trackingCode? satisfaction resolution? reason?", {"source"}, "source", "replied",
          {"satisfaction": "satisfied", "resolution": "resolved", "reason": "满意"}, {**CHANGE, "status": "closed"}),
    _case("supervision.reopen", "reason instructionSeq?", {"source", "supervisor", "office"}, "supervisor", "closed",
          {"reason": "问题反弹"}, {**CHANGE, "status": "claimed"}),
    _case("supervision.ruleRound", "decision ground leader?", {"office"}, "office", held,
          {"decision": "anotherRound", "ground": "须再办", "leader": HEAD}, {**CHANGE, "status": "claimed"}),
    _case("supervision.urge", "text", {"supervisor", "source"}, "supervisor", "claimed", {"text": "请抓紧办理"}),
    _case("supervision.confirmWithdrawal", "note", {"supervisor"}, "supervisor", withdrawing, {"note": "已电话核实"},
          {**CHANGE, "status": "withdrawn"}),
    _case("supervision.requestExclusion", "measures ground", {"unit", "supervisor"}, LEAD, "claimed",
          {"measures": ["responseRate", "claimRate"], "ground": "法定期限更长"}),
    _case("supervision.decideExclusion", "decision ground", {"office"}, "office", with_exclusion,
          {"decision": "grant", "ground": "属实"}),
    Method("supervision.explainDeadline", "caseNumber", EVERYONE, "office", "claimed", None,
           {"dueAt": time, "policy": dict, "calendarVersion": int, "provisional": bool, "facts": list,
            "days": [{"day": day, "counts": bool, "why": str}]}),
    Method("supervision.computeDue", "from workingDays", EVERYONE, "observer", None,
           lambda city, _: {"from": "2026-09-30", "workingDays": 7},
           {"dueAt": "2026-10-15T23:59:59+08:00", "calendarVersion": int, "provisional": False}),
    Method("supervision.saveCalendar", "year off work source", {"admin"}, "admin", None, lambda city, _: dict(CALENDAR),
           {"calendarVersion": int, "toMove": int}, "mutation"),
    Method("supervision.previewCalendar", "year off work source? limit? cursor?", {"admin"}, "admin", None,
           lambda city, _: {**CALENDAR, "limit": 5},
           {"total": int, **page({"caseNumber": str, "from": time, "to": time})}),
    Method("supervision.overview", "unitId? from? to?", EVERYONE - {"source"}, "observer", "claimed",
           lambda city, _: {"unitId": LEAD, "from": city.today(-20), "to": city.today()},
           {"byStatus": dict, "byUrgency": dict, "byLamp": dict, "measures": dict}),
    Method("supervision.steps", "caseNumber? unitId? step? card? from? to? limit? cursor?", READERS - {"source"}, "office",
           None, lambda city, _: {"unitId": LEAD, "step": "urge", "from": city.today(-3), "to": city.today(), "limit": 5},
           page(dict)),
    Method("supervision.promises", "caseNumber? unitId? status? limit? cursor?", READERS - {"source"}, "office",
           lambda city: with_promise(city)[0], lambda city, _: {"unitId": LEAD, "status": "open", "limit": 5},
           page({"promiseId": str, "caseNumber": str, "status": "open"})),
    Method("supervision.settlePromise", "promiseId outcome evidence newDueOn?", {"supervisor"}, "supervisor", with_promise,
           lambda city, _: {"outcome": "moved", "evidence": "雨季延后", "newDueOn": city.today(60)}, CHANGE, "matter"),
    Method("supervision.compileBulletin", "month", {"office"}, "office", None,
           lambda city, _: {"month": last_month(city)}, {"month": str, "sha256": sha}, "mutation"),
    Method("supervision.publishBulletin", "month", {"office"}, "office",
           lambda city: (None, {"month": publishable(city)}), None, {"month": str, "sha256": sha}, "mutation"),
    Method("supervision.bulletin", "month format?", EVERYONE - {"source"}, "office", None,
           lambda city, _: {"month": compiled(city), "format": "html"}, {"month": str, "html": str}),
    Method("supervision.figure", "month unitId? measure limit? cursor?", EVERYONE - {"source", "admin"}, "office", None,
           lambda city, _: {"month": last_month(city), "unitId": LEAD, "measure": "responseRate", "limit": 5},
           page({"caseNumber": str})),
    Method("supervision.fileExplanation", "month? cardId? unitId text", {"unit"}, LEAD, None,
           lambda city, _: {"month": published(city), "unitId": LEAD, "text": "情况说明"}, dict, "mutation"),
    Method("supervision.appraisal", "year unitId? limit? cursor?", {"office", "supervisor", "auditor", "unit"}, "office",
           None, lambda city, _: {"year": 2026, "unitId": LEAD, "limit": 5},
           page({"unitId": str, "score": number, "deductions": list})),
    Method("supervision.openAccountability", "caseNumber? unitId accountable ground", {"supervisor"}, "supervisor",
           "claimed", lambda city, _: {"unitId": LEAD, "accountable": PERSON, "ground": "久拖不办"}, {"id": str}, "case"),
    Method("supervision.recordAccountability", "id outcome decidedBy documentNumber", {"office"}, "office",
           with_accountability, lambda city, _: {"outcome": "诫勉谈话", "decidedBy": "市纪委", "documentNumber": "1号"},
           dict, "matter"),
    Method("supervision.policies", "limit? cursor?", {"admin"}, "admin", None, lambda city, _: {"limit": 5},
           page({"name": str, "effectiveFrom": day})),
    Method("supervision.savePolicy", "name value effectiveFrom", {"admin"}, "admin", None,
           lambda city, _: policy(city), dict, "mutation"),

    Method("archive.get", "caseNumber", READERS, "auditor", "archived", None,
           {"document": dict, "sha256": sha, "day": day, "position": int}),
    Method("archive.verify", "caseNumber? from? to?", EVERYONE, "auditor", "archived", None,
           {"verified": True, "files": 1, "firstBroken!": 0}),
    Method("archive.root", "day", EVERYONE, "observer", None, lambda city, _: {"day": city.today()},
           {"root": sha, "previousRoot": sha, "files": int}),
    Method("archive.search", "from? to? caseNumber? unitId? category? divisionCode? urgency? retention? limit? cursor?",
           READERS, "auditor", "archived", lambda city, _: {"from": city.today(-1), "to": city.today(), "unitId": LEAD},
           page({"caseNumber": str, "sha256": sha, "day": day, "position": int})),
    Method("archive.export", "from to", {"auditor"}, "auditor", "archived",
           lambda city, _: {"from": city.today(), "to": city.today()},
           {"exportId": str, "files": int, "bytes": int, "sha256": sha}, "mutation"),
    Method("archive.exportPart", "exportId offset", {"auditor"}, "auditor", exported, lambda city, _: {"offset": 0},
           {"data": str, "nextOffset": lambda v: v is None or isinstance(v, int)}),
    _case("archive.seal", "", {"admin"}, "admin", "closed", None, {**CHANGE, "status": "archived"}),

    Method("system.ping", "", ANYONE, "nobody", None, None, "pong"),
    Method("system.subtract", "minuend subtrahend", ANYONE, "nobody", None,
           lambda city, _: {"minuend": 42, "subtrahend": 23}, 19),
    Method("system.info", "", EVERYONE, "source", None, None, dict),
    Method("system.stats", "", EVERYONE, "source", None, None, dict),
    Method("system.health", "", EVERYONE, "source", None, None, dict),
    Method("system.deadRows", "", {"admin"}, "admin", None, None, lambda v: v is not None),
    Method("system.redrive", "msgId", {"admin"}, "admin", None, None, None, "mutation"),
    Method("rpc.discover", "", ANYONE, "nobody", None, None, {"openrpc": "1.3.2", "info": dict, "methods": list}),
]}
# The programs' own events, which no door accepts.
EVENTS = {"intake.replyPublished", "supervision.caseDispatched", "supervision.replyPublished", "archive.caseClosed"}


def compiled(city):
    month = last_month(city)
    city.do("office", "supervision.compileBulletin", month=month)
    return month


_months = iter(f"{year}-{month:02}" for year in range(2025, 2004, -1) for month in range(12, 0, -1))


def publishable(city):
    """A month that is compiled and was not published, also on a system that was tried before."""
    for month in _months:
        answer = city.call("office", "supervision.compileBulletin", month=month)
        if answer.reason != "alreadyPublished":
            city.report.ok("supervision.compileBulletin", answer)
            return month


def published(city):
    month = publishable(city)
    city.do("office", "supervision.publishBulletin", month=month)
    return month


def policy(city):
    """The limits as they are, from today on."""
    items = city.do("admin", "supervision.policies")["items"]
    row = next(item for item in items if item["name"] == "limits")
    return {"name": "limits", "value": row["value"], "effectiveFrom": city.today()}

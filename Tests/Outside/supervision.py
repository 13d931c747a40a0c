"""督办: follow-ups, ratings, rounds, promises, exclusions, accountability, deadlines, figures, bulletins, policies."""

import datetime
import hashlib
import json

from city import CO, HEAD, LEAD, PARENT, PERSON, STRANGER, TOWNSHIP
from methods import asked_extension, held, last_month, publishable, with_accountability, with_exclusion, with_promise
from report import day, number as is_number, ratio, time


def run(city):
    for part in (following_up, rating, ruling, cards, reopening, promises, exclusions, accountability, urging, deadlines, calendars, policies,
                 overview, bulletins, appraisal, explanations):
        part(city)


def behind(city, measure, month, number, **scope):
    """The value that a case has in a month's figure; None when it is not in it."""
    cursor = {}
    while True:
        page = city.call("office", "supervision.figure", month=month, measure=measure, limit=200, **scope, **cursor)
        for item in page["items"] or []:
            if item["caseNumber"] == number:
                return item["value"]
        if not page["nextCursor"]:
            return None
        cursor = {"cursor": page["nextCursor"]}


def following_up(city):
    report = city.report
    follow = lambda n, **p: city.call("supervisor", "supervision.recordFollowUp", caseNumber=n, **{"method": "phone", "satisfaction": "satisfied", **p})
    number = city.bring("replied")
    report.refused("supervision.recordFollowUp", follow(number), -32602, "no resolution", path="resolution")
    report.ok("supervision.recordFollowUp", follow(number, satisfaction="unreachable"), {"status": "replied"}, "unreachable needs none")
    report.ok("supervision.recordFollowUp", follow(number, satisfaction="basicallySatisfied", resolution="partly"), {"status": "closed"}, "basically satisfied is accepted")
    view = city.get(number)
    report.check("supervision.recordFollowUp", view["holder"]["party"] == "archive", "a closed case is the archive's", str(view["holder"]))
    for type_ in ("consultation", "suggestion", "praise"):
        report.ok("supervision.recordFollowUp", follow(city.bring("replied", type=type_)), {"status": "closed"}, f"{type_} is not asked")
    for type_ in ("help", "complaint"):
        report.refused("supervision.recordFollowUp", follow(city.bring("replied", type=type_)), -32602, f"{type_} is asked", path="resolution")
    number = city.bring("replied")
    for count, status in enumerate(("replied", "replied", "closed"), 1):
        report.ok("supervision.recordFollowUp", follow(number, satisfaction="unreachable"), {"status": status}, f"unreachable for the {count}. time")
    number = city.bring("replied")
    before = city.get(number)
    report.ok("supervision.recordFollowUp", follow(number, satisfaction="dissatisfied", resolution="unresolved"), {"status": "claimed"}, "not accepted, the first time")
    view = city.get(number)
    report.check("supervision.recordFollowUp", view["round"] == before["round"] + 1 and view["holder"].get("unitId") == LEAD, "a round more, at the unit", str(view["holder"]))
    rework = city.call("office", "supervision.computeDue", **{"from": city.today(), "workingDays": 3})["dueAt"]
    report.check("supervision.recordFollowUp", datetime.datetime.fromisoformat(view["dueAt"]) == datetime.datetime.fromisoformat(rework), f"due in the rework term {rework}", view["dueAt"])
    for method in ("openVisit", "hiddenVisit"):
        number = city.bring("replied")
        report.ok("supervision.recordFollowUp", follow(number, method=method, resolution="resolved", falseCompletion=True), {"status": "claimed"}, f"{method}: a false completion reopens")
        number = city.bring("closed")
        report.ok("supervision.recordFollowUp", follow(number, method=method, resolution="resolved"), {"status": "closed"}, f"{method} of a closed case only counts")
        report.ok("supervision.recordFollowUp", follow(number, method=method, resolution="unresolved", falseCompletion=True), {"status": "claimed"}, "with falseCompletion it reopens")
    number = city.bring("closed")
    answer = follow(number, resolution="resolved")
    report.check("supervision.recordFollowUp", answer.code in (1002, 1011, -32602), "visits only, once closed", answer)
    answer = follow(city.bring("replied"), resolution="resolved", falseCompletion=True)
    report.refused("supervision.recordFollowUp", answer, -32602, "a false completion is found by visits", path="falseCompletion")


def rating(city):
    report = city.report
    rate = lambda n, **p: city.call("source", "supervision.rate", caseNumber=n, **{"satisfaction": "satisfied", "resolution": "resolved", **p})
    filed = city.do("source", "intake.register", **city.message())
    number = filed["caseNumber"]
    for status in ("dispatched", "claimed", "reported", "approved", "replied"):
        city.step(number, status)
    report.refused("supervision.rate", rate(number, trackingCode="0" * 12), 1001, "a wrong code")
    report.ok("supervision.rate", rate(number, trackingCode=filed["trackingCode"]), {"status": "closed"}, "with the code")
    report.ok("supervision.rate", rate(number, satisfaction="dissatisfied", resolution="unresolved"), {"status": "claimed"}, "a dissatisfied rating reopens, once")
    number = city.bring("replied")
    report.refused("supervision.rate", rate(number, satisfaction="happy"), -32602, "another word", path="satisfaction")
    report.ok("supervision.rate", rate(number, satisfaction="dissatisfied", resolution="unresolved"), {"status": "claimed"}, "not accepted")
    # Through a channel of the case's own unit it closes nothing.
    number = city.bring("replied", lead="yt-education", channel="edu-mailbox") if "edu-mailbox" in city.tokens["channels"] else None
    if number:
        report.ok("supervision.rate", rate(number), {"status": "replied"}, "through the unit's own channel it closes nothing")


def ruling(city):
    report = city.report
    rule = lambda n, decision, **p: city.call("office", "supervision.ruleRound", caseNumber=n, decision=decision, ground="依据", **p)
    number = held(city)
    view = city.get(number)
    report.check("supervision.recordFollowUp", view["status"] == "replied" and view["holder"]["party"] == "office", "the second time the office holds it", str(view["holder"]))
    again = city.call("supervisor", "supervision.recordFollowUp", caseNumber=number, method="phone", satisfaction="satisfied", resolution="resolved")
    report.check("supervision.recordFollowUp", again.code in (1002, 1011), "and must rule first", again)
    report.refused("supervision.ruleRound", rule(number, "anotherRound"), -32602, "no leader", path="leader")
    before = view["round"]
    report.ok("supervision.ruleRound", rule(number, "anotherRound", leader=HEAD), {"status": "claimed"})
    report.check("supervision.ruleRound", city.get(number)["round"] == before + 1, "a round more")
    report.ok("supervision.ruleRound", rule(held(city), "closeExplained"), {"status": "closed"})
    report.check("supervision.ruleRound", rule(city.bring("replied"), "closeExplained").code in (1002, 1011), "a case that supervision holds")


def cards(city):
    """Red ones that do not wait for the clock."""
    report = city.report
    steps = lambda n: city.call("office", "supervision.steps", caseNumber=n, card="red", limit=10)["items"] or []
    number = asked_extension(city)
    city.do("office", "assignment.decideExtension", caseNumber=number, decision="refuse", ground="g")
    report.check("supervision.steps", not steps(number), "a first extension gives no card")
    city.do(LEAD, "assignment.requestExtension", caseNumber=number, until=city.working_day(10), reason="r", legalBasis="b", interimReply="i")
    for number, step in ((number, "secondExtension"), (held(city), "secondDissatisfied")):
        found = city.until(lambda: steps(number))
        report.check("supervision.steps", found and found[0]["step"] == step and found[0]["card"]["colour"] == "red" and found[0]["unitId"] == LEAD, f"{step}: a red card",
                     str(found))
        if found:
            mine = report.ok("supervision.steps", city.call(LEAD, "supervision.steps", card="red", limit=200))["items"]
            report.check("supervision.steps", found[0]["stepId"] in [i["stepId"] for i in mine], "the unit reads it")
            others = city.call(STRANGER, "supervision.steps", card="red", limit=200)["items"]
            report.check("supervision.steps", found[0]["stepId"] not in [i["stepId"] for i in others], "another does not")


def reopening(city):
    report = city.report
    reopen = lambda who, n, **p: city.call(who, "supervision.reopen", caseNumber=n, reason="反弹", **p)
    for who in ("source", "supervisor"):
        number = city.bring("closed")
        before = city.get(number)["round"]
        report.ok("supervision.reopen", reopen(who, number), {"status": "claimed"}, who)
        report.check("supervision.reopen", city.get(number)["round"] == before + 1, "a round more")
    number = city.bring("closed")
    report.refused("supervision.reopen", reopen("office", number), -32602, "the office without an instruction", path="instructionSeq")
    report.refused("supervision.reopen", reopen("office", number, instructionSeq=1), 1011, "an entry that is none", reason="notAnInstruction")
    report.check("supervision.reopen", reopen("office", number, instructionSeq=999).code in (1011, -32602), "an entry that is not there")
    seq = city.do("leader", "assignment.instruct", caseNumber=number, text="重办", leader=HEAD)["version"]
    report.ok("supervision.reopen", reopen("office", number, instructionSeq=seq), {"status": "claimed"})


def promises(city):
    report = city.report
    number, extra = with_promise(city)
    settle = lambda outcome, id=extra["promiseId"], **p: city.call("supervisor", "supervision.settlePromise", promiseId=id, outcome=outcome, evidence="现场核实", **p)
    items = report.ok("supervision.promises", city.call("office", "supervision.promises", caseNumber=number))["items"]
    report.check("supervision.promises", len(items) == 1 and items[0]["commitment"] == "年底前完成改造" and items[0]["dueOn"] == city.today(30) and items[0]["unitId"] == LEAD, "the promise", str(items))
    report.check("supervision.promises", city.call(STRANGER, "supervision.promises")["items"] is not None and number not in json.dumps(
        city.call(STRANGER, "supervision.promises", limit=200).result), "a unit sees its own")
    report.refused("archive.seal", city.call("admin", "archive.seal", caseNumber=number), 1011, "while a promise is open", reason="mattersOpen")
    report.refused("supervision.settlePromise", settle("moved"), -32602, "moved without a date", path="newDueOn")
    report.refused("supervision.settlePromise", settle("kept", newDueOn=city.today(9)), -32602, "kept with a date", path="newDueOn")
    report.refused("supervision.settlePromise", settle("moved", newDueOn=city.today(-1)), -32602, "to a day that is over", path="newDueOn")
    report.refused("supervision.settlePromise", settle("kept", id="nonsense"), 1001, "no promise")
    report.ok("supervision.settlePromise", settle("moved", newDueOn=city.today(60)), {"caseNumber": number, "status": "closed"})
    report.check("supervision.settlePromise", settle("moved", newDueOn=city.today(90)).code in (1006, 1011), "moved once")
    month = city.today()[:7]
    value = behind(city, "resolutionRate", month, number)
    report.check("supervision.figure", value == 0, f"until the promise is kept the case is answered, not resolved: {value}")
    report.ok("supervision.settlePromise", settle("kept"), {"caseNumber": number, "status": "closed"})
    value = behind(city, "resolutionRate", month, number)
    report.check("supervision.figure", value == 1, f"kept: resolved in that month: {value}")
    report.refused("supervision.settlePromise", settle("broken"), 1011, "settled", reason="promiseSettled")
    report.ok("archive.seal", city.call("admin", "archive.seal", caseNumber=number), {"status": "archived"}, "then it may be sealed")
    number, extra = with_promise(city)
    report.ok("supervision.settlePromise", settle("broken", id=extra["promiseId"]), {"caseNumber": number, "status": "claimed"}, "broken reopens")


def exclusions(city):
    report = city.report
    ask = lambda who, n, **p: city.call(who, "supervision.requestExclusion", caseNumber=n, **{"measures": ["responseRate"], "ground": "法定", **p})
    decide = lambda n, decision: city.call("office", "supervision.decideExclusion", caseNumber=n, decision=decision, ground="属实")
    number = city.bring("claimed")
    for bad, path in (([], "measures"), (["nothing"], "measures[0]"), (["responseRate"] * 51, "measures")):
        report.refused("supervision.requestExclusion", ask(LEAD, number, measures=bad), -32602, f"measures {bad[:2]}", path=path)
    report.refused("supervision.decideExclusion", decide(number, "grant"), 1011, "nobody asked", reason="noExclusionAsked")
    report.ok("supervision.requestExclusion", ask("supervisor", number), {"status": "claimed"})
    report.refused("supervision.requestExclusion", ask(LEAD, number), 1011, "while one waits", reason="exclusionAsked")
    answer = report.ok("supervision.decideExclusion", decide(number, "grant"), {"status": "claimed"})
    report.check("supervision.decideExclusion", any("号" in str(v) for k, v in (answer.result or {}).items() if k != "caseNumber") or "umber" in str(
        [k for k in answer.result if k != "caseNumber"]), "the ruling has its number", answer)
    number = with_exclusion(city)
    report.ok("supervision.decideExclusion", decide(number, "refuse"), {"status": "claimed"})
    number = city.bring("claimed")
    month = city.get(number)["dueAt"][:7]
    city.step(number, "reported")
    report.check("supervision.figure", behind(city, "responseRate", month, number, unitId=LEAD) == 1, "a result in time counts")
    city.do(LEAD, "supervision.requestExclusion", caseNumber=number, measures=["responseRate"], ground="法定")
    report.check("supervision.figure", behind(city, "responseRate", month, number, unitId=LEAD) == 1, "asking excludes nothing")
    decide(number, "grant")
    report.check("supervision.figure", behind(city, "responseRate", month, number, unitId=LEAD) is None, "the ruling does")
    report.check("supervision.figure", behind(city, "claimRate", month, number, unitId=LEAD) == 1, "from the measures it names")
    number = city.bring("replied", lead="yt-education", channel="edu-mailbox")
    city.do("source", "supervision.rate", caseNumber=number, satisfaction="satisfied", resolution="resolved")
    report.check("supervision.figure", behind(city, "satisfactionRate", city.today()[:7], number) is None, "a rating through the unit's own channel counts nothing")
    # Unreachable is not reached; basically satisfied is satisfied; partly is half.
    for satisfaction, resolution, wanted in [("basicallySatisfied", "partly", (1, 0.5)), ("satisfied", "resolved", (1, 1)), ("satisfied", "unresolved", (1, 0))]:
        number = city.bring("replied")
        city.do("supervisor", "supervision.recordFollowUp", caseNumber=number, method="phone", satisfaction=satisfaction, resolution=resolution)
        found = tuple(behind(city, m, city.today()[:7], number) for m in ("satisfactionRate", "resolutionRate"))
        report.check("supervision.figure", found == wanted, f"{satisfaction}, {resolution}: {found}, not {wanted}")


def accountability(city):
    report = city.report
    open_ = lambda **p: city.call("supervisor", "supervision.openAccountability", **{"unitId": LEAD, "accountable": PERSON, "ground": "久拖不办", **p})
    answer = report.ok("supervision.openAccountability", open_(), {"id": str}, "without a case")
    report.refused("supervision.openAccountability", open_(unitId="no-such"), 1009, "an unknown unit", path="unitId")
    number, extra = with_accountability(city)
    record = lambda id=extra["id"]: city.call("office", "supervision.recordAccountability", id=id, outcome="诫勉", decidedBy="市纪委", documentNumber="1号")
    for status in ("reported", "approved", "replied", "closed"):
        city.step(number, status)
    report.refused("archive.seal", city.call("admin", "archive.seal", caseNumber=number), 1011, "while accountability is open", reason="mattersOpen")
    report.ok("supervision.recordAccountability", record())
    report.refused("supervision.recordAccountability", record(), 1011, "twice", reason="accountabilityRecorded")
    report.refused("supervision.recordAccountability", record("nonsense"), 1001, "none")
    report.ok("supervision.recordAccountability", record(answer["id"]), what="that without a case")
    city.step(number, "archived")
    file = city.call("auditor", "archive.get", caseNumber=number)
    report.check("archive.get", file["retention"] == "permanent", "with accountability a file is kept for good", file)


def urging(city):
    report = city.report
    for who in ("source", "supervisor"):
        for status in ("dispatched", "returning", "claimed", "awaitingPetitioner", "reported", "approved"):
            report.ok("supervision.urge", city.call(who, "supervision.urge", caseNumber=city.bring(status), text="请抓紧"), {"status": status}, f"{who} in {status}")


def deadlines(city):
    report = city.report
    number = city.bring("claimed")
    answer = report.ok("supervision.explainDeadline", city.call("office", "supervision.explainDeadline", caseNumber=number))
    days = answer["days"]
    counted = [d["day"] for d in days if d["counts"]]
    report.check("supervision.explainDeadline", len(counted) == 7 and counted[-1] == answer["dueAt"][:10], "seven days count, the last is the due date", answer)
    report.check("supervision.explainDeadline", [d["day"] for d in days] == [(datetime.date.fromisoformat(days[0]["day"]) + datetime.timedelta(i)).isoformat() for i in range(len(days))],
                 "day by day", answer)
    report.check("supervision.explainDeadline", answer["dueAt"] == city.get(number)["dueAt"], "as intake.get says")
    report.check("supervision.explainDeadline", all(d["why"] for d in days), "each with its reason")
    due = lambda **p: city.call("observer", "supervision.computeDue", **p)
    # 2026: Spring Festival 15-23 February, 14 and 28 February worked; National Day 1-7 October, 20 September and 10 October worked.
    for start, count, wanted in [("2026-02-13", 1, "2026-02-14"), ("2026-02-13", 2, "2026-02-24"), ("2026-02-27", 1, "2026-02-28"), ("2026-09-30", 1, "2026-10-08"),
                                 ("2026-09-30", 3, "2026-10-10"), ("2026-09-19", 1, "2026-09-20"), ("2026-03-06", 1, "2026-03-09"), ("2026-03-07", 1, "2026-03-09"),
                                 ("2026-03-08", 1, "2026-03-09"), ("2025-12-31", 1, "2026-01-04"), ("2026-04-30", 1, "2026-05-06"), ("2019-09-30", 1, "2019-10-08")]:
        answer = report.ok("supervision.computeDue", due(**{"from": start, "workingDays": count}))
        report.check("supervision.computeDue", answer["dueAt"] == f"{wanted}T23:59:59+08:00" and answer["provisional"] is False, f"{count} after {start} is {wanted}", answer)
    report.ok("supervision.computeDue", due(**{"from": "2027-03-01", "workingDays": 5}), {"provisional": True, "dueAt": "2027-03-08T23:59:59+08:00"}, "past what is known")
    report.ok("supervision.computeDue", due(**{"from": "2026-12-30", "workingDays": 10}), {"provisional": True}, "into what is not known")
    report.ok("supervision.computeDue", due(**{"from": "2026-01-05", "workingDays": 400}), {"provisional": True})
    for bad, path in [({"from": "2026-01-05", "workingDays": 0}, "workingDays"), ({"from": "2026-01-05", "workingDays": 401}, "workingDays"),
                      ({"from": "2026-01-05", "workingDays": 1.5}, "workingDays"), ({"from": "2026-13-05", "workingDays": 1}, "from"), ({"from": "20260105", "workingDays": 1}, "from"),
                      ({"from": "2026-1-5", "workingDays": 1}, "from"), ({"from": "2026-02-29", "workingDays": 1}, "from")]:
        report.refused("supervision.computeDue", due(**bad), -32602, f"{bad}", path=path)


def calendars(city):
    report = city.report
    admin = lambda verb, **p: city.call("admin", f"supervision.{verb}Calendar", **{"year": 2031, "off": ["2031-01-01"], "work": ["2031-01-04"], "source": "通知", **p})
    for verb in ("preview", "save"):
        for over, path in [({"year": 20310, "off": [], "work": []}, "year"), ({"off": ["2030-01-01"]}, "off[0]"), ({"work": ["2032-01-01"]}, "work[0]"), ({"off": ["2031-02-30"]}, "off[0]"),
                           ({"off": ["2031-01-01"], "work": ["2031-01-01"]}, "work[0]")]:
            report.refused(f"supervision.{verb}Calendar", admin(verb, **over), -32602, f"{over}", path=path)
    preview = report.ok("supervision.previewCalendar", admin("preview"), {"total": 0, "items": [], "nextCursor": None})
    saved = report.ok("supervision.saveCalendar", admin("save"), {"calendarVersion": int, "toMove": 0})
    answer = city.call("office", "supervision.computeDue", **{"from": "2031-01-01", "workingDays": 3})
    report.check("supervision.saveCalendar", answer["dueAt"] == "2031-01-04T23:59:59+08:00" and answer["calendarVersion"] == saved["calendarVersion"] and answer["provisional"] is False,
                 "counts at once", answer)


def policies(city):
    report = city.report
    rows, cursor = [], {}
    while True:
        page = report.ok("supervision.policies", city.call("admin", "supervision.policies", limit=3, **cursor))
        rows += page["items"]
        if not page["nextCursor"]:
            break
        cursor = {"cursor": page["nextCursor"]}
    names = {r["name"] for r in rows}
    report.check("supervision.policies", {"clocks", "limits"} <= names, f"names {sorted(names)}")
    save = lambda **p: city.call("admin", "supervision.savePolicy", **p)
    for name in sorted(names):
        value = [r for r in rows if r["name"] == name][0]["value"]
        report.ok("supervision.savePolicy", save(name=name, value=value, effectiveFrom=city.today(3)), what=f"{name} as it is")
        report.refused("supervision.savePolicy", save(name=name, value=value, effectiveFrom=city.today(-1)), -32602, "from a day that is over", path="effectiveFrom")
        for bad in (7, "x", [], None, {}, {**value, "colour": 1} if isinstance(value, dict) else 0):
            report.refused("supervision.savePolicy", save(name=name, value=bad, effectiveFrom=city.today(3)), -32602, f"{name} = {str(bad)[:30]}", path="value")
        for field, inner in (value.items() if isinstance(value, dict) else []):
            for bad in (-1, "x", None):
                if inner != bad and not (isinstance(inner, str) and bad == "x"):
                    report.refused("supervision.savePolicy", save(name=name, value={**value, field: bad}, effectiveFrom=city.today(3)), -32602, f"{name}.{field} = {bad}", path="value")
    report.refused("supervision.savePolicy", save(name="nothing", value={}, effectiveFrom=city.today(1)), -32602, "no such policy", path="name")


def overview(city):
    report = city.report
    view = lambda who="office", **p: city.call(who, "supervision.overview", **p)
    before = view(unitId=LEAD).result
    city.bring("dispatched")
    after = report.ok("supervision.overview", view(unitId=LEAD), {"byStatus": dict, "byUrgency": dict, "byLamp": dict, "measures": dict}).result
    report.check("supervision.overview", after["byStatus"]["dispatched"] == before["byStatus"].get("dispatched", 0) + 1, "a case more", str(after["byStatus"]))
    report.check("supervision.overview", sum(after["byStatus"].values()) == sum(after["byUrgency"].values()), "the same cases by status and urgency", str(after))
    for name, value in after["measures"].items():
        report.check("supervision.overview", value is None or is_number(value) or name == "timeToReply" and set(value) == {"median", "p90"}, f"{name} is {value}")
    report.refused("supervision.overview", view(STRANGER, unitId=LEAD), 1001, "another's")
    report.ok("supervision.overview", view(PARENT, unitId=LEAD), what="a unit beneath")
    report.refused("supervision.overview", view(unitId="no-such"), 1009, "an unknown unit", path="unitId")
    for bad, path in [({"from": "2026-01-01", "to": "2027-02-05"}, "to"), ({"from": "2026-02-02", "to": "2026-02-01"}, "to")]:
        report.refused("supervision.overview", view(**bad), -32602, f"{bad}", path=path)
    report.check("supervision.overview", not any(w in json.dumps(view("observer").result, ensure_ascii=False) for w in ("路灯", city.run)), "figures, no texts")


def bulletins(city):
    report = city.report
    call = lambda who, verb, **p: city.call(who, f"supervision.{verb}", **p)
    month = publishable(city)
    for who, sees in [("office", True), ("supervisor", True), ("auditor", True), ("observer", False), (LEAD, False), ("leader", False)]:
        answer = call(who, "bulletin", month=month)
        report.check("supervision.bulletin", (answer.code is None) == sees and (sees or answer.code == 1001), f"{who} reads a draft: {sees}", answer)
    frozen = report.ok("supervision.publishBulletin", call("office", "publishBulletin", month=month), {"month": month, "sha256": lambda v: len(v) == 64})
    report.refused("supervision.publishBulletin", call("office", "publishBulletin", month=month), 1011, "twice", reason="alreadyPublished")
    report.refused("supervision.compileBulletin", call("office", "compileBulletin", month=month), 1011, "compiled once more", reason="alreadyPublished")
    for who in ("observer", LEAD, "leader", "registrar"):
        answer = report.ok("supervision.bulletin", call(who, "bulletin", month=month), {"month": month, "sha256": frozen["sha256"]}, who)
    text = json.dumps(answer["document"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    report.check("supervision.bulletin", hashlib.sha256(text.encode()).hexdigest() == frozen["sha256"], "sha256 is over the document's RFC 8785 text")
    page = call("observer", "bulletin", month=month, format="html")["html"] or ""
    report.check("supervision.bulletin", page.lstrip().lower().startswith("<!doctype html") and "通报" in page, "as a page")
    report.refused("supervision.publishBulletin", call("office", "publishBulletin", month="2019-02"), 1011, "not compiled", reason="notCompiled")
    report.refused("supervision.bulletin", call("office", "bulletin", month="2019-02"), 1001, "none")
    for verb, more in (("compileBulletin", {}), ("publishBulletin", {}), ("bulletin", {}), ("figure", {"measure": "responseRate"})):
        for bad in ("2026-13", "2026-00", "2026-1", "202601", "2026-01-01"):
            report.refused(f"supervision.{verb}", call("office", verb, month=bad, **more), -32602, f"month {bad}", path="month")
    future = (datetime.date.fromisoformat(city.today()).replace(day=28) + datetime.timedelta(10)).isoformat()[:7]
    answer = call("office", "compileBulletin", month=future)
    report.check("supervision.compileBulletin", answer.code in (-32602, 1011), "a month that has not begun", answer)
    # The figure behind a figure: this month's responses.
    city.bring("reported")
    for measure in ("replyRate", "responseRate", "closureRate", "resolutionRate", "satisfactionRate", "claimRate"):
        for scope in ({}, {"unitId": LEAD}):
            figure = report.ok("supervision.figure", call("office", "figure", month=city.today()[:7], measure=measure, limit=200, **scope))
            items = figure["items"] or []
            report.check("supervision.figure", all("caseNumber" in i for i in items) and (figure["nextCursor"] or len(items) == figure["of"]), f"{measure} opens its cases", figure if len(items) < 5 else str(figure.result)[:300])
    report.refused("supervision.figure", call(STRANGER, "figure", month=month, unitId=LEAD, measure="responseRate"), 1001, "another's")
    report.refused("supervision.figure", call("office", "figure", month=month, unitId="no-such", measure="responseRate"), 1009, "an unknown unit", path="unitId")


def appraisal(city):
    report = city.report
    call = lambda who="office", **p: city.call(who, "supervision.appraisal", **{"year": 2026, **p})
    items = report.ok("supervision.appraisal", call(limit=200))["items"]
    report.check("supervision.appraisal", all(0 <= i["score"] <= 100 for i in items), "scores are 0 to 100")
    for item in items:
        total = 100 - sum(d["points"] for d in item["deductions"])
        report.check("supervision.appraisal", abs(total - item["score"]) < 0.06 or total < 0 == item["score"], f"100 minus deductions: {item['unitId']} {total} {item['score']}")
    own = report.ok("supervision.appraisal", call(LEAD))["items"]
    report.check("supervision.appraisal", {i["unitId"] for i in own} <= {LEAD}, "a unit reads its own", str([i["unitId"] for i in own]))
    report.refused("supervision.appraisal", call(LEAD, unitId=STRANGER), 1001, "another's")
    report.ok("supervision.appraisal", call(year=1995), {"items": [], "nextCursor": None}, "a year without cases")
    for year in (0, -1, 99999):
        report.refused("supervision.appraisal", call(year=year), -32602, f"year {year}", path="year")


def explanations(city):
    report = city.report
    explain = lambda who=LEAD, **p: city.call(who, "supervision.fileExplanation", **{"unitId": LEAD, "text": "说明", **p})
    month = publishable(city)
    city.do("office", "supervision.publishBulletin", month=month)
    for bad, path in [({}, "cardId"), ({"month": month, "cardId": "1"}, "month"), ({"month": "2026-13"}, "month"), ({"month": month, "text": ""}, "text")]:
        report.refused("supervision.fileExplanation", explain(**bad), -32602, f"{bad}", path=path)
    report.refused("supervision.fileExplanation", explain(cardId="nonsense"), 1001, "no card")
    report.refused("supervision.fileExplanation", explain(STRANGER, month=month), 1001, "another's unit")
    report.refused("supervision.fileExplanation", explain(PARENT, month=month), -32003, "the unit above")
    report.refused("supervision.fileExplanation", explain(month=month, unitId="no-such"), 1001, "an unknown unit, like another's")
    report.ok("supervision.fileExplanation", explain(month=month))
    report.refused("supervision.fileExplanation", explain(month=month), 1011, "twice", reason="explanationFiled")

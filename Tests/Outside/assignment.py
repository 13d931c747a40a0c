"""交办: dispatching, returning, extending, co-handling, urgency, instructions, units."""

import concurrent.futures
import datetime

from city import BOARD, CO, COUNTY, HEAD, IN_LINE, LEAD, PARENT, PERSON, STRANGER, TOWNSHIP
from report import day, time


def run(city):
    for part in (dispatching, conflicts, reassigning, letters, claiming, returning, extending, co_handling, urgency,
                 instructions, units):
        part(city)


def due(city, days, start=None):
    return city.call("office", "supervision.computeDue", **{"from": start or city.today(), "workingDays": days})["dueAt"]


def hours(text, count):
    moment = datetime.datetime.fromisoformat(text) + datetime.timedelta(hours=count)
    return moment


def at(text):
    return datetime.datetime.fromisoformat(text) if text else None


def dispatching(city):
    report = city.report
    dispatch = lambda n, **p: city.call("office", "assignment.dispatch", caseNumber=n, **{"leadUnitId": LEAD, **p})
    for word, days in (("ordinary", 7), ("important", 3)):
        number = city.register(urgency=word)
        answer = report.ok("assignment.dispatch", dispatch(number, coUnits=[{"unitId": CO, "task": "核查"}]), {"status": "dispatched"})
        stages = {s["stage"]: s["dueAt"] for s in answer["stages"]}
        wanted = {"claim": due(city, 1), "result": due(city, days), "reply": due(city, days + 3)}
        report.check("assignment.dispatch", {k: at(v) for k, v in stages.items()} == {k: at(v) for k, v in wanted.items()},
                     f"{word}: stages {stages}, not {wanted}", answer)
        report.check("assignment.dispatch", at(answer["dueAt"]) == at(wanted["result"]) and answer["dueAt"].endswith("23:59:59+08:00"), "due at the day's end", answer)
        view = city.get(number)
        report.check("assignment.dispatch", at(view["coOrders"][0]["dueAt"]) == at(due(city, days - 1)), "the co-unit's date is a working day earlier", str(view["coOrders"]))
        report.check("intake.get", at(view["dueAt"]) == at(wanted["result"]), "in dispatched dueAt is the result's", view["dueAt"])
        source = city.get(number, "source")
        report.check("intake.get", at(source["dueAt"]) == at(wanted["reply"]), "for the source it is when the reply is due", source["dueAt"])
    number = city.register(urgency="critical")
    answer = report.ok("assignment.dispatch", dispatch(number, coUnits=[{"unitId": CO, "task": "核查"}]))
    stages = {s["stage"]: s["dueAt"] for s in answer["stages"]}
    wanted = {"claim": 24, "opinion": 96, "result": 108, "reply": 120}
    report.check("assignment.dispatch", {k: at(v) for k, v in stages.items()} == {k: hours(answer["deliveredAt"], h) for k, h in wanted.items()},
                 f"critical: {stages}", answer)
    report.check("assignment.dispatch", answer["provisional"] is False, "hours are never provisional", answer)
    co = city.get(number)["coOrders"][0]
    report.check("assignment.dispatch", at(co["dueAt"]) == hours(answer["deliveredAt"], 84), "24 h before the lead's", str(co))
    year = city.today()[:4]
    report.check("assignment.dispatch", f"〔{year}〕" in answer["letterNumber"] and answer["letterNumber"].endswith("号"), "the letter's number", answer)
    number = city.register()
    for over, code, path in [({"leadUnitId": "no-such"}, 1009, "leadUnitId"), ({"coUnits": [{"unitId": "no-such", "task": "x"}]}, 1009, "coUnits[0].unitId"),
                             ({"coUnits": [{"unitId": CO}]}, -32602, "coUnits[0].task"), ({"coUnits": [{"unitId": CO, "task": ""}]}, -32602, "coUnits[0].task"),
                             ({"coUnits": [{"unitId": CO, "task": "x"}] * 51}, -32602, "coUnits"), ({"coUnits": [{"unitId": CO, "task": "x", "more": 1}]}, -32602, "coUnits[0].more")]:
        report.refused("assignment.dispatch", dispatch(number, **over), code, f"{over}"[:80], path=path)
    for over in ({"coUnits": [{"unitId": LEAD, "task": "x"}]}, {"coUnits": [{"unitId": CO, "task": "x"}, {"unitId": CO, "task": "y"}]}):
        answer = dispatch(number, **over)
        report.check("assignment.dispatch", answer.code in (-32602, 1011), f"{over}", answer)
    report.check("assignment.dispatch", city.version(number) == 1, "refusals change nothing")
    proposed = city.register()
    city.do("registrar", "intake.proposeDecline", caseNumber=proposed, ground="settled", explanation="已办结")
    report.ok("assignment.dispatch", dispatch(proposed), what="although a decline was proposed")


def conflicts(city):
    report = city.report
    dispatch = lambda n, unit, **p: city.call("office", "assignment.dispatch", caseNumber=n, leadUnitId=unit, **p)
    number = city.register(type="report", about=[LEAD])
    city.do("registrar", "intake.classify", caseNumber=number, unitText="摘编")
    for unit in (LEAD, IN_LINE):
        report.refused("assignment.dispatch", dispatch(number, unit), 1007, f"a report on {LEAD} to {unit}")
        report.refused("assignment.dispatch", dispatch(number, unit, conflictGround="唯一职责单位"), 1007, "even with a ground")
        report.refused("assignment.dispatch", dispatch(number, CO, coUnits=[{"unitId": unit, "task": "x"}]), 1007, "in any part")
    report.ok("assignment.dispatch", dispatch(number, PARENT), what="a report to the parent")
    report.refused("assignment.reassign", city.call("office", "assignment.reassign", caseNumber=number, leadUnitId=LEAD, ground="wrongUnit", note="x",
                                                    conflictGround="x"), 1007, "a report reassigned to them")
    report.refused("assignment.addCoOrder", city.call("office", "assignment.addCoOrder", caseNumber=number, unitId=LEAD, task="x"), 1007, "as a co-unit later")
    number = city.register(type="complaint", about=[LEAD])
    report.refused("assignment.dispatch", dispatch(number, LEAD), 1007, "a complaint without a ground")
    report.ok("assignment.dispatch", dispatch(number, LEAD, conflictGround="只有该单位有此职责"), what="with a recorded ground")
    for status in ("claimed", "reported", "approved", "replied"):
        city.step(number, status)
    rated = city.call("source", "supervision.rate", caseNumber=number, satisfaction="satisfied", resolution="resolved")
    report.check("supervision.rate", city.get(number)["status"] == "replied", "then the follow-up must be the supervisor's own", rated)
    report.ok("supervision.recordFollowUp", city.call("supervisor", "supervision.recordFollowUp", caseNumber=number, method="phone", satisfaction="satisfied",
                                                      resolution="resolved"), {"status": "closed"})


def reassigning(city):
    report = city.report
    reassign = lambda n, **p: city.call("office", "assignment.reassign", caseNumber=n, **{"leadUnitId": CO, "ground": "wrongUnit", "note": "改派", **p})
    for ground in ("wrongUnit", "conflictOfInterest", "leaderInstruction", "unitAbolished"):
        number = city.bring("claimed")
        before = city.get(number)
        answer = report.ok("assignment.reassign", reassign(number, ground=ground), {"status": "dispatched"}, ground)
        report.check("assignment.reassign", answer["letterNumber"] != before["letterNumber"] and at(answer["dueAt"]) == at(due(city, 7)), "a new letter, a new clock", answer)
    report.refused("handling.fileResult", city.call(LEAD, "handling.fileResult", **city.result(number)), -32003, "a former lead", reason="notLeadUnit")
    city.do("office", "assignment.instruct", caseNumber=number, text="后来的批示", leader=HEAD)
    part = report.ok("intake.get", city.call(LEAD, "intake.get", caseNumber=number), what="a former lead reads its own part").result or {}
    report.check("intake.get", "后来的批示" not in str(part) and part.get("timeline") and part["timeline"][-1]["action"] == "reassign", "up to its release", str(part)[:800])
    report.refused("assignment.reassign", reassign(number), 1011, "to the unit that has it", reason="sameUnit")
    report.refused("assignment.reassign", reassign(number, leadUnitId="no-such"), 1009, "to nobody", path="leadUnitId")
    city.step(number, "claimed", CO)
    report.ok("handling.fileResult", city.call(CO, "handling.fileResult", **city.result(number)), what="the new lead's result")


def letters(city):
    report = city.report
    number = city.register()
    city.do("office", "assignment.dispatch", caseNumber=number, leadUnitId=LEAD, instructions="从速办理", coUnits=[{"unitId": CO, "task": "配合"}])
    name = city.get(number)["letterNumber"]
    letter = lambda who, **p: city.call(who, "assignment.letter", letterNumber=name, **p)
    report.ok("assignment.letter", letter("office"), {"letterNumber": name, "caseNumber": number, "instructions": "从速办理", "urgency": "ordinary", "title": str,
                                                      "deliveredAt": time, "dueAt": time, "html!": 0})
    html = report.ok("assignment.letter", letter(LEAD, format="html"))["html"] or ""
    report.check("assignment.letter", name in html and "从速办理" in html and html.lstrip().lower().startswith("<!doctype html"), "the page holds it", html[:300])
    for who, sees in [(CO, True), (PARENT, True), (STRANGER, False), ("leader", True), ("supervisor", True), ("auditor", True), ("registrar", True)]:
        answer = letter(who)
        report.check("assignment.letter", (answer.code is None) == sees and (sees or answer.code == 1001), f"{who} reads it: {sees}", answer)
    hostile = city.register(title="<script>alert(1)</script>", body="<img src=x onerror=alert(2)> & \"'")
    city.step(hostile, "dispatched")
    page = city.call("office", "assignment.letter", letterNumber=city.get(hostile)["letterNumber"], format="html")["html"]
    report.check("assignment.letter", "<script>alert" not in page and "<img src=x" not in page and "&lt;script&gt;" in page, "the page escapes what people wrote", page[:500])
    report.refused("assignment.letter", city.call("office", "assignment.letter", letterNumber="郴网问交〔2026〕999999号"), 1001, "one that does not exist")


def claiming(city):
    report = city.report
    number = city.bring("dispatched")
    people = [{"name": name, "title": "科长"} for name in "甲乙丙丁"]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda p: city.call(LEAD, "assignment.claim", caseNumber=number, responsiblePerson=p), people))
    codes = sorted(str(a.code) for a in answers)
    report.check("assignment.claim", codes == ["1004", "1004", "1004", "None"], f"one claim wins: {codes}", answers[0])
    winner = people[[a.code for a in answers].index(None)] if None in [a.code for a in answers] else {}
    view = city.get(number)
    report.check("assignment.claim", view["responsiblePerson"]["name"] == winner.get("name"), "and is on record", str(view["responsiblePerson"]))
    for loser in (a for a in answers if a.code == 1004):
        report.check("assignment.claim", winner["name"] in str(loser.data.get("holder")), "the others are told who", loser)
    city.step(number, "reported")
    late = city.call(LEAD, "assignment.claim", caseNumber=number, responsiblePerson=PERSON)
    report.refused("assignment.claim", late, 1004, "whatever the status since")
    for who in (CO, PARENT):
        number = city.bring("dispatched", co=CO)
        report.refused("assignment.claim", city.call(who, "assignment.claim", caseNumber=number, responsiblePerson=PERSON), -32003, f"by {who}", reason="notLeadUnit")
    items = report.ok("assignment.claimList", city.call(LEAD, "assignment.claimList", limit=200))["items"]
    dues = [i["claimDueAt"] for i in items]
    report.check("assignment.claimList", dues == sorted(dues) and number in [i["caseNumber"] for i in items], "by the claim's due time")
    report.check("assignment.claimList", all(i["status"] == "dispatched" for i in items), "unclaimed only")
    report.refused("assignment.claimList", city.call(LEAD, "assignment.claimList", unitId=STRANGER), 1001, "another's list")
    report.ok("assignment.claimList", city.call(PARENT, "assignment.claimList", unitId=LEAD), what="that of a unit beneath")
    number = city.bring("claimed")
    city.do(LEAD, "assignment.changeResponsible", caseNumber=number, responsiblePerson={"name": "新人", "title": "科长"}, reason="轮岗")
    report.check("assignment.changeResponsible", city.get(number)["responsiblePerson"]["name"] == "新人", "the new person is on record")


def returning(city):
    report = city.report
    ask = lambda n, who=LEAD, **p: city.call(who, "assignment.requestReturn", caseNumber=n, ground="不属于职责", dutyClause="第五条", **p)
    decide = lambda n, decision, **p: city.call("office", "assignment.decideReturn", caseNumber=n, decision=decision, ground="裁定", **p)
    for status in ("dispatched", "claimed"):
        number = city.bring(status)
        before = city.get(number)
        report.ok("assignment.requestReturn", ask(number, suggestedUnitId=CO), {"status": "returning"}, status)
        view = city.get(number)
        report.check("assignment.requestReturn", view["holder"]["party"] == "office", "the office holds it", str(view["holder"]))
        report.refused("assignment.decideReturn", decide(number, "deny", leadUnitId=CO), -32602, "deny with a unit", path="leadUnitId")
        report.refused("assignment.decideReturn", decide(number, "acceptToRegistry", leadUnitId=CO), -32602, "to the registry with a unit", path="leadUnitId")
        report.refused("assignment.decideReturn", decide(number, "acceptToUnit"), -32602, "without a unit", path="leadUnitId")
        report.refused("assignment.decideReturn", decide(number, "acceptToUnit", leadUnitId="no-such"), 1009, "to nobody", path="leadUnitId")
        report.refused("assignment.decideReturn", decide(number, "acceptToUnit", leadUnitId=LEAD), 1011, "to the same unit", reason="sameUnit")
        report.ok("assignment.decideReturn", decide(number, "deny"), {"status": status}, "deny gives back the status it had")
        report.check("assignment.decideReturn", city.get(number)["dueAt"] == before["dueAt"], "and, in time, the same due date")
        report.ok("assignment.requestReturn", ask(number), {"status": "returning"}, "a second return")
        report.ok("assignment.decideReturn", decide(number, "acceptToUnit", leadUnitId=CO), {"status": "dispatched", "letterNumber": str, "dueAt": time, "stages": list,
                                                                                         "deliveredAt": time, "provisional": bool})
        report.refused("assignment.requestReturn", ask(number, CO), 1006, "there is no third")
    rulings = report.ok("assignment.returns", city.call("office", "assignment.returns", unitId=LEAD, limit=200))["items"]
    report.check("assignment.returns", [r for r in rulings if r["caseNumber"] == number and r.get("adjudication") is not False], "rulings are kept", str(rulings[:2]))
    number = city.bring("returning")
    report.ok("assignment.decideReturn", decide(number, "acceptToRegistry"), {"status": "registered", "letterNumber!": 0})
    view = city.get(number)
    report.check("assignment.decideReturn", view["holder"]["party"] == "registry" and not view.get("leadUnitId"), "the registry has it again", str(view["holder"]))
    for spoil in (lambda n: city.do(LEAD, "handling.fileOpinion", caseNumber=n, opinion="拟办"), lambda n: city.do(LEAD, "handling.addProgress", caseNumber=n, note="到场")):
        number = city.bring("claimed")
        spoil(number)
        report.refused("assignment.requestReturn", ask(number), 1011, "after work began", reason="workBegun")
    report.refused("assignment.requestReturn", ask(city.bring("dispatched"), suggestedUnitId="no-such"), 1009, "an unknown suggestion", path="suggestedUnitId")


def extending(city):
    report = city.report
    ask = lambda n, until, **p: city.call(LEAD, "assignment.requestExtension", caseNumber=n, until=until,
                                          **{"reason": "会商", "legalBasis": "规定第五条", "interimReply": "请稍候", **p})
    decide = lambda n, decision: city.call("office", "assignment.decideExtension", caseNumber=n, decision=decision, ground="g")
    number = city.bring("claimed")
    report.refused("assignment.decideExtension", decide(number, "grant"), 1011, "nobody asked", reason="noExtensionPending")
    old = city.get(number)["dueAt"]
    for until in (city.today(), old[:10], "2020-01-01"):
        report.refused("assignment.requestExtension", ask(number, until), -32602, f"until {until}, due {old}", path="until")
    report.refused("assignment.requestExtension", ask(number, city.today(300)), -32602, "longer than the term again", path="until")
    until = due(city, 10)[:10]
    report.ok("assignment.requestExtension", ask(number, until), {"status": "claimed"})
    report.check("assignment.requestExtension", city.get(number)["dueAt"] == old, "asking moves nothing")
    report.refused("assignment.requestExtension", ask(number, until), 1011, "while one waits", reason="extensionPending")
    report.ok("assignment.decideExtension", decide(number, "grant"))
    report.check("assignment.decideExtension", city.get(number)["dueAt"] == f"{until}T23:59:59+08:00", f"due at the end of {until}", city.get(number)["dueAt"])
    second = due(city, 12)[:10]
    report.ok("assignment.requestExtension", ask(number, second))
    report.ok("assignment.decideExtension", decide(number, "refuse"))
    report.check("assignment.decideExtension", city.get(number)["dueAt"][:10] == until, "refused in time moves nothing")
    report.refused("assignment.requestExtension", ask(number, second), 1006, "at most two per case")
    report.refused("assignment.requestExtension", ask(city.bring("claimed", urgency="critical"), city.today(10)), 1011, "critical", reason="critical")
    statutory = city.bring("claimed")
    report.ok("assignment.requestExtension", ask(statutory, city.today(60), legalBasis="《行政许可法》第四十二条"), what="a statutory period")
    items = report.ok("assignment.extensions", city.call("office", "assignment.extensions", caseNumber=statutory, open=True))["items"]
    report.check("assignment.extensions", len(items) == 1 and items[0]["until"] == city.today(60), "shows what waits", str(items))


def co_handling(city):
    report = city.report
    add = lambda n, who="office", **p: city.call(who, "assignment.addCoOrder", caseNumber=n, **{"unitId": CO, "task": "核查", **p})
    number = city.bring("claimed")
    report.ok("assignment.addCoOrder", add(number), {"caseNumber": number, "status": "claimed", "version": 4})
    report.refused("assignment.addCoOrder", add(number), 1011, "twice", reason="alreadyCoUnit")
    report.refused("assignment.addCoOrder", add(number, unitId=LEAD), 1011, "the lead", reason="isLeadUnit")
    report.refused("assignment.addCoOrder", add(number, unitId="no-such"), 1009, "nobody", path="unitId")
    blocked = city.call(LEAD, "handling.fileResult", **city.result(number))
    report.refused("handling.fileResult", blocked, 1008, "a required co-order is open")
    report.check("handling.fileResult", blocked.data.get("units") == [CO], "names the co-unit", blocked)
    report.refused("handling.fileResult", city.call(LEAD, "handling.fileResult", **city.result(number, overdueCoUnits=[CO])), 1008, "named, but not past its date")
    report.refused("handling.fileResult", city.call(LEAD, "handling.fileResult", **city.result(number, overdueCoUnits=[STRANGER])), 1009, "no co-unit", path="overdueCoUnits[0]")
    report.refused("handling.fileCoResult", city.call(LEAD, "handling.fileCoResult", caseNumber=number, account="x"), -32003, "the lead's")
    report.ok("handling.fileCoResult", city.call(CO, "handling.fileCoResult", caseNumber=number, account="已核查"))
    report.check("handling.fileCoResult", city.get(number)["coOrders"][0]["status"] == "done", "is done", str(city.get(number)["coOrders"]))
    report.refused("handling.fileCoResult", city.call(CO, "handling.fileCoResult", caseNumber=number, account="x"), 1011, "twice", reason="coResultFiled")
    report.ok("handling.fileResult", city.call(LEAD, "handling.fileResult", **city.result(number)))
    city.do("office", "handling.review", caseNumber=number, decision="sendBack", comment="重核", reviewer=PERSON, reopenCoOrders=[CO])
    report.check("handling.review", city.get(number)["coOrders"][0]["status"] == "open", "the named co-order is open again", str(city.get(number)["coOrders"]))
    # An objection, once.
    number = city.bring("dispatched", co=CO)
    object_ = lambda: city.call(CO, "assignment.objectCoOrder", caseNumber=number, ground="不属于职责")
    decide = lambda d: city.call("office", "assignment.decideCoObjection", caseNumber=number, unitId=CO, decision=d)
    report.refused("assignment.decideCoObjection", decide("deny"), 1011, "nobody objected", reason="noObjection")
    report.ok("assignment.objectCoOrder", object_())
    report.ok("assignment.decideCoObjection", decide("deny"))
    report.refused("assignment.objectCoOrder", object_(), 1006, "a second objection")
    number = city.bring("dispatched", co=CO)
    report.ok("assignment.objectCoOrder", object_())
    report.ok("assignment.decideCoObjection", decide("accept"))
    report.check("assignment.decideCoObjection", city.get(number)["coOrders"][0]["status"] == "withdrawn", "accepted is withdrawn", str(city.get(number)["coOrders"]))
    # 转办: a lead hands work down, to units beneath it only.
    number = city.bring("claimed", lead=COUNTY)
    report.ok("assignment.addCoOrder", add(number, COUNTY, unitId=TOWNSHIP), what="the lead for a unit beneath it")
    answer = add(number, COUNTY, unitId=CO)
    report.check("assignment.addCoOrder", answer.code in (1011, -32003), "and for no other", answer)
    report.ok("handling.fileCoResult", city.call(TOWNSHIP, "handling.fileCoResult", caseNumber=number, account="已办"))
    report.ok("assignment.withdrawCoOrder", city.call(COUNTY, "assignment.withdrawCoOrder", caseNumber=city.step(add_beneath(city), "claimed", COUNTY), unitId=TOWNSHIP,
                                                      reason="不再需要"))
    report.refused("assignment.withdrawCoOrder", city.call("office", "assignment.withdrawCoOrder", caseNumber=number, unitId=STRANGER, reason="x"), 1011, "no co-unit", reason="notCoUnit")


def add_beneath(city):
    number = city.register()
    city.do("office", "assignment.dispatch", caseNumber=number, leadUnitId=COUNTY, coUnits=[{"unitId": TOWNSHIP, "task": "巡查"}])
    return number


def urgency(city):
    report = city.report
    change = lambda n, word: city.call("office", "assignment.changeUrgency", caseNumber=n, urgency=word, ground="g")
    number = city.bring("claimed")
    report.refused("assignment.changeUrgency", change(number, "ordinary"), 1011, "the same", reason="sameUrgency")
    report.ok("assignment.changeUrgency", change(number, "important"))
    report.check("assignment.changeUrgency", at(city.get(number)["dueAt"]) == at(due(city, 3)), "the earlier of the old and the new", city.get(number)["dueAt"])
    report.ok("assignment.changeUrgency", change(number, "ordinary"), what="lowered before it is due")
    report.check("assignment.changeUrgency", at(city.get(number)["dueAt"]) == at(due(city, 3)), "keeps the earlier date", city.get(number)["dueAt"])
    report.ok("assignment.changeUrgency", change(number, "critical"))
    moment, now = at(city.get(number)["dueAt"]), at(city.now())
    report.check("assignment.changeUrgency", abs((min(moment, at(due(city, 3))) - min(now + datetime.timedelta(hours=108), at(due(city, 3)))).total_seconds()) < 30,
                 "critical counts hours", str(moment))


def instructions(city):
    report = city.report
    instruct = lambda who, **p: city.call(who, "assignment.instruct", caseNumber=number, **{"text": "从速", "leader": HEAD, **p})
    number = city.bring("claimed")
    for who in ("leader", "office"):
        report.ok("assignment.instruct", instruct(who, writtenOn=city.today(-1)), {"status": "claimed"})
    report.refused("assignment.instruct", instruct("office", writtenOn=city.today(1)), -32602, "written tomorrow", path="writtenOn")
    report.refused("assignment.instruct", instruct("office", leader={"name": "赵"}), -32602, "a leader without a title", path="leader.title")
    report.check("assignment.instruct", "从速" not in str(city.get(number, "source")), "is not public")
    for status in ("registered", "declined", "merged", "withdrawn", "closed"):
        number = city.bring(status)
        report.ok("assignment.instruct", instruct("leader"), {"status": status}, f"in {status}")


def units(city):
    report = city.report
    save = lambda **p: city.call("admin", "assignment.saveUnit", **{"unitId": "outside-a", "name": "甲局", "level": "city", "parentId": "yt-city", "head": "甲", "deputyInCharge": "乙",
                                                                    "liaison": {"name": "丙", "phone": "0799-8600098"}, **p})
    whole = dict(duties=["职责一"], divisionCode="439900", lineParentId=LEAD)
    report.ok("assignment.saveUnit", save(**whole))
    found = [u for u in city.call("office", "assignment.units", parentId="yt-city", limit=200)["items"] if u["unitId"] == "outside-a"]
    report.check("assignment.units", found and all(found[0].get(k) == v for k, v in whole.items()) and found[0]["liaison"]["phone"] == "0799-8600098", "as saved", str(found))
    for over, path in [({"parentId": "no-such"}, "parentId"), ({"lineParentId": "no-such"}, "lineParentId"), ({"divisionCode": "1"}, "divisionCode"),
                       ({"abolishedOn": city.today(5), "successorId": "no-such"}, "successorId")]:
        report.refused("assignment.saveUnit", save(**over), 1009, f"{over}", path=path)
    for over in ({"parentId": "outside-a"}, {"abolishedOn": city.today(), "successorId": "outside-a"}):
        report.refused("assignment.saveUnit", save(**over), 1011, f"{over}: its own superior or successor", reason="cycle")
    for over, path in [({"level": "village"}, "level"), ({"duties": ["x"] * 51}, "duties"), ({"liaison": {"name": "丙"}}, "liaison.phone")]:
        report.refused("assignment.saveUnit", save(**over), -32602, f"{over}"[:60], path=path)
    # Abolished: no new cases, its open ones pass on with their clocks.
    number = city.register()
    city.do("office", "assignment.dispatch", caseNumber=number, leadUnitId="outside-a")
    before = city.get(number)
    report.ok("assignment.saveUnit", save(abolishedOn=city.today(), successorId=CO))
    passed = city.until(lambda: city.get(number).get("leadUnitId") == CO)
    view = city.get(number)
    report.check("assignment.saveUnit", passed and view["dueAt"] == before["dueAt"] and view["status"] == "dispatched", "the successor has the case with its clock", str(view)[:500])
    report.refused("assignment.dispatch", city.call("office", "assignment.dispatch", caseNumber=city.register(), leadUnitId="outside-a"), 1011, "to an abolished unit", reason="unitAbolished")

"""Time: what lapses, what the ladder does, what comes too late. Needs a system whose clock may be moved."""


from city import CO, LEAD, PERSON
from methods import with_promise

DAY = 86400


def run(city):
    if not city.clock:
        print("  skipped: no --clock, so time cannot be moved")
        return
    report = city.report
    start = {name: city.bring(status, **more) for name, status, more in [
        ("unclaimed", "dispatched", {}), ("critical", "dispatched", {"urgency": "critical"}), ("late", "dispatched", {}), ("waiting", "awaitingPetitioner", {}),
        ("replied", "replied", {}), ("working", "claimed", {}), ("closed", "closed", {}), ("declined", "declined", {}), ("withdrawn", "withdrawn", {}), ("returned", "returning", {}),
        ("lowering", "claimed", {"urgency": "important"}), ("extended", "claimed", {}), ("sentBack", "reported", {}),
        ("hourly", "dispatched", {"urgency": "critical"})]}
    co_handled = city.bring("dispatched", co=CO, urgency="critical")
    city.do(LEAD, "assignment.requestExtension", caseNumber=start["extended"], until=city.working_day(10), reason="r", legalBasis="b", interimReply="请稍候")
    started = city.today()
    held_open, _ = with_promise(city)
    message = city.message(petitioner={"name": "邻", "phone": f"1998{next(city.numbers):07}"})
    open_case = city.do("source", "intake.register", **message)["caseNumber"]
    city.step(open_case, "dispatched")
    before = {name: city.get(number) for name, number in start.items()}

    city.pass_time(13 * 3600)
    report.refused("assignment.requestReturn", city.call(LEAD, "assignment.requestReturn", caseNumber=start["hourly"], ground="g", dutyClause="c"), 1005,
                   "a critical case after twelve hours")
    report.refused("assignment.objectCoOrder", city.call(CO, "assignment.objectCoOrder", caseNumber=co_handled, ground="g"), 1005, "so with an objection")

    city.pass_time(12 * 3600)
    lapsed(city, start["critical"], "claimed", "the claim clock of a critical case ends after 24 hours")
    twin = report.ok("intake.register", city.call("source", "intake.register", **{**message, "externalId": message["externalId"] + "-b"}),
                     {"status": "merged", "mergedInto": open_case, "urgedCase": open_case}, "a day later a repeat also urges")
    report.check("intake.register", any(e["action"] == "urge" for e in city.get(open_case)["timeline"]), "and the urging stands in the timeline", twin)

    city.pass_time(3 * DAY)
    lapsed(city, start["unclaimed"], "claimed", "the claim clock of an ordinary case ends with its working day")
    view = city.get(start["unclaimed"])
    report.check("assignment.claim", view["responsiblePerson"]["name"] and view["responsiblePerson"] != PERSON, "the head answers for it", str(view.get("responsiblePerson")))
    report.refused("assignment.claim", city.call(LEAD, "assignment.claim", caseNumber=start["unclaimed"], responsiblePerson=PERSON), 1004, "after the lapse")
    report.ok("assignment.changeResponsible", city.call(LEAD, "assignment.changeResponsible", caseNumber=start["unclaimed"], responsiblePerson=PERSON, reason="实际承办"))
    cards = lambda number: city.call("office", "supervision.steps", caseNumber=number, limit=200)["items"] or []
    blue = city.until(lambda: [s for s in cards(start["unclaimed"]) if s.get("card", {}).get("colour") == "blue"])
    report.check("supervision.steps", blue and blue[0]["step"] == "claimLapsed", "a blue card says that the claim lapsed", str(cards(start["unclaimed"])))
    if blue:
        explain = lambda text: city.call(LEAD, "supervision.fileExplanation", cardId=blue[0]["card"]["cardId"], unitId=LEAD, text=text)
        report.ok("supervision.fileExplanation", explain("值班交接疏漏"))
        report.refused("supervision.fileExplanation", explain("再次说明"), 1011, "twice", reason="explanationFiled")
    report.refused("assignment.requestReturn", city.call(LEAD, "assignment.requestReturn", caseNumber=start["late"], ground="g", dutyClause="c"), 1005,
                   "a return after two working days")
    overdue = city.get(start["returned"])
    report.check("intake.get", overdue["lamp"] == "red", "the office is overdue with a return", str(overdue["lamp"]))
    denied = report.ok("assignment.decideReturn", city.call("office", "assignment.decideReturn", caseNumber=start["returned"], decision="deny", ground="g"), {"status": "dispatched"})
    report.check("assignment.decideReturn", city.get(start["returned"])["dueAt"] > before["returned"]["clocks"][0]["dueAt"], "its lateness is given back to the unit", denied)

    city.pass_time(10 * DAY)
    lapsed(city, start["waiting"], "claimed", "the petitioner had five working days")
    waited = city.get(start["waiting"])
    report.check("handling.askPetitioner", waited["dueAt"] > before["working"]["dueAt"], "days of waiting do not count", f"{waited['dueAt']} {before['working']['dueAt']}")
    term = lambda days, start=started: city.call("office", "supervision.computeDue", **{"from": start, "workingDays": days})["dueAt"]
    report.check("handling.askPetitioner", waited["dueAt"] == term(12), "five working days, however late the lapse came", f"{waited['dueAt']}, not {term(12)}")
    city.do("office", "assignment.decideExtension", caseNumber=start["extended"], decision="refuse", ground="g")
    report.check("assignment.decideExtension", city.get(start["extended"])["dueAt"] == term(1, city.today()), "asked in time and refused late: the next working day",
                 city.get(start["extended"])["dueAt"])
    city.do("office", "handling.review", caseNumber=start["sentBack"], decision="sendBack", comment="重核", reviewer=PERSON)
    report.check("handling.review", city.get(start["sentBack"])["dueAt"] == term(3, city.today()), "sent back late: the rework term from now", city.get(start["sentBack"])["dueAt"])
    ladder = city.until(lambda: {s["step"] for s in cards(start["working"])} >= {"warning", "urge", "notice"})
    report.check("supervision.steps", ladder, "warning, urge and notice were taken", str(cards(start["working"])))
    steps = [s["step"] for s in cards(start["working"])]
    report.check("supervision.steps", len(steps) == len(set(steps)), f"each step once: {steps}")
    report.check("supervision.steps", [s for s in cards(start["working"]) if s["step"] == "notice" and s.get("card", {}).get("colour") == "yellow"], "the notice has a yellow card")
    report.check("intake.get", city.get(start["working"])["lamp"] == "red", "an overdue case is red")
    found = city.call("office", "intake.search", overdue=True, unitId=LEAD, limit=200)["items"]
    report.check("intake.search", start["working"] in [i["caseNumber"] for i in found] and all(i["lamp"] == "red" for i in found), "overdue finds it")
    report.refused("assignment.requestExtension", city.call(LEAD, "assignment.requestExtension", caseNumber=start["working"], until=city.today(9), reason="r", legalBasis="b", interimReply="i"),
                   1005, "an extension after the due date")
    report.refused("assignment.changeUrgency", city.call("office", "assignment.changeUrgency", caseNumber=start["lowering"], urgency="ordinary", ground="g"), 1005,
                   "lowering after the due date")
    report.ok("handling.fileResult", city.call(LEAD, "handling.fileResult", **city.result(start["working"])), {"status": "reported"}, "a late result is taken")
    figure = city.call("office", "supervision.figure", month=before["working"]["dueAt"][:7], unitId=LEAD, measure="responseRate", limit=200)
    pages, items = figure, figure["items"] or []
    while pages["nextCursor"]:
        pages = city.call("office", "supervision.figure", month=before["working"]["dueAt"][:7], unitId=LEAD, measure="responseRate", limit=200, cursor=pages["nextCursor"])
        items += pages["items"] or []
    mine = [i for i in items if i["caseNumber"] == start["working"]]
    report.check("supervision.figure", mine and mine[0]["value"] == 0, "which is not in time", str(mine))

    city.pass_time(8 * DAY)
    lapsed(city, start["replied"], "closed", "silence closes after ten working days")
    report.check("supervision.recordFollowUp", "satisfied" not in str(city.get(start["replied"])["timeline"][-1]), "unrated")

    city.pass_time(9 * DAY)
    for name in ("closed", "declined", "withdrawn"):
        sealed = city.until(lambda: city.get(start[name])["status"] == "archived")
        last = city.get(start[name])["timeline"][-1]
        report.check("archive.seal", sealed and (last["action"], last["actor"]) == ("seal", "system"), f"{name}: sealed after 30 days", str(last))
    report.refused("supervision.reopen", city.call("supervisor", "supervision.reopen", caseNumber=held_open, reason="x"), 1005, "after 30 days")
    report.refused("supervision.reopen", city.call("supervisor", "supervision.reopen", caseNumber=start["closed"], reason="x"), 1010, "an archived one")
    report.refused("intake.recall", city.call("office", "intake.recall", caseNumber=start["declined"], reason="x"), 1010, "an archived one")
    whole = city.call("auditor", "archive.verify", **{"from": city.today(-60), "to": city.today()})
    report.ok("archive.verify", whole, {"verified": True, "files": int}, "the chain over the days")
    roots = [city.call("observer", "archive.root", day=city.today(-back)) for back in (3, 2, 1)]
    report.check("archive.root", all(a["root"] == b["previousRoot"] for a, b in zip(roots, roots[1:])), "each day's root is the next day's first leaf")


def lapsed(city, number, status, what):
    """The clock moved it on, once."""
    moved = city.until(lambda: city.get(number)["status"] == status)
    entries = [e for e in city.get(number)["timeline"] if e["action"] == "lapse"]
    city.report.check("intake.get", moved and len(entries) == 1 and entries[0]["actor"] == "system" and entries[0]["to"] == status, what, str(entries))

"""登记: registering, reading, classifying, declining, merging, withdrawing, identities."""

import json

from city import BOARD, CO, COUNTY, LEAD, PERSON, STRANGER
from client import key
from report import problem, time

SOURCE_SEES = {"caseNumber", "status", "version", "channel", "externalId", "type", "title", "body", "urgency", "registeredAt",
               "holder", "lamp", "dueAt", "publicReply", "timeline"}


def run(city):
    for part in (registering, batch, fields, views, searching, feed, tracking, classifying, declining, merging, repeats,
                 withdrawing, identities, vocabulary):
        part(city)


def registering(city):
    report, register = city.report, lambda **p: city.call("source", "intake.register", **p)
    message = city.message()
    first = report.ok("intake.register", register(**message), {"status": "registered", "version": 1, "replayed": False,
                                                               "mergedInto!": 0, "urgedCase!": 0, "changed!": 0})
    known = ("caseNumber", "trackingCode", "registeredAt")
    again = report.ok("intake.register", register(**message), {"replayed": True, "changed!": 0, "version": 1}, "a known post")
    report.check("intake.register", all(again[n] == first[n] for n in known), "answers the first registration's fields", again)
    changed = report.ok("intake.register", register(**{**message, "body": message["body"] + "补充"}),
                        {"replayed": True, "changed": True, "version": 2, **{n: first[n] for n in known}}, "a changed text")
    entry = city.get(first["caseNumber"])["timeline"][-1]
    report.check("intake.register", entry["action"] == "supplement" and entry["seq"] == 2, "is kept as a supplement", changed)
    report.ok("intake.register", register(**{**message, "body": message["body"] + "补充"}), {"changed!": 0, "version": 2},
              "the same changed text again")
    city.step(first["caseNumber"], "dispatched")
    report.ok("intake.register", register(**message), {"replayed": True, "status": "dispatched"}, "the present status")
    report.ok("intake.register", register(**city.message(channel=BOARD, externalId="x" * 180 + city.run)), what="a long external id")
    for who in ("source", "registrar"):
        for channel in city.tokens["channels"][:4]:
            report.ok("intake.register", city.call(who, "intake.register", **city.message(channel=channel)), what=f"{who} at {channel}")
    for name, value, path in [("channel", "no-such", "channel"), ("category", "no-such", "category"),
                              ("divisionCode", "999999", "divisionCode"), ("about", [LEAD, "no-such"], "about[1]"),
                              ("relatedTo", "202601-999999999", "relatedTo"), ("relatedTo", "nonsense", "relatedTo")]:
        report.refused("intake.register", city.call("registrar", "intake.register", **city.message(**{name: value})), 1009,
                       f"an unknown {name}", path=path)
    for over, path in [({"postedAt": city.now(400)}, "postedAt"), ({"capturedAt": city.now(400)}, "capturedAt"),
                       ({"postedAt": "2026-02-30T00:00:00+08:00"}, "postedAt"), ({"postedAt": "2026-02-03"}, "postedAt"),
                       ({"postedAt": "2026-02-03T10:00:00"}, "postedAt"), ({"postedAt": "2026-02-03T25:00:00+08:00"}, "postedAt"),
                       ({"location": {"latitude": 91, "longitude": 0}}, "location.latitude"),
                       ({"location": {"latitude": 0, "longitude": -180.5}}, "location.longitude"),
                       ({"about": [LEAD] * 51}, "about"), ({"title": " "}, "title"), ({"title": "　\n"}, "title"),
                       ({"petitioner": {"name": ""}}, "petitioner.name"), ({"petitioner": {"phone": "1" * 101}}, "petitioner.phone"),
                       ({"petitioner": {"email": "x"}}, "petitioner.email")]:
        report.refused("intake.register", register(**city.message(**over)), -32602, f"{over}"[:80], path=path)
    for over in ({"postedAt": city.now(240)}, {"postedAt": "2026-01-01T00:00:00Z"}, {"postedAt": "2026-01-01T00:00:00.123-05:00"},
                 {"location": {"latitude": -90, "longitude": 180}}, {"about": []}, {"attachments": []}, {"petitioner": {}},
                 {"title": "长" * 200}, {"body": "长" * 20_000}, {"urgency": "critical"}):
        report.ok("intake.register", register(**city.message(**over)), what=f"{over}"[:60])
    attached = lambda **o: {"name": "a.jpg", "mediaType": "image/jpeg", "bytes": 1, "sha256": "0" * 64, "url": "https://example.org/a", **o}
    report.ok("intake.register", register(**city.message(attachments=[attached()] * 20)), what="20 attachments")
    for bad, path in [([attached()] * 21, "attachments"), ([attached(bytes=-1)], "attachments[0].bytes"),
                      ([attached(), attached(sha256="0" * 63)], "attachments[1].sha256"),
                      ([attached(url="ftp://example.org/a")], "attachments[0].url"), ([attached(url="javascript:x")], "attachments[0].url"),
                      ([attached(url="https://e.org/" + "a" * 2000)], "attachments[0].url"), ([attached(name="")], "attachments[0].name")]:
        report.refused("intake.register", register(**city.message(attachments=bad)), -32602, f"attachments {path}", path=path)


def batch(city):
    report, many = city.report, lambda cases, who="source": city.call(who, "intake.registerBatch", cases=cases)
    message, used = city.message(), key()
    answer = report.ok("intake.registerBatch", many([message, {**city.message(), "title": ""}, message, {"x": 1}, 7,
                                                     {**city.message(), "idempotencyKey": used}, city.message(channel="no-such")]))
    results = answer["results"] or [{}] * 7
    codes = [r.get("error", {}).get("code") for r in results]
    report.check("intake.registerBatch", codes == [None, -32602, None, -32602, -32602, None, 1009], f"codes {codes}", answer)
    if len(results) == 7:
        report.check("intake.registerBatch", results[2].get("replayed") is True and results[2]["caseNumber"] == results[0]["caseNumber"],
                     "the same post twice is one case", answer)
        report.check("intake.registerBatch", [f["path"] for f in results[1]["error"]["data"]["fields"]] == ["title"], "names the item's field", answer)
    report.refused("intake.registerBatch", many([city.message()] * 501), -32602, "501 items", path="cases")
    full = report.ok("intake.registerBatch", many([city.message() for _ in range(500)]), what="500 items")
    report.check("intake.registerBatch", len(full["results"] or []) == 500 and all("caseNumber" in r for r in full["results"]),
                 "500 items are registered")


def fields(city):
    """A case as the office reads it."""
    report = city.report
    full = dict(urgency="important", category="urban", divisionCode="439902", about=[STRANGER], type="complaint",
                petitioner={"name": "钱多多", "phone": "19900112233", "contact": "人民路1号", "account": "qdd"})
    number = city.register(**full)
    city.do("office", "assignment.dispatch", caseNumber=number, leadUnitId=LEAD, coUnits=[{"unitId": CO, "task": "配合核查"}])
    city.step(number, "claimed")
    view = city.get(number)
    shape = {"caseNumber": number, "status": "claimed", "version": 3, "channel": BOARD, "externalId": str, "type": "complaint", "title": str,
             "body": str, "urgency": "important", "category": "urban", "divisionCode": "439902", "about": [str], "confidential": False,
             "alias": str, "registeredAt": time, "letterNumber": str, "leadUnitId": LEAD, "responsiblePerson": {"name": "王小满", "title": "科员"},
             "coOrders": [{"unitId": CO, "task": "配合核查", "required": True, "dueAt": time, "status": str}],
             "holder": {"party": "leadUnit", "unitId": LEAD, "name": str}, "lamp": {"green", "yellow", "red"}, "dueAt": time, "round": int,
             "clocks": [{"stage": str, "dueAt": time, "provisional": bool, "paused": bool}], "custody": [{"holder": lambda v: v, "from": time}],
             "timeline": [{"seq": int, "at": time, "actor": str, "action": str, "to": str}]}
    found = problem(view, shape, "case")
    report.check("intake.get", found is None, f"{found}", json.dumps(view, ensure_ascii=False)[:1500])
    report.check("intake.get", [e["action"] for e in view["timeline"]] == ["register", "dispatch", "claim"], "the timeline", str(view["timeline"]))
    chain = view["custody"]
    report.check("intake.get", chain[0]["from"] == view["registeredAt"] and all(a["to"] == b["from"] for a, b in zip(chain, chain[1:]))
                 and chain[-1].get("to") is None, "custody is without gap or overlap", str(chain))
    for who in ("source", "registrar", "office", "leader", "supervisor", "auditor", LEAD, CO, "yt-city"):
        text = json.dumps(city.get(number, who), ensure_ascii=False)
        report.check("intake.get", text != "{}" and not any(s in text for s in ("钱多多", "19900112233", "人民路1号", "qdd")), f"no identity for {who}")


def views(city):
    report = city.report
    number = city.register()
    held = [city.get(number)["holder"]["party"]]
    for change in (lambda: city.do("registrar", "intake.classify", caseNumber=number, category="urban"),
                   *(lambda status=status: city.step(number, status) for status in ("dispatched", "claimed", "awaitingPetitioner")),
                   lambda: city.do("source", "intake.supplement", caseNumber=number, text="东段"),
                   *(lambda status=status: city.step(number, status) for status in ("reported", "approved", "replied", "closed", "archived"))):
        change()
        held.append(city.get(number)["holder"]["party"])
    wanted = ["registry", "office", "leadUnit", "leadUnit", "petitioner", "leadUnit", "office", "publisher", "supervision", "archive", "archive"]
    report.check("intake.get", held == wanted, f"the holders are {held}, not {wanted}")
    chain = city.get(number)["custody"]
    report.check("intake.get", all(a["to"] == b["from"] for a, b in zip(chain, chain[1:])), "custody covers the whole life", str(chain))
    number = city.bring("reported")
    view = city.get(number, "source")
    report.check("intake.get", "publicReply" not in view, "a reply that is not approved stays inside")
    report.check("intake.get", set(view) <= SOURCE_SEES, f"a source also reads {sorted(set(view) - SOURCE_SEES)}")
    report.check("intake.get", SOURCE_SEES - set(view) <= {"publicReply"}, f"a source lacks {sorted(SOURCE_SEES - set(view))}")
    city.step(number, "approved")
    report.check("intake.get", city.get(number, "source").get("publicReply"), "the source delivers an approved reply")
    city.step(number, "replied")
    for who, sees in [("leader", True), ("yt-city", True), (STRANGER, False), ("yt-lincheng-housing", False), ("auditor", True)]:
        answer = city.call(who, "intake.get", caseNumber=number)
        report.check("intake.get", (answer.code is None) == sees and (sees or answer.code == 1001), f"{who} sees it: {sees}", answer)
    masked = city.register(body="请致电13812345678，身份证11010519491231002X，座机0799-8600001", title="来电13912345678")
    city.do("source", "intake.supplement", caseNumber=masked, text="新号码13712345678")
    text = json.dumps(city.get(masked, "source"), ensure_ascii=False)
    report.check("intake.get", not any(n in text for n in ("13812345678", "11010519491231002X", "13912345678", "13712345678")), "public views mask numbers", text)
    report.check("intake.get", "13812345678" in city.get(masked)["body"], "the office reads what was written")
    # A report is withheld, a confidential case too.
    for over in ({"type": "report"}, {"petitioner": {"confidential": True}}):
        secret = city.message(**over, body="局长甲收受贿赂的原话", title="举报局长甲的标题")
        number = city.do("source", "intake.register", **secret)["caseNumber"]
        report.refused("assignment.dispatch", city.call("office", "assignment.dispatch", caseNumber=number, leadUnitId=LEAD), 1011,
                       f"{over} without a unit text", reason="unitTextMissing")
        city.do("registrar", "intake.classify", caseNumber=number, unitText="有人反映作风问题")
        city.step(number, "dispatched")
        for name, params in [("intake.get", {"caseNumber": number}), ("intake.search", {"limit": 50}), ("assignment.claimList", {"limit": 200}),
                             ("assignment.letter", {"letterNumber": city.get(number)["letterNumber"], "format": "html"})]:
            answer = city.call(LEAD, name, **params)
            text = json.dumps(answer.result, ensure_ascii=False)
            report.check(name, answer.code is None and "原话" not in text and "的标题" not in text and secret["externalId"] not in text,
                         f"{over}: no text as filed for a unit")
        view = city.get(number, LEAD)
        report.check("intake.get", view.get("body") == "有人反映作风问题" and "title" not in view and "attachments" not in view,
                     f"{over}: the unit text is the body", str(view))
        city.step(number, "claimed")
        report.refused("intake.revealIdentity", city.call(LEAD, "intake.revealIdentity", caseNumber=number, purpose="contact"), -32003,
                       f"{over}: to the claiming unit")


def searching(city):
    report, search = city.report, lambda who="office", **p: city.call(who, "intake.search", **p)
    numbers = [city.register(urgency="important", category="urban") for _ in range(5)]
    seen, cursor = [], {}
    for _ in range(4):
        answer = report.ok("intake.search", search("source", limit=2, **cursor))
        report.check("intake.search", len(answer["items"]) == 2, "a page has its limit", answer)
        seen += [i["caseNumber"] for i in answer["items"]]
        cursor = {"cursor": answer["nextCursor"]}
    report.check("intake.search", seen[:5] == numbers[::-1] and len(set(seen)) == 8, f"newest first, page by page: {seen}")
    for filters, holds in [({"urgency": "important"}, lambda i: i["urgency"] == "important"), ({"status": ["registered", "claimed"]},
                           lambda i: i["status"] in ("registered", "claimed")), ({"category": "urban"}, lambda i: i["category"].startswith("urban")),
                           ({"channel": BOARD}, lambda i: i["channel"] == BOARD), ({"lamp": "green"}, lambda i: i["lamp"] == "green"),
                           ({"overdue": False}, lambda i: i.get("lamp") != "red"), ({"unitId": LEAD}, lambda i: i.get("leadUnitId") == LEAD or
                            any(c["unitId"] == LEAD for c in i.get("coOrders", []))),
                           ({"registeredFrom": city.today(), "registeredTo": city.today()}, lambda i: i["registeredAt"][:10] == city.today())]:
        items = report.ok("intake.search", search(**filters, limit=200))["items"] or []
        report.check("intake.search", items and all(map(holds, items)), f"{filters}")
        report.check("intake.search", items == sorted(items, key=lambda i: i["registeredAt"], reverse=True), "newest first")
    report.check("intake.search", search(registeredFrom="2020-01-01", registeredTo="2020-01-31").result == {"items": [], "nextCursor": None}, "nothing is an empty list")
    text = search(text="路灯")
    if text.code == -32602 and text.data["fields"][0]["problem"] == "is not served yet":
        report.lacks("intake.search", "text")
    else:
        items = report.ok("intake.search", text, what="full text")["items"] or []
        report.check("intake.search", items and all("路灯" in i["title"] for i in items[:10] if i.get("title")), "full text finds it", text)
    report.check("intake.search", len(search()["items"]) == 50, "50 unless said")
    for bad, path in [({"limit": 0}, "limit"), ({"limit": 201}, "limit"), ({"limit": -1}, "limit"), ({"cursor": "nonsense"}, "cursor"),
                      ({"registeredFrom": "2026-01-01", "registeredTo": "2027-02-05"}, "registeredTo"),
                      ({"registeredFrom": "2026-02-02", "registeredTo": "2026-02-01"}, "registeredTo"),
                      ({"status": ["open"]}, "status[0]"), ({"registeredFrom": "2026-02-30"}, "registeredFrom")]:
        report.refused("intake.search", search(**bad), -32602, f"{bad}", path=path)
    report.refused("intake.search", search(LEAD, unitId=STRANGER), 1001, "another's unit")
    report.ok("intake.search", search("yt-city", unitId=LEAD), what="a unit beneath")
    report.refused("intake.search", search(unitId="no-such"), 1009, "an unknown unit", path="unitId")


def feed(city):
    report = city.report
    start = drain(city)
    number = city.bring("claimed")
    city.do(LEAD, "handling.addProgress", caseNumber=number, note="工人已到现场", public=True)
    city.do(LEAD, "handling.addProgress", caseNumber=number, note="内部消息")
    city.do(LEAD, "handling.askPetitioner", caseNumber=number, question="在哪一段？")
    city.do("source", "intake.supplement", caseNumber=number, text="东段")
    city.do(LEAD, "assignment.requestExtension", caseNumber=number, until=city.working_day(10), reason="r", legalBasis="b", interimReply="请稍候")
    city.do("office", "assignment.decideExtension", caseNumber=number, decision="grant", ground="内部意见")
    for status in ("reported", "approved", "replied"):
        city.step(number, status)
    city.until(lambda: any(i["kind"] == "reply" and i["caseNumber"] == number for i in collect(city, start)), 10)
    items = [i for i in collect(city, start) if i["caseNumber"] == number]
    kinds = {kind: [i.get("text") for i in items if i["kind"] == kind] for kind in ("question", "interim", "reply", "extension")}
    report.check("intake.changes", "在哪一段？" in kinds["question"], f"the question: {kinds}")
    report.check("intake.changes", {"工人已到现场", "请稍候"} <= set(kinds["interim"] + kinds["extension"]), f"interim replies: {kinds}")
    report.check("intake.changes", kinds["extension"], f"the extension: {kinds}")
    report.check("intake.changes", len(kinds["reply"]) == 1 and kinds["reply"][0], f"the reply: {kinds}")
    report.check("intake.changes", "内部" not in json.dumps(items, ensure_ascii=False), "nothing internal")
    versions = [i["version"] for i in items]
    report.check("intake.changes", versions == sorted(versions), f"in order per case: {versions}")
    report.check("intake.changes", {"registered", "dispatched", "claimed", "replied"} <= {i["status"] for i in items}, "every status", str(items))
    report.refused("intake.changes", city.call("source", "intake.changes", cursor="nonsense"), -32602, "a bad cursor", path="cursor")


def collect(city, cursor):
    items = []
    while True:
        answer = city.call("source", "intake.changes", limit=200, **({"cursor": cursor} if cursor else {}))
        items += answer["items"] or []
        if not answer["nextCursor"] or len(answer["items"]) < 200:
            return items
        cursor = answer["nextCursor"]


def drain(city):
    cursor = None
    while True:
        answer = city.call("source", "intake.changes", limit=200, **({"cursor": cursor} if cursor else {}))
        cursor = answer["nextCursor"] or cursor
        if len(answer["items"]) < 200:
            return cursor


def tracking(city):
    report = city.report
    message = city.message()
    filed = city.do("source", "intake.register", **message)
    number, code = filed["caseNumber"], filed["trackingCode"]
    for step in ("dispatched", "claimed", "reported"):
        city.step(number, step)
    track = lambda n, c, who="nobody": city.call(who, "intake.track", caseNumber=n, trackingCode=c)
    report.ok("intake.track", track(number, code), {"status": "reported", "dueAt": time, "reply!": 0, "timeline": [{"action": str}], "caseNumber?": str})
    text = json.dumps(track(number, code).result, ensure_ascii=False)
    report.check("intake.track", "王小满" not in text and "person" not in text, "no person in the public timeline", text)
    city.step(number, "approved")
    report.check("intake.track", track(number, code)["reply"] is None, "no reply before publication")
    city.step(number, "replied")
    report.check("intake.track", track(number, code)["reply"], "the reply")
    other = city.do("source", "intake.register", **city.message())["trackingCode"]
    wrong, unknown = track(number, other), track("202601-999999999", code)
    report.refused("intake.track", wrong, 1001, "another's code")
    report.refused("intake.track", unknown, 1001, "an unknown case")
    strip = lambda a: {**a.error, "data": {k: v for k, v in a.data.items() if k != "traceId"}}
    report.check("intake.track", strip(wrong) == strip(unknown), "are the same answer", f"{wrong}\n  {unknown}")
    report.check("intake.track", track("nonsense", code).code == 1001, "a number that is none", track("nonsense", code))
    target = city.do("source", "intake.register", **city.message())
    answers = [track(target["caseNumber"], "0" * 12) for _ in range(12)]
    report.check("intake.track", answers[0].code == 1001 and answers[-1].code == -32005 and answers[-1].data.get("retryAfterMs", 0) > 0
                 and answers[-1].http in (200, 429), "many wrong codes are limited", answers[-1])


def classifying(city):
    report, classify = city.report, lambda n, who="registrar", **p: city.call(who, "intake.classify", caseNumber=n, **p)
    number = city.register()
    new = dict(category="urban", urgency="important", divisionCode="439902", type="complaint", about=[STRANGER], confidential=True,
               unitText="路灯不亮", proposedUnitId=LEAD, proposal="建议交住建局")
    report.ok("intake.classify", classify(number, **new))
    view = city.get(number)
    for name, value in new.items():
        report.check("intake.classify", view.get(name) == value, f"{name} is {view.get(name)!r}, not {value!r}")
    for over in ({"category": "no-such"}, {"divisionCode": "1"}, {"proposedUnitId": "no-such"}):
        report.refused("intake.classify", classify(number, **over), 1009, f"{over}", path=next(iter(over)))
    report.refused("intake.classify", classify(number, about=["no-such"]), 1009, "about", path="about[0]")
    report.refused("intake.classify", classify(number, "office", category="urban"), 1002, "the office before dispatch")
    claimed = city.bring("claimed")
    report.ok("intake.classify", classify(claimed, "office", category="urban"), what="the office afterwards")
    report.refused("intake.classify", classify(claimed, urgency="critical"), 1011, "urgency after dispatch")
    report.refused("intake.classify", classify(claimed, type="report"), 1011, "a report without a unit text", reason="unitTextMissing")
    report.refused("intake.classify", classify(claimed, type="report", unitText="摘编", about=[LEAD]), 1007, "a report on its own lead")


def declining(city):
    report = city.report
    grounds = ["outsideJurisdiction", "otherOrgan", "military", "emergencyLine", "inProcedure", "settled", "againstLaw", "noContent", "repeated"]
    words = {g["word"] for g in city.call("office", "intake.vocabulary")["grounds"]}
    report.check("intake.vocabulary", words == set(grounds), f"grounds {words}")
    for ground in grounds:
        number = city.register()
        more = {"transferredTo": {"name": "公安局", "receipt": "1号", "at": city.now(-60)}} if ground == "emergencyLine" else {}
        report.ok("intake.proposeDecline", city.call("registrar", "intake.proposeDecline", caseNumber=number, ground=ground, explanation="理由",
                                                     rightChannel="信访局", **more), what=ground)
        report.ok("intake.confirmDecline", city.call("office", "intake.confirmDecline", caseNumber=number), {"status": "declined"}, ground)
    reply = city.get(number, "source").get("publicReply") or ""
    report.check("intake.confirmDecline", "信访局" in reply, f"the petitioner reads the right channel: {reply}")
    number = city.register()
    propose = lambda **p: city.call("registrar", "intake.proposeDecline", caseNumber=number, explanation="理由", **p)
    report.refused("intake.proposeDecline", propose(ground="emergencyLine"), -32602, "no hand-over", path="transferredTo")
    report.refused("intake.proposeDecline", propose(ground="emergencyLine", transferredTo={"name": "公安局", "receipt": "1", "at": city.now(900)}),
                   -32602, "a hand-over in the future", path="transferredTo.at")
    report.check("intake.confirmDecline", city.call("office", "intake.confirmDecline", caseNumber=number).code in (1002, 1011), "nothing proposed")
    view = city.get(city.bring("declined"))
    report.check("intake.get", view["holder"]["party"] == "archive", "a declined case is the archive's", str(view["holder"]))


def merging(city):
    report, merge = city.report, lambda n, into: city.call("registrar", "intake.merge", caseNumber=n, into=into)
    master, member = city.bring("claimed"), city.register(urgency="important")
    report.ok("intake.merge", merge(member, master), {"status": "merged"})
    view, top = city.get(member), city.get(master)
    report.check("intake.merge", view["master"] == master and view["holder"] == top["holder"], "holder is the master's", str(view["holder"]))
    report.check("intake.merge", top["urgency"] == "important", "the master takes the highest urgency", top["urgency"])
    report.refused("intake.merge", merge(city.register(), member), 1011, "into a merged case", reason="masterNotOpen")
    report.refused("intake.merge", merge(city.register(), city.bring("closed")), 1011, "into a closed case", reason="masterNotOpen")
    report.refused("intake.merge", merge(city.register(type="report"), master), 1011, "a report into another", reason="reportsOnly")
    alone = city.register()
    report.check("intake.merge", merge(alone, alone).code in (1011, -32602), "into itself", merge(alone, alone))
    report.refused("intake.merge", merge(alone, "202601-999999999"), 1009, "into nothing", path="into")
    report.refused("intake.merge", merge(master, city.bring("claimed")), 1011, "a master with members", reason="hasMembers")
    report.ok("intake.unmerge", city.call("registrar", "intake.unmerge", caseNumber=member, reason="并错"), {"status": "registered"})
    city.do("registrar", "intake.merge", caseNumber=member, into=master)
    for status in ("reported", "approved"):
        city.step(master, status)
    followed = city.until(lambda: city.get(member)["status"] == "approved")
    report.check("intake.merge", followed, "the member follows the master's approval")
    entry = city.get(member)["timeline"][-1]
    report.check("intake.merge", (entry["action"], entry["actor"]) == ("follow", "system"), f"as {entry}")
    view = city.get(member)
    report.check("intake.merge", view["publicReply"] == city.get(master)["publicReply"] and view.get("leadUnitId") == LEAD, "with its reply", str(view)[:600])
    for status in ("replied", "closed"):
        city.step(member, status)
    report.check("intake.unmerge", city.call("registrar", "intake.unmerge", caseNumber=member, reason="x").code == 1002, "no more unmerging")


def repeats(city):
    report = city.report
    who = {"name": "孙小", "phone": f"1992{next(city.numbers):07}"}
    message = city.message(petitioner=who)
    first = city.do("source", "intake.register", **message)
    twin = {**message, "externalId": message["externalId"] + "-b"}
    second = report.ok("intake.register", city.call("source", "intake.register", **twin),
                       {"status": "merged", "mergedInto": first["caseNumber"], "replayed": False, "urgedCase!": 0}, "another post on the open matter")
    report.check("intake.register", second["caseNumber"] != first["caseNumber"], "has a number of its own")
    other = {**message, "externalId": message["externalId"] + "-c", "petitioner": {"name": "别人", "phone": f"1993{next(city.numbers):07}"}}
    report.ok("intake.register", city.call("source", "intake.register", **other), {"status": "registered"}, "somebody else's is not merged")
    ended = city.message(petitioner={"name": "周", "phone": f"1988{next(city.numbers):07}"})
    old = city.do("source", "intake.register", **ended)["caseNumber"]
    for status in ("dispatched", "claimed", "reported", "approved", "replied", "closed"):
        city.step(old, status)
    new = report.ok("intake.register", city.call("source", "intake.register", **{**ended, "externalId": ended["externalId"] + "-n"}),
                    {"status": "registered", "mergedInto!": 0}, "the same again after closing")
    report.check("intake.register", city.get(new["caseNumber"]).get("relatedTo") == old, "is a new case that is linked", new)
    numbers = [first["caseNumber"]]
    for n in range(4):
        number = city.register(petitioner={"name": "邻居", "phone": f"1994{next(city.numbers):07}"})
        city.do("registrar", "intake.merge", caseNumber=number, into=numbers[0])
    view = city.get(numbers[0])
    report.check("intake.merge", view["urgency"] == "important", f"five petitioners raise ordinary to important: {view['urgency']}")


def withdrawing(city):
    report, withdraw = city.report, lambda n, who="source": city.call(who, "intake.withdraw", caseNumber=n, reason="已自行解决")
    for over in ({"type": "report"}, {"urgency": "critical"}):
        report.refused("intake.withdraw", withdraw(city.register(**over)), 1011, f"{over}", reason="notWithdrawable")
    for status in ("dispatched", "claimed", "awaitingPetitioner"):
        number = city.bring(status)
        report.ok("intake.withdraw", withdraw(number), {"status": status}, "after dispatch the status stays")
        report.refused("intake.withdraw", withdraw(number), 1011, "twice", reason="withdrawalAsked")
        report.ok("supervision.confirmWithdrawal", city.call("supervisor", "supervision.confirmWithdrawal", caseNumber=number, note="已核"),
                  {"status": "withdrawn"})
        report.check("intake.get", city.get(number)["holder"]["party"] == "archive", "a withdrawn case is the archive's")
    report.refused("supervision.confirmWithdrawal", city.call("supervisor", "supervision.confirmWithdrawal", caseNumber=city.bring("claimed"), note="x"),
                   1011, "nobody asked", reason="noWithdrawalAsked")


def identities(city):
    report, reveal = city.report, lambda n, who, purpose="contact": city.call(who, "intake.revealIdentity", caseNumber=n, purpose=purpose)
    who = {"name": "吴小吴", "phone": f"1995{next(city.numbers):07}", "contact": "人民路9号"}
    number = city.register(petitioner=who)
    city.step(number, "dispatched")
    report.check("intake.revealIdentity", reveal(number, LEAD).code == -32003, "to the lead before it claims", reveal(number, LEAD))
    city.step(number, "claimed")
    for role in ("registrar", "supervisor", LEAD):
        for purpose in ("contact", "followUp", "transfer"):
            report.ok("intake.revealIdentity", reveal(number, role, purpose), who)
    report.refused("intake.revealIdentity", reveal(number, "yt-city"), -32003, "to the unit above")
    nobody = city.register()
    report.ok("intake.revealIdentity", reveal(nobody, "registrar"), {"name!": 0, "phone!": 0, "contact!": 0}, "of somebody who left none")
    log = report.ok("intake.identityLog", city.call("auditor", "intake.identityLog", caseNumber=number, limit=200))
    report.check("intake.identityLog", len(log["items"]) >= 9, "every reading is logged", log)
    item = log["items"][0]
    report.check("intake.identityLog", {"caseNumber", "at", "purpose"} <= set(item), "items have case, time and purpose", str(item))
    for bad, path in [({"from": "2026-01-01", "to": "2027-02-05"}, "to"), ({"from": "2026-02-02", "to": "2026-02-01"}, "to")]:
        report.refused("intake.identityLog", city.call("auditor", "intake.identityLog", **bad), -32602, f"{bad}", path=path)
    report.ok("intake.identityLog", city.call("auditor", "intake.identityLog", **{"from": "2026-01-01", "to": "2027-02-04"}), what="400 days")


def vocabulary(city):
    report, admin = city.report, lambda name, /, **p: city.call("admin", name, **p)
    report.ok("intake.saveChannel", admin("intake.saveChannel", code="outside-2", name="渠道二", kind="mailbox", ownerUnitId=CO))
    report.ok("intake.saveCategory", admin("intake.saveCategory", code="outside", name="类别"))
    report.ok("intake.saveCategory", admin("intake.saveCategory", code="outside.a", name="子类", parent="outside"))
    words = city.call("source", "intake.vocabulary").result
    report.check("intake.vocabulary", {"code": "outside-2", "name": "渠道二", "kind": "mailbox", "ownerUnitId": CO} in words["channels"], "the channel")
    report.check("intake.vocabulary", {"code": "outside.a", "name": "子类", "parent": "outside"} in words["categories"], "the category")
    report.ok("intake.saveChannel", admin("intake.saveChannel", code="outside-2", name="改名", kind="mailbox"), what="saving again changes it")
    report.refused("intake.saveChannel", admin("intake.saveChannel", code="o3", name="x", kind="board", ownerUnitId="no-such"), 1009, "owner", path="ownerUnitId")
    report.refused("intake.saveCategory", admin("intake.saveCategory", code="o.b", name="x", parent="no-such"), 1009, "parent", path="parent")
    answer = admin("intake.saveCategory", code="outside", name="x", parent="outside.a")
    report.check("intake.saveCategory", answer.code in (-32602, 1009, 1011), "a category above itself", answer)
    report.refused("intake.register", city.call("source", "intake.register", **city.message(channel="outside-2")), -32003, "a channel that is not the source's")
    filed = city.do("registrar", "intake.register", **city.message(channel="outside-2"))
    number = filed["caseNumber"]
    for name, more in [("intake.get", {}), ("intake.supplement", {"text": "x"}), ("intake.withdraw", {"reason": "x"}), ("supervision.urge", {"text": "x"})]:
        report.refused(name, city.call("source", name, caseNumber=number, **more), 1001, "of another's channel")
    for status in ("dispatched", "claimed", "reported", "approved", "replied"):
        city.step(number, status)
    rate = lambda **p: city.call("source", "supervision.rate", caseNumber=number, satisfaction="satisfied", resolution="resolved", **p)
    answer = rate()
    report.check("supervision.rate", answer.code in (1001, -32602), "of another's channel without the code", answer)
    report.ok("supervision.rate", rate(trackingCode=filed["trackingCode"]), {"status": "closed"}, "and with it")

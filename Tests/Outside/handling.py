"""办理: results, review, publication, questions."""

import hashlib

from city import CO, LEAD, PERSON, REPLY
from report import time


def run(city):
    for part in (results, reviews, publishing, asking):
        part(city)


def results(city):
    report = city.report
    number = city.bring("claimed")
    file = lambda **p: city.call(LEAD, "handling.fileResult", **city.result(number, **p))
    for over, path in [({"resolution": "partly"}, "unresolvedReason"), ({"resolution": "unresolved"}, "unresolvedReason"), ({"contactedAt": city.now(900)}, "contactedAt"),
                       ({"promises": [{"commitment": "x", "dueOn": city.today(-1)}]}, "promises[0].dueOn"), ({"promises": [{"commitment": "x"}]}, "promises[0].dueOn"),
                       ({"promises": [{"commitment": "x", "dueOn": city.today(9)}] * 51}, "promises"), ({"overdueCoUnits": [CO] * 51}, "overdueCoUnits"),
                       ({"signedBy": {"name": "x"}}, "signedBy.title"), ({"factual": "true"}, "factual"), ({"resolution": "done"}, "resolution"), ({"publicReply": "  \n"}, "publicReply")]:
        report.refused("handling.fileResult", file(**over), -32602, f"{over}"[:70], path=path)
    for words in ("已收悉。", "您好，您的留言已收悉，感谢您的关注与支持！", "已转办。", "您反映的问题已转交相关部门办理。", "正在调查处理中。", "正在调查。", "您好！您反映的情况我们正在调查核实中，请耐心等待。",
                  "不属于我单位职责。"):
        report.refused("handling.fileResult", file(publicReply=words), 1011, words, reason="notAResult")
    report.check("handling.fileResult", city.version(number) == 3, "refusals change nothing")
    report.ok("handling.fileResult", file(contactedAt=city.now(-60)), {"status": "reported", "version": 4})
    view = city.get(number)
    report.check("handling.fileResult", view["holder"]["party"] == "office", "the office holds it", str(view["holder"]))
    report.check("intake.get", "已更换灯具" not in str(city.get(number, "source")), "the internal account stays inside")
    report.check("intake.get", "publicReply" not in city.get(number, "source"), "the reply waits for approval")


def reviews(city):
    report = city.report
    review = lambda n, decision="approve", **p: city.call("office", "handling.review", caseNumber=n, decision=decision, comment="同意", **{"reviewer": PERSON, **p})
    who = {"name": "欧阳小满", "phone": f"1996{next(city.numbers):07}"}
    for text in (f"欧阳小满同志：{REPLY}", f"{REPLY}已致电{who['phone']}告知。", f"{REPLY}请联系13812345678。", f"{REPLY}身份证号11010519491231002X已核。",
                 f"{REPLY}请联系138 1234 5678。", f"{REPLY}请联系１３８１２３４５６７８。"):
        number = city.bring("claimed", petitioner={**who, "phone": who["phone"]})
        city.do(LEAD, "handling.fileResult", **city.result(number, publicReply=text))
        report.refused("handling.review", review(number), 1011, f"identity in: {text[-20:]}", reason="identityInReply")
        report.check("handling.review", city.get(number)["status"] == "reported", "and it stays reported")
    number = city.bring("claimed", petitioner=who)
    city.do(LEAD, "handling.fileResult", **city.result(number, publicReply=f"{REPLY}咨询电话：0799-8601002。"))
    report.ok("handling.review", review(number), {"status": "approved"}, "a published office line is allowed")
    number = city.bring("reported")
    before = city.get(number)
    report.ok("handling.review", review(number, "sendBack"), {"status": "claimed"})
    view = city.get(number)
    report.check("handling.review", view["round"] == before["round"] + 1, "sendBack is a round more", f"{before['round']} {view['round']}")
    report.check("handling.review", view["dueAt"] >= [c for c in before["clocks"] if c["stage"] == "result"][0]["dueAt"] if any(c["stage"] == "result" for c in before["clocks"]) else True,
                 "due no earlier than before", str(before["clocks"]))
    report.refused("handling.review", review(city.bring("reported"), "approve", reopenCoOrders=[CO]), -32602, "approve with co-orders to reopen", path="reopenCoOrders")
    number = city.bring("reported")
    answer = review(number, "sendBack", reopenCoOrders=[CO])
    report.check("handling.review", answer.code == 1009 and answer.paths == ["reopenCoOrders[0]"], "reopening no co-unit", answer)
    number = city.bring("approved")
    report.ok("handling.withdrawApproval", city.call("office", "handling.withdrawApproval", caseNumber=number, reason="有误"), {"status": "reported"})
    report.ok("handling.review", review(number), {"status": "approved"}, "reviewed again")


def publishing(city):
    report = city.report
    publish = lambda n, who="registrar", **p: city.call(who, "handling.confirmPublication", **city.publication(n, **p))
    bare = lambda n, who="registrar", **p: city.call(who, "handling.confirmPublication", **{"caseNumber": n, "at": city.now(), **p})
    number = city.bring("approved")
    digest = hashlib.sha256(REPLY.encode()).hexdigest()
    report.refused("handling.confirmPublication", bare(number, way="board", sha256=digest), -32602, "board without url", path="url")
    report.refused("handling.confirmPublication", bare(number, way="board", url="https://example.org/1"), -32602, "board without sha256", path="sha256")
    report.refused("handling.confirmPublication", publish(number, at=city.now(900)), -32602, "after now", path="at")
    report.refused("handling.confirmPublication", publish(number, at=city.now(-900)), -32602, "before the approval", path="at")
    report.refused("handling.confirmPublication", publish(number, url="ftp://example.org/1"), -32602, "another scheme", path="url")
    report.ok("handling.confirmPublication", publish(number, sha256=digest.upper()), {"status": "replied", "differs?": False}, "the digest in upper case")
    number = city.bring("approved")
    report.ok("handling.confirmPublication", publish(number, "source", sha256="0" * 64), {"status": "replied", "differs": True}, "another digest is still a success")
    for way in ("phone", "sms", "letter", "inPerson"):
        number = city.bring("approved")
        report.ok("handling.confirmPublication", bare(number, way=way), {"status": "replied", "differs?": False}, way)
    view = city.get(number)
    report.check("handling.confirmPublication", view["holder"]["party"] == "supervision", "supervision holds it", str(view["holder"]))
    for over in ({"type": "report"}, {"petitioner": {"confidential": True}}, {"open": False}):
        number = city.register(**over)
        city.do("registrar", "intake.classify", caseNumber=number, unitText="摘编")
        for status in ("dispatched", "claimed", "reported", "approved"):
            city.step(number, status)
        report.refused("handling.confirmPublication", publish(number), 1011, f"{over} on a board", reason="notForBoard")
        report.ok("handling.confirmPublication", bare(number, way="letter", originalGone=True), {"status": "replied"}, f"{over} by letter")
    for status in ("reported", "approved"):
        number = city.bring(status)
        city.do("source", "intake.supplement", caseNumber=number, text="还有一处")
        if status == "reported":
            city.step(number, "approved")
            report.ok("handling.confirmPublication", publish(number), {"status": "replied"}, "a supplement that the review saw")
        else:
            report.refused("handling.confirmPublication", publish(number), 1011, "a supplement that nobody saw", reason="supplementUnseen")
            city.do("office", "handling.withdrawApproval", caseNumber=number, reason="有补充")
            city.step(number, "approved")
            report.ok("handling.confirmPublication", publish(number), {"status": "replied"}, "once the office has reviewed again")


def asking(city):
    report = city.report
    ask = lambda n: city.call(LEAD, "handling.askPetitioner", caseNumber=n, question="在哪一段？")
    number = city.bring("claimed")
    report.ok("handling.askPetitioner", ask(number), {"status": "awaitingPetitioner"})
    view = city.get(number)
    report.check("handling.askPetitioner", view["holder"]["party"] == "petitioner" and view["lamp"] == "grey", "the petitioner holds it, the lamp is grey", f"{view['holder']} {view['lamp']}")
    report.check("handling.askPetitioner", any(c["paused"] for c in view["clocks"]), "a clock is paused", str(view["clocks"]))
    report.ok("intake.supplement", city.call("source", "intake.supplement", caseNumber=number, text="东段"), {"status": "claimed"}, "the answer goes on")
    report.ok("handling.askPetitioner", ask(number), {"status": "awaitingPetitioner"}, "a second question")
    report.ok("handling.resume", city.call(LEAD, "handling.resume", caseNumber=number, note="已查明"), {"status": "claimed"})
    report.refused("handling.askPetitioner", ask(number), 1006, "a third question")
    report.check("handling.addProgress", city.call(LEAD, "handling.addProgress", caseNumber=number, note="请致电13812345678", public=True).reason == "identityInReply",
                 "a public note with somebody's mobile")
    critical = city.bring("claimed", urgency="critical")
    ask(critical)
    report.check("handling.askPetitioner", city.get(critical)["lamp"] != "grey" and not any(c["paused"] for c in city.get(critical)["clocks"]), "critical clocks do not pause")
    entry = [e for e in city.get(number)["timeline"] if e["action"] == "askPetitioner"][0]
    report.check("intake.get", entry["note"] == "在哪一段？", "the question stands in note", str(entry))
    city.do(LEAD, "handling.addProgress", caseNumber=number, note="进展一")
    report.check("intake.get", city.get(number)["timeline"][-1]["note"] == "进展一", "the text of addProgress stands in note")

"""A city on a running system: who acts, and how a case is brought to a status by calls alone."""

import hashlib
import itertools
import json
import os
import time

from client import PORTS, Door, Gateway, key

LEAD, CO, PARENT, STRANGER = "yt-housing", "yt-transport", "yt-city", "yt-education"
# A lead with units beneath it, one of those, and one whose line superior (条) is LEAD.
COUNTY, TOWNSHIP, IN_LINE = "yt-lincheng", "yt-wangjiang", "yt-lincheng-housing"
BOARD = "city-board"
DESKS = ["source", "registrar", "office", "leader", "supervisor", "auditor", "observer", "admin"]
PERSON = {"name": "王小满", "title": "科员"}
HEAD = {"name": "赵书记", "title": "书记"}
REPLY = "您反映的路灯已于昨日修复，并已安排每周巡查。感谢您的监督。"
PHONE = "19900007788"


class City:
    def __init__(self, report, data, clock=None):
        self.report, self.data, self.clock = report, data, clock
        with open(os.path.join(data, "clients.json"), encoding="utf-8") as file:
            self.tokens = json.load(file)
        with open(os.path.join(data, "run.json"), encoding="utf-8") as file:
            running = json.load(file)
        self.gateway = Gateway(next(row["http"] for row in running if row["service"] == "gateway").removeprefix("http://"))
        doors = {row["service"]: row["zmq"] for row in running if row.get("zmq")}
        self.doors = {name: Door(doors.get(name, f"tcp://127.0.0.1:{port}")) for name, port in PORTS.items()}
        self.numbers = itertools.count(1)
        self.run = key()[-12:]

    def token(self, who):
        """Of a role, of a unit's id, or none for `nobody`."""
        return None if who == "nobody" else self.tokens["unit"].get(who) or self.tokens[who]

    def call(self, who, method, headers=None, /, **params):
        return self.gateway.call(self.token(who), method, params, headers)

    def do(self, who, method, /, **params):
        """A call on the way to a state, which must succeed."""
        answer = self.call(who, method, **params)
        self.report.ok(method, answer, what="is accepted on the way to a state")
        if answer.code is not None:
            raise Blocked(method)
        return answer

    def get(self, number, who="office"):
        return self.call(who, "intake.get", caseNumber=number).result or {}

    def version(self, number):
        return self.get(number).get("version")

    # States

    def message(self, **over):
        count = next(self.numbers)
        return {"channel": BOARD, "externalId": f"{self.run}-{count}", "title": f"路灯不亮 {self.run}-{count}",
                "body": f"人民路第{count}盏路灯坏了一个星期，晚上看不清路。", "type": "help", **over}

    def register(self, who="source", **over):
        return self.do(who, "intake.register", **self.message(**over))["caseNumber"]

    def bring(self, status, lead=LEAD, co=None, **over):
        """A new case in this status."""
        number = self.register(**over)
        if status in ("declined", "merged", "withdrawn"):
            return self.step(number, status, lead)
        path = ["dispatched", "claimed", "reported", "approved", "replied", "closed", "archived"]
        ways = {"registered": [], "returning": ["dispatched", "returning"],
                "awaitingPetitioner": ["dispatched", "claimed", "awaitingPetitioner"]}
        for step in ways.get(status) if status in ways else path[:path.index(status) + 1]:
            self.step(number, step, lead, co)
        return number

    def step(self, number, to, lead=LEAD, co=None):
        case = {"caseNumber": number}
        if to == "dispatched":
            more = {"coUnits": [{"unitId": co, "task": "配合核查", "required": True}]} if co else {}
            self.do("office", "assignment.dispatch", **case, leadUnitId=lead, **more)
        elif to == "claimed":
            self.do(lead, "assignment.claim", **case, responsiblePerson=PERSON)
        elif to == "returning":
            self.do(lead, "assignment.requestReturn", **case, ground="不属于本单位职责", dutyClause="三定规定第五条")
        elif to == "awaitingPetitioner":
            self.do(lead, "handling.askPetitioner", **case, question="请问具体在哪一段？")
        elif to == "reported":
            self.do(lead, "handling.fileResult", **self.result(number))
        elif to == "approved":
            self.do("office", "handling.review", **case, decision="approve", comment="同意", reviewer=PERSON)
        elif to == "replied":
            self.do("registrar", "handling.confirmPublication", **self.publication(number))
        elif to == "closed":
            self.do("supervisor", "supervision.recordFollowUp", **case, method="phone", satisfaction="satisfied",
                    resolution="resolved")
        elif to == "archived":
            self.do("admin", "archive.seal", **case)
        elif to == "declined":
            self.do("registrar", "intake.proposeDecline", **case, ground="outsideJurisdiction", explanation="请向法院提出")
            self.do("office", "intake.confirmDecline", **case)
        elif to == "merged":
            self.do("registrar", "intake.merge", **case, into=self.bring("claimed", lead))
        elif to == "withdrawn":
            self.do("registrar", "intake.withdraw", **case, reason="当事人撤回")
        return number

    def result(self, number, **over):
        return {"caseNumber": number, "factual": True, "resolution": "resolved", "internalAccount": "已更换灯具并复查。",
                "publicReply": REPLY, "signedBy": PERSON, **over}

    def publication(self, number, **over):
        return {"caseNumber": number, "way": "board", "at": self.now(), "url": "https://example.org/post/1",
                "sha256": hashlib.sha256(REPLY.encode()).hexdigest(), **over}

    # Time

    @property
    def shift(self):
        """Seconds by which the system's time is ahead of the real one."""
        if not self.clock:
            return 0
        with open(self.clock, encoding="utf-8") as file:
            return int(file.read())

    def now(self, seconds=0):
        """The system's time as text."""
        moment = time.time() + self.shift + seconds + 8 * 3600
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment)) + "+08:00"

    def today(self, days=0):
        return self.now(days * 86400)[:10]

    def working_day(self, count):
        """The count-th working day after today."""
        return self.do("office", "supervision.computeDue", **{"from": self.today(), "workingDays": count})["dueAt"][:10]

    def pass_time(self, seconds):
        """Moves the system's clock forward; every instance has read it when this returns."""
        moved = self.shift + seconds
        with open(self.clock + ".new", "w", encoding="utf-8") as file:
            file.write(str(moved))
        os.replace(self.clock + ".new", self.clock)
        time.sleep(1.5)

    def until(self, holds, seconds=30):
        """Waits until it holds; whether it did."""
        end = time.monotonic() + seconds
        while not (found := holds()) and time.monotonic() < end:
            time.sleep(0.1)
        return found


class Blocked(Exception):
    """A state could not be reached; what needed it is skipped, and the refusal is a deviation already."""

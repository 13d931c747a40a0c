"""DOMAIN.md's two tables: each action in each status in which it stands in no row is refused, and changes nothing."""

from city import CO, LEAD
from methods import METHODS, STATUSES

OPEN = "dispatched returning claimed awaitingPetitioner reported approved replied"
ROWS = {
    "intake.classify": {"registrar": "registered dispatched claimed", "office": "dispatched claimed"},
    "intake.proposeDecline": {"registrar": "registered"},
    "intake.confirmDecline": {"office": "registered"},
    "intake.recall": {"office": "declined", "supervisor": "declined"},
    "intake.merge": {"registrar": "registered dispatched claimed"},
    "intake.unmerge": {"registrar": "merged"},
    "intake.withdraw": {who: "registered dispatched claimed awaitingPetitioner" for who in ("registrar", "source")},
    "intake.supplement": {who: f"registered {OPEN} merged" for who in ("source", "registrar")},
    "assignment.dispatch": {"office": "registered"},
    "assignment.reassign": {"office": "dispatched claimed awaitingPetitioner"},
    "assignment.claim": {LEAD: "dispatched"},
    "assignment.changeResponsible": {LEAD: "claimed awaitingPetitioner reported approved"},
    "assignment.requestReturn": {LEAD: "dispatched claimed"},
    "assignment.decideReturn": {"office": "returning"},
    "assignment.requestExtension": {LEAD: "claimed awaitingPetitioner"},
    "assignment.decideExtension": {"office": "claimed awaitingPetitioner"},
    "assignment.addCoOrder": {"office": "dispatched claimed awaitingPetitioner", LEAD: "dispatched claimed awaitingPetitioner"},
    "assignment.withdrawCoOrder": {"office": "dispatched claimed awaitingPetitioner",
                                   LEAD: "dispatched claimed awaitingPetitioner"},
    "assignment.objectCoOrder": {CO: "dispatched claimed awaitingPetitioner"},
    "assignment.decideCoObjection": {"office": "dispatched claimed awaitingPetitioner"},
    "assignment.changeUrgency": {"office": "dispatched returning claimed awaitingPetitioner"},
    "assignment.instruct": {who: " ".join(STATUSES - {"archived"}) for who in ("leader", "office")},
    "handling.fileOpinion": {LEAD: "claimed"},
    "handling.addProgress": {LEAD: "claimed awaitingPetitioner"},
    "handling.askPetitioner": {LEAD: "claimed"},
    "handling.resume": {LEAD: "awaitingPetitioner"},
    "handling.fileCoResult": {CO: "dispatched claimed awaitingPetitioner"},
    "handling.fileResult": {LEAD: "claimed"},
    "handling.review": {"office": "reported"},
    "handling.withdrawApproval": {"office": "approved"},
    "handling.confirmPublication": {"registrar": "approved", "source": "approved"},
    "supervision.recordFollowUp": {"supervisor": "replied closed"},
    "supervision.rate": {"source": "replied closed"},
    "supervision.reopen": {"source": "closed", "supervisor": "closed", "office": "closed"},
    "supervision.ruleRound": {"office": "replied"},
    "supervision.urge": {who: "dispatched returning claimed awaitingPetitioner reported approved"
                         for who in ("supervisor", "source")},
    "supervision.confirmWithdrawal": {"supervisor": "dispatched claimed awaitingPetitioner"},
    "supervision.requestExclusion": {LEAD: f"{OPEN} closed", "supervisor": f"{OPEN} closed"},
    "supervision.decideExclusion": {"office": f"{OPEN} closed"},
    "supervision.openAccountability": {"supervisor": f"{OPEN} closed"},
    "archive.seal": {"admin": "closed declined withdrawn"},
}
# Whether these may be used hangs on more than the status.
CONDITIONAL = {"supervision.ruleRound", "assignment.decideExtension", "assignment.decideCoObjection", "intake.confirmDecline",
               "supervision.confirmWithdrawal", "supervision.decideExclusion", "supervision.reopen", "intake.recall",
               "assignment.objectCoOrder", "assignment.withdrawCoOrder", "archive.seal", "intake.merge"}
WITHOUT_UNIT = {"registered", "declined", "merged", "withdrawn"}


def run(city):
    report = city.report
    for status in sorted(STATUSES):
        co = CO if status not in WITHOUT_UNIT | {"returning", "awaitingPetitioner"} else None
        number = bring(city, status, co)
        before = city.get(number)
        report.check("intake.get", before.get("status") == status, f"a case was brought to {status}", str(before))
        for name, row in ROWS.items():
            for who, statuses in row.items():
                if status in statuses.split() or who == CO and not co or who in (LEAD, CO) and status in WITHOUT_UNIT:
                    continue
                refuse(city, name, who, number, status, before["version"])
        report.check("intake.get", city.get(number) == before, f"refusals in {status} change nothing")


def bring(city, status, co):
    if not co:
        return city.bring(status)
    number = city.bring("registered")
    city.do("office", "assignment.dispatch", caseNumber=number, leadUnitId=LEAD,
            coUnits=[{"unitId": co, "task": "配合", "required": False}])
    path = ["claimed", "reported", "approved", "replied", "closed", "archived"]
    for step in path[:path.index(status) + 1] if status in path else []:
        city.step(number, step)
    return number


def refuse(city, name, who, number, status, version):
    params = {"caseNumber": number, **({"into": number} if name == "intake.merge" else METHODS[name].good(city, number))}
    if (name, who) == ("supervision.reopen", "office"):
        params["instructionSeq"] = 1
    answer = city.call(who, name, **params)
    if status == "archived":
        city.report.refused(name, answer, 1010, f"in {status} by {who}")
    elif name == "assignment.claim" and status in ("claimed", "awaitingPetitioner", "reported", "approved", "replied", "closed"):
        city.report.refused(name, answer, 1004, f"in {status} by {who}", holder="王小满（科员）")
    else:
        city.report.refused(name, answer, 1002, f"in {status} by {who}", status=status)
        allowed = set(answer.data.get("allowed", []))
        wanted = {m for m, row in ROWS.items() if status in row.get(who, "").split()}
        city.report.check(name, wanted - CONDITIONAL <= allowed <= wanted,
                          f"in {status} {who} is told {sorted(allowed)}, not {sorted(wanted)}", answer)

"""归档: sealing, proving, exporting."""

import base64
import hashlib
import io
import json
import subprocess
import tarfile
import tempfile

from city import HEAD, LEAD, PARENT, STRANGER
from report import day, sha


def run(city):
    for part in (sealing, proving, exporting):
        part(city)


def canonical(value):
    """RFC 8785 for documents without fractions and without keys beyond the BMP."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sealing(city):
    report = city.report
    seal = lambda n: city.call("admin", "archive.seal", caseNumber=n)
    petitioner = {"name": "司马小明", "phone": f"1997{next(city.numbers):07}"}
    number = city.bring("closed", petitioner=petitioner, location={"latitude": 25.7704, "longitude": 113.0147})
    city.do("supervisor", "supervision.urge", caseNumber=city.bring("claimed"), text="x")
    first = report.ok("archive.seal", seal(number), {"caseNumber": number, "status": "archived"})
    report.refused("archive.seal", seal(number), 1010, "twice")
    file = report.ok("archive.get", city.call("auditor", "archive.get", caseNumber=number), {"document": dict, "sha256": sha, "day": city.today(), "position": int})
    report.check("archive.get", hashlib.sha256(canonical(file["document"])).hexdigest() == file["sha256"], "sha256 is over the document's RFC 8785 text", file["sha256"])
    text = json.dumps(file["document"], ensure_ascii=False)
    report.check("archive.get", petitioner["name"] not in text and petitioner["phone"] not in text, "the alias only")
    report.check("archive.get", '"25.7704"' in text and '"113.0147"' in text, "coordinates are strings", text[:600])
    for word in ("已更换灯具", "巡查", city.get(number)["letterNumber"], "seal"):
        report.check("archive.get", word in text, f"the whole file holds {word}")
    entry = city.get(number)["timeline"][-1]
    report.check("archive.seal", entry["action"] == "seal" and entry["to"] == "archived", "is the last entry", str(entry))
    second = seal(city.bring("closed"))
    report.check("archive.seal", second["position"] == first["position"] + 1 if first["position"] is not None else False, "positions run without gap", f"{first}\n  {second}")
    for status in ("declined", "withdrawn"):
        report.ok("archive.seal", seal(city.bring(status)), {"status": "archived"}, status)
    for status in ("registered", "claimed", "replied", "merged"):
        report.refused("archive.seal", seal(city.bring(status)), 1002, status, status=status)
    for over, kept in [({}, "10y"), ({"urgency": "important"}, "30y"), ({"urgency": "critical"}, "permanent")]:
        number = city.bring("archived", **over)
        report.check("archive.get", city.call("auditor", "archive.get", caseNumber=number)["retention"] == kept, f"{over} is kept {kept}")
    number = city.bring("closed")
    city.do("leader", "assignment.instruct", caseNumber=number, text="x", leader=HEAD)
    city.step(number, "archived")
    report.check("archive.get", city.call("auditor", "archive.get", caseNumber=number)["retention"] == "permanent", "an instructed case is kept for good")
    for who, sees in [(LEAD, True), (PARENT, True), (STRANGER, False), ("leader", True), ("source", False), ("supervisor", True)]:
        answer = city.call(who, "archive.get", caseNumber=number)
        report.check("archive.get", (answer.code is None) == sees and (sees or answer.code in (1001, -32003)), f"{who} reads it: {sees}", answer)
    report.refused("archive.get", city.call("auditor", "archive.get", caseNumber=city.bring("closed")), 1001, "one that is not sealed")
    # A withheld case stays withheld.
    number = city.register(type="report", body="局长受贿的原话")
    city.do("registrar", "intake.classify", caseNumber=number, unitText="摘编")
    for status in ("dispatched", "claimed", "reported", "approved"):
        city.step(number, status)
    city.do("registrar", "handling.confirmPublication", caseNumber=number, way="phone", at=city.now())
    for status in ("closed", "archived"):
        city.step(number, status)
    answer = city.call(LEAD, "archive.get", caseNumber=number)
    report.check("archive.get", "原话" not in json.dumps(answer.body, ensure_ascii=False), "a unit never sees a report as filed", answer)
    items = report.ok("archive.search", city.call("auditor", "archive.search", limit=3))["items"]
    positions = [i["position"] for i in items]
    report.check("archive.search", positions == sorted(positions, reverse=True), "the last sealed first", str(positions))
    report.ok("archive.search", city.call("source", "archive.search"), {"items": [], "nextCursor": None}, "a source finds nothing")


def proving(city):
    report = city.report
    verify = lambda **p: city.call("observer", "archive.verify", **p)
    number, today = city.bring("archived"), city.today()
    report.ok("archive.verify", city.call("auditor", "archive.verify", caseNumber=number), {"verified": True, "files": 1, "firstBroken!": 0})
    whole = report.ok("archive.verify", verify(**{"from": city.today(-2), "to": today}), {"verified": True, "files": int, "firstBroken!": 0})
    root = report.ok("archive.root", city.call("observer", "archive.root", day=today), {"root": sha, "previousRoot": sha, "files": int})
    report.check("archive.verify", whole["files"] >= root["files"] > 0, "files of the days", f"{whole} {root}")
    for bad, path in [({}, "from"), ({"from": today}, "to"), ({"to": today}, "from"), ({"caseNumber": number, "from": today, "to": today}, None),
                      ({"from": "2026-01-01", "to": "2027-02-05"}, "to"), ({"from": today, "to": city.today(-1)}, "to")]:
        answer = verify(**bad)
        report.check("archive.verify", answer.code == -32602 and (path is None or path in answer.paths or "caseNumber" in answer.paths), f"{bad}", answer)
    report.refused("archive.root", city.call("observer", "archive.root", day=city.today(1)), -32602, "tomorrow", path="day")
    yesterday = report.ok("archive.root", city.call("observer", "archive.root", day=city.today(-1)))
    report.check("archive.root", yesterday["root"] == root["previousRoot"], "the day before's root is the previous one", f"{yesterday} {root}")


def leaf(data):
    return hashlib.sha256(b"\0" + data).digest()


def tree(leaves):
    """RFC 6962."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaf(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + tree(leaves[:split]) + tree(leaves[split:])).digest()


def exporting(city):
    report, today = city.report, city.today()
    city.bring("archived")
    made = report.ok("archive.export", city.call("auditor", "archive.export", **{"from": today, "to": today}), {"exportId": str, "files": int, "bytes": int, "sha256": sha})
    data, offset = b"", 0
    while offset is not None:
        part = report.ok("archive.exportPart", city.call("auditor", "archive.exportPart", exportId=made["exportId"], offset=offset))
        piece = base64.b64decode(part["data"])
        report.check("archive.exportPart", 0 < len(piece) <= 1 << 20, "at most 1 MiB")
        data, offset = data + piece, part["nextOffset"]
    report.check("archive.export", len(data) == made["bytes"] and hashlib.sha256(data).hexdigest() == made["sha256"], "the parts are the package")
    for bad, code in ((-1, -32602), (made["bytes"] + 1, -32602)):
        report.refused("archive.exportPart", city.call("auditor", "archive.exportPart", exportId=made["exportId"], offset=bad), code, f"offset {bad}", path="offset")
    report.refused("archive.exportPart", city.call("auditor", "archive.exportPart", exportId="nonsense", offset=0), 1001, "no export")
    for bad, path in [({"from": today, "to": city.today(-1)}, "to"), ({"from": "2026-01-01", "to": "2027-02-05"}, "to")]:
        report.refused("archive.export", city.call("auditor", "archive.export", **bad), -32602, f"{bad}", path=path)
    root = city.call("observer", "archive.root", day=today)
    with tarfile.open(fileobj=io.BytesIO(data)) as package:
        names = [n for n in package.getnames() if n.startswith("documents/") and n.endswith(".json")]
        digests = [hashlib.sha256(package.extractfile(n).read()).digest() for n in names]
        with tempfile.TemporaryDirectory() as folder:
            inside = all(m.isfile() and not m.name.startswith("/") and ".." not in m.name.split("/") for m in package.getmembers() if not m.isdir())
            report.check("archive.export", inside, "holds plain files with plain names", str(package.getnames()[:20]))
            package.extractall(folder)
            ran = subprocess.run(["sh", "verify.sh"], cwd=folder, capture_output=True, text=True)
            report.check("archive.export", ran.returncode == 0, "verifies itself", ran.stdout + ran.stderr)
            if names:
                with open(f"{folder}/{names[0]}", "ab") as file:
                    file.write(b" ")
                ran = subprocess.run(["sh", "verify.sh"], cwd=folder, capture_output=True, text=True)
                report.check("archive.export", ran.returncode != 0, "and finds a changed file", ran.stdout + ran.stderr)
    report.check("archive.export", len(names) == made["files"] == root["files"], f"{len(names)} documents, {made['files']} files, {root['files']} by root")
    mine = tree([bytes.fromhex(root["previousRoot"])] + digests).hex()
    report.check("archive.root", mine == root["root"], f"is the RFC 6962 root {mine} whose first leaf is the day before's", root)

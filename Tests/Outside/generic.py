"""What the conventions promise of every method alike: its schema, bad params, roles, keys, versions."""

import copy

from city import LEAD, PERSON, STRANGER, Blocked
from client import key
from methods import ANYONE, EVENTS, EVERYONE, METHODS
from schema import params_schema, misfits, spots


def run(city):
    report = city.report
    described = {m["name"]: m for m in city.gateway.get("/openrpc.json").json()["methods"]}
    names(report, described)
    for name, method in METHODS.items():
        if name not in described:
            continue
        try:
            one(city, method, described[name])
        except Blocked as blocked:
            report.check(name, False, f"no state to call it in: {blocked} was refused")
    for name in sorted(EVENTS):
        report.check(name, described[name].get("x-roles") == ["service"], "an event method is the programs' own")
        for who in ("nobody", "admin", "office"):
            answer = city.call(who, name, caseNumber="1", place={"version": 1, "ordinal": 1})
            report.called.add(name)
            report.refused(name, answer, -32001 if who == "nobody" else -32003, f"an event from outside, as {who}")


def names(report, described):
    """CONTRACT.md and OpenRPC name the same methods, params and roles."""
    for name in sorted(set(METHODS) | EVENTS | set(described)):
        report.check(name, name in described, "the contract's method is in the OpenRPC document")
        report.check(name, name in METHODS or name in EVENTS, "the OpenRPC document's method is in the contract")
    for name, method in METHODS.items():
        entry = described.get(name, {"params": []})
        found = {p["name"]: bool(p.get("required")) for p in entry["params"]}
        report.check(name, found == method.params, f"params are {found}, not {method.params}")
        roles = set(entry.get("x-roles", [])) - {"service"}
        report.check(name, roles == method.roles - {"nobody"} if method.roles != ANYONE else not roles,
                     f"x-roles are {sorted(roles)}, not {sorted(method.roles)}")
        for word in ("summary", "result", "errors"):
            report.check(name, entry.get(word), f"{word} is described")


def one(city, method, described):
    report = city.report
    actor, params, number = method.prepare(city)
    actor = LEAD if actor == "unit" else actor
    who_can = method.roles
    before = city.get(number) if number else None
    bad_params(city, method, described, actor, params)
    for who in sorted(EVERYONE | {"nobody"}):
        if who not in who_can:
            answer = city.call(LEAD if who == "unit" else who, method.name, **params)
            report.refused(method.name, answer, -32001 if who == "nobody" else -32003, f"as {who}")
            report.check(method.name, answer.http == (401 if who == "nobody" else 200), f"HTTP status as {who}", answer)
    bad = city.gateway.call("wrong-token", method.name, params)
    report.refused(method.name, bad, -32001, "with a bad token")
    report.check(method.name, bad.http == 401, "a bad token is 401", bad)
    if "caseNumber" in method.params and method.name != "intake.track":
        unknown = city.call(actor, method.name, **{**params, "caseNumber": "209901-999999999"})
        report.refused(method.name, unknown, 1001, "of a case that does not exist")
        if "unit" in who_can and method.name not in ("archive.verify", "archive.search", "supervision.steps"):
            other = city.call(STRANGER, method.name, **params)
            report.refused(method.name, other, 1001, "of a case of another unit")
    if number and method.kind == "case":
        report.refused(method.name, city.call(actor, method.name, **params, expectedVersion=before["version"] + 1), 1003,
                       "a version that is not", version=before["version"])
    if number:
        after = city.get(number)
        report.check(method.name, after == before, "refusals change nothing", f"{before}\n  {after}")
    good(city, method, actor, params, number, before)


def bad_params(city, method, described, actor, params):
    report, refused = city.report, lambda answer, what, path: city.report.refused(
        method.name, answer, -32602, what, path=path)
    call = lambda changed: city.gateway.call(city.token(actor), method.name, changed)
    schema = params_schema(described)
    for spot in spots(schema):
        # Its items are each answered on their own.
        if method.name == "intake.registerBatch" and spot.path.startswith("cases["):
            continue
        for what, value in misfits(spot):
            if method.name == "intake.registerBatch" and what == "too deep":
                continue
            refused(call(spot.put(params, value)), f"{spot.path}: {what}", spot.path)
        outer = spot.without(params) if len(spot.steps) == 1 else None
        if spot.required and outer is not None:
            refused(call(outer), f"{spot.path}: missing", spot.path)
        if spot.schema.get("type") == "object" and spot.path:
            refused(call(spot.put(params, {**sample_at(params, spot), "colour": "red"})), f"{spot.path}: an unknown member",
                    f"{spot.path}.colour")
        for absent in spot.schema.get("required", []) if spot.schema.get("type") == "object" else []:
            value = {k: v for k, v in sample_at(params, spot).items() if k != absent}
            refused(call(spot.put(params, value)), f"{spot.path}.{absent}: missing", f"{spot.path}.{absent}")
    refused(call({**params, "colour": "red"}), "an unknown param", "colour")
    refused(call({**params, "CaseNumber": "1"}), "a param in upper case", "CaseNumber")
    if method.name != "system.subtract":
        report.refused(method.name, call(list(params.values())[:1] or [1]), -32602, "params by position")
    for whole in ("x", 1, True, None):
        report.refused(method.name, city.gateway.call(city.token(actor), method.name, whole) if whole is not None else
                       city.gateway.post(b'{"jsonrpc":"2.0","id":1,"method":"%s","params":null}' % method.name.encode()),
                       -32600, f"params are {whole!r}")


def sample_at(params, spot):
    place = params
    for step in spot.steps:
        try:
            place = place[step]
        except (KeyError, IndexError, TypeError):
            from schema import sample
            return {n: sample(s) for n, s in spot.schema.get("properties", {}).items()}
    return copy.deepcopy(place) if isinstance(place, dict) else {}


def good(city, method, actor, params, number, before):
    """The good call; under its key again with the same and with other params."""
    report, again = city.report, {}
    if method.name == "system.redrive":
        report.called.add(method.name)
        answer = city.call(actor, method.name, msgId="01900000-0000-7000-8000-000000000000")
        report.check(method.name, answer.code in (1001, 1009), "a message that is not dead", answer)
        return
    if method.kind != "read":
        again = {"idempotencyKey": key(), "person": PERSON}
    first = report.ok(method.name, city.call(actor, method.name, **params, **again), method.shape, "a good call")
    if method.kind in ("read", "logged") or first.code is not None:
        return
    second = city.call(actor, method.name, **params, **again)
    report.check(method.name, second.code is None and after_result(first) == after_result(second), "the same key answers the same bytes", second)
    # The version is no part of what the key was used for, and the header is the same key.
    if method.kind == "case":
        report.check(method.name, city.call(actor, method.name, **params, **again, expectedVersion=0).result == first.result,
                     "the same key with a stale version answers the same")
    headers = {"Idempotency-Key": again["idempotencyKey"]}
    in_header = city.call(actor, method.name, headers, **params, person=PERSON)
    report.check(method.name, in_header.result == first.result, "the key as a header is the same key", in_header)
    other = {**params, "person": {**PERSON, "name": "别人"}, "idempotencyKey": again["idempotencyKey"]}
    report.refused(method.name, city.call(actor, method.name, **other), -32022, "the same key with other params")
    if number and method.kind == "case":
        after = city.get(number)
        if method.name != "supervision.openAccountability":
            for name in ("caseNumber", "status", "version"):
                report.check(method.name, after.get(name) == first[name], f"{name} is what intake.get shows", first)
        report.check(method.name, after["version"] == before["version"] + 1, "the version went up by one", first)
        timeline(report, method, actor, before, after, first)


def after_result(answer):
    """The bytes of the result."""
    return answer.raw.partition(b'"result":')[2]


def timeline(report, method, actor, before, after, answer):
    last = (after.get("timeline") or [{}])[-1]
    verb = method.name.split(".")[1]
    role = "unit" if actor.startswith("yt-") else actor
    wanted = {"action": verb, "actor": role, "from": before["status"], "to": after["status"], "seq": after["version"],
              "person": PERSON}
    for name, value in wanted.items():
        report.check(method.name, last.get(name) == value, f"timeline's {name} is {last.get(name)!r}, not {value!r}", answer)
    report.check(method.name, [e["seq"] for e in after.get("timeline", [])] == list(range(1, after["version"] + 1)),
                 "seq runs from 1 to the version", answer)

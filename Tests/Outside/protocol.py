"""JSON-RPC 2.0 at both doors: shapes, ids, batches, notifications, sizes, HTTP's own codes, ZeroMQ's frames."""

import concurrent.futures
import json
import os
import socket

import requests
import zmq

from client import Answer, dumps, key
from methods import METHODS

RPC = "rpc"
PING = {"jsonrpc": "2.0", "id": 1, "method": "system.ping"}


def run(city):
    shapes(city)
    ids(city)
    batches(city)
    http(city)
    headers(city)
    order(city)
    pages(city)
    folder(city)
    wire(city)
    races(city)
    nulls(city)
    ranges(city)
    doors(city)


def post(city, body, **more):
    return city.gateway.post(body if isinstance(body, bytes) else dumps(body), **more)


def shapes(city):
    report = city.report
    nested = lambda depth: b'{"jsonrpc":"2.0","id":1,"method":"system.ping","params":{"a":%s%s}}' % (b"[" * depth, b"]" * depth)
    for body, what in [
            (b"", "an empty body"), (b"{", "half an object"), (b"nonsense", "no JSON"), (b'{"jsonrpc":"2.0",}', "a trailing comma"),
            (b'\xff\xfe{"a":1}', "not UTF-8"), (b'{"jsonrpc":"2.0","id":1,"method":"\xc3\x28"}', "a broken UTF-8 sequence"),
            (b"NaN", "NaN"), (b"{'a':1}", "single quotes"), (dumps(PING) + b"x", "something after the object"),
            (dumps(PING) + dumps(PING), "two objects"), (b'{"jsonrpc":"2.0","id":01,"method":"system.ping"}', "a leading zero"),
            (b'{"jsonrpc":"2.0","id":1,"method":"a\x01b"}', "a bare control character"), (b'"\\x"', "a wrong escape"),
            (nested(63), "65 deep"), (nested(5000), "5002 deep"), (b"[" * 100_000, "a hundred thousand brackets"),
            (b"\xef\xbb\xbf" + dumps(PING), "a byte order mark")]:
        answer = post(city, body)
        report.refused(RPC, answer, -32700, what)
        report.check(RPC, isinstance(answer.body, dict) and "id" in answer.body and answer.body["id"] is None,
                     f"{what}: the id is null", answer)
    # 64 deep is allowed: what is refused is the param.
    report.refused(RPC, post(city, nested(62)), -32602, "64 deep")
    for body, what in [
            (b"1", "a number"), (b'"x"', "a string"), (b"null", "null"), (b"true", "true"), (b"{}", "an empty object"), (b"[]", "an empty batch"),
            (b'{"id":1,"method":"system.ping"}', "no version"),
            (b'{"jsonrpc":"1.0","id":1,"method":"system.ping"}', "version 1.0"),
            (b'{"jsonrpc":2.0,"id":1,"method":"system.ping"}', "the version as a number"),
            (b'{"jsonrpc":"2.0","id":1}', "no method"), (b'{"jsonrpc":"2.0","id":1,"method":1}', "a number for a method"),
            (b'{"jsonrpc":"2.0","id":1,"method":null}', "null for a method"),
            (b'{"jsonrpc":"2.0","id":1,"method":"system.ping","params":"x"}', "a string for params"),
            (b'{"jsonrpc":"2.0","id":1,"method":"system.ping","params":1}', "a number for params"),
            (b'{"jsonrpc":"2.0","id":1,"method":"system.ping","params":null}', "null for params"),
            (b'{"jsonrpc":"2.0","id":{},"method":"system.ping"}', "an object for an id"),
            (b'{"jsonrpc":"2.0","id":[1],"method":"system.ping"}', "a list for an id"),
            (b'{"jsonrpc":"2.0","id":true,"method":"system.ping"}', "true for an id"),
            (b'{"jsonrpc":"2.0","id":1,"id":2,"method":"system.ping"}', "two ids"),
            (b'{"jsonrpc":"2.0","id":1,"method":"system.ping","method":"system.info"}', "two methods"),
            (b'{"jsonrpc":"2.0","id":1,"method":"system.subtract","params":{"minuend":1,"minuend":2,"subtrahend":1}}',
             "a param twice"),
            (b'{"jsonrpc":"2.0","id":1,"method":"system.subtract","params":{"minuend":1,"\\u006dinuend":2,"subtrahend":1}}',
             "a param twice, once escaped")]:
        report.refused(RPC, post(city, body), -32600, what)
    for name in ("nothing", "", "intake.nothing", "Intake.get", "system.Ping", "rpc.other", "intake.get ", "测试"):
        report.refused(RPC, city.gateway.call(None, name, {}), -32601, f"the method {name!r}")


def ids(city):
    report = city.report
    for id in (b"1", b'"x"', b'""', b"0", b"-1", b"9007199254740993", b"1.5", b'"\\u4e2d"', b"null",
               b"12345678901234567890", '"中文"'.encode()):
        answer = post(city, b'{"jsonrpc":"2.0","id":%s,"method":"system.ping"}' % id)
        report.check(RPC, answer.code is None and answer.body and answer.body.get("id") == json.loads(id)
                     and answer.body.get("jsonrpc") == "2.0" and "error" not in answer.body, f"the id {id} comes back", answer)
    for id in (b'"x"', b"7"):
        answer = post(city, b'{"jsonrpc":"2.0","id":%s,"method":"nothing"}' % id)
        report.check(RPC, answer.body.get("id") == json.loads(id) and "result" not in answer.body, "so with an error", answer)
    silent = post(city, {"jsonrpc": "2.0", "method": "system.ping"})
    report.check(RPC, silent.http == 204 and silent.raw == b"", "a notification answers 204 and nothing", silent)
    silent = post(city, {"jsonrpc": "2.0", "method": "nothing"})
    report.check(RPC, silent.http == 204 and silent.raw == b"", "a notification of an unknown method too", silent)
    silent = post(city, {"jsonrpc": "2.0", "method": "system.subtract", "params": {"x": 1}})
    report.check(RPC, silent.http == 204 and silent.raw == b"", "a notification with bad params too", silent)
    message = city.message()
    silent = city.gateway.post(dumps({"jsonrpc": "2.0", "method": "intake.register", "params": message}),
                               {"Authorization": f"Bearer {city.token('source')}"})
    report.check(RPC, silent.http == 204, "a mutation as a notification", silent)
    found = city.until(lambda: city.call("source", "intake.register", **message)["replayed"])
    report.check(RPC, found is True, "is done all the same")
    for params, value in (([42, 23], 19), ([23, 42], -19), ({"subtrahend": 23, "minuend": 42}, 19), ([1.5, 0.5], 1)):
        report.ok("system.subtract", city.gateway.call(None, "system.subtract", params), lambda v, w=value: v == w)
    for params in ([1], [1, 2, 3], ["a", "b"], {}, {"minuend": 1}, [None, 1]):
        report.refused("system.subtract", city.gateway.call(None, "system.subtract", params), -32602, f"params {params}")


def batches(city):
    report = city.report
    answer = post(city, [PING, {"jsonrpc": "2.0", "method": "system.ping"}, {"foo": "boo"}, 1,
                         {"jsonrpc": "2.0", "id": "5", "method": "nothing"}, {**PING, "id": 9}])
    codes = [a.get("error", {}).get("code") for a in answer.body] if isinstance(answer.body, list) else answer.body
    report.check(RPC, answer.http == 200 and codes == [None, -32600, -32600, -32601, None], "a mixed batch", answer)
    report.check(RPC, isinstance(answer.body, list) and [a["id"] for a in answer.body] == [1, None, None, "5", 9],
                 "its answers carry their ids, in order", answer)
    silent = post(city, [{"jsonrpc": "2.0", "method": "system.ping"}] * 3)
    report.check(RPC, silent.http == 204 and silent.raw == b"", "a batch of notifications answers nothing", silent)
    full = post(city, [{**PING, "id": n} for n in range(100)])
    report.check(RPC, isinstance(full.body, list) and [a["id"] for a in full.body] == list(range(100)), "100 items", full)
    report.refused(RPC, post(city, [PING] * 101), -32600, "101 items")
    report.refused(RPC, post(city, [PING] * 5000), -32600, "5000 items")
    report.check(RPC, isinstance(post(city, [1, 2, 3]).body, list) and len(post(city, [1, 2, 3]).body) == 3,
                 "a batch of nonsense answers each")
    nested = post(city, [[PING]])
    report.check(RPC, isinstance(nested.body, list) and nested.body[0]["error"]["code"] == -32600, "a batch in a batch", nested)
    report.refused(RPC, post(city, [PING], headers={"Idempotency-Key": key()}), -32600, "a key's header with a batch")
    mixed = post(city, [PING, {"jsonrpc": "2.0", "id": 2, "method": "intake.vocabulary"}])
    report.check(RPC, mixed.http == 200 and isinstance(mixed.body, list) and mixed.body[0].get("result") == "pong"
                 and mixed.body[1]["error"]["code"] == -32001, "in a batch a missing token is the item's own", mixed)
    numbers = [city.message() for _ in range(5)]
    many = city.gateway.post(dumps([{"jsonrpc": "2.0", "id": n, "method": "intake.register", "params": m}
                                    for n, m in enumerate(numbers)]), {"Authorization": f"Bearer {city.token('source')}"})
    report.check(RPC, isinstance(many.body, list) and all("result" in a for a in many.body), "a batch of mutations", many)


def http(city):
    report = city.report
    for verb in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"):
        answer = post(city, PING, verb=verb)
        report.check(RPC, answer.http == 405, f"{verb} /rpc", answer)
        if verb not in ("HEAD",):
            report.check(RPC, isinstance(answer.body, dict) and "error" in answer.body and answer.body.get("jsonrpc") == "2.0",
                         f"{verb} has a JSON-RPC error body", answer)
    for kind, fits in [("text/plain", False), ("", False), ("application/xml", False), ("application/jsonx", False),
                       ("application/json; charset=utf-8", True), ("application/json-rpc", True), ("APPLICATION/JSON", True),
                       ("application/x-www-form-urlencoded", False), ("multipart/form-data", False)]:
        answer = post(city, PING, headers={"Content-Type": kind})
        report.check(RPC, answer.http == (200 if fits else 415), f"content type {kind!r}", answer)
        if not fits:
            report.check(RPC, isinstance(answer.body, dict) and "error" in answer.body, f"{kind!r} has an error body", answer)
    limit = 1 << 20
    padded = lambda size: dumps(PING) + b" " * (size - len(dumps(PING)))
    report.check(RPC, post(city, padded(limit)).http == 200, "a body of 1 MiB")
    for size in (limit + 1, 3 * limit):
        answer = post(city, padded(size))
        report.check(RPC, answer.http == 413 and "error" in (answer.body or {}), f"a body of {size} bytes", answer)
    for path in ("/", "/nothing", "/../etc/passwd", "/rpcx"):
        answer = post(city, PING, path=path)
        report.check(RPC, answer.http in (404, 405), f"POST {path}", answer)
    answer = post(city, PING, path="/rpc?x=1")
    report.check(RPC, answer.http in (200, 404), "a query", answer)
    report.check(RPC, "application/json" in post(city, PING).headers.get("Content-Type", ""), "answers are application/json")
    none = city.gateway.call(None, "intake.vocabulary", {})
    report.check(RPC, none.http == 401 and none.code == -32001, "no token where one is needed", none)
    for header in ("Bearer", "Bearer ", "Basic abc", "Bearer a b", "Bearer " + "x" * 5000, "bearer wrong", "x"):
        bad = post(city, {**PING, "method": "intake.vocabulary"}, headers={"Authorization": header})
        report.check(RPC, bad.http in (401, 400, 431) and (bad.http != 401 or bad.code == -32001), f"Authorization {header[:20]!r}", bad)
    lower = post(city, {**PING, "method": "intake.vocabulary"}, headers={"Authorization": f"bearer {city.token('office')}"})
    report.check(RPC, lower.code is None, "the scheme's name in lower case", lower)


def headers(city):
    report = city.report
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = post(city, {**PING, "method": "nothing"}, headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
    report.check(RPC, answer.data.get("traceId") == trace, "traceparent gives the traceId", answer)
    for answer in (post(city, PING, verb="PUT", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}),
                   post(city, PING, headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01", "Content-Type": "text/plain"}),
                   post(city, b" " * 1_100_000, headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}),
                   post(city, PING, headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01", "Renling-Budget-Ms": "1"})):
        report.check(RPC, answer.data.get("traceId") == trace, "so with the door's own errors", answer)
    fresh = {post(city, {**PING, "method": "nothing"}).data.get("traceId") for _ in range(3)}
    report.check(RPC, len(fresh) == 3 and None not in fresh, "without it each has its own")
    for bad in ("nonsense", "00-" + "0" * 32 + "-00f067aa0ba902b7-01", f"00-{trace.upper()}-00f067aa0ba902b7-01"):
        answer = post(city, {**PING, "method": "nothing"}, headers={"traceparent": bad})
        report.check(RPC, answer.code in (-32601, -32600) and answer.data.get("traceId"), f"traceparent {bad[:12]}", answer)
    for budget, fits in (("50", True), ("60000", True), ("10000", True), ("49", False), ("60001", False), ("x", False),
                         ("-1", False), ("0", False), ("1.5", False)):
        answer = post(city, PING, headers={"Renling-Budget-Ms": budget})
        report.check(RPC, (answer.code is None) == fits and (fits or answer.code == -32600), f"budget {budget}", answer)
    for value, fits in (("a", True), ("k" * 200, True), ("k" * 201, False), ("with space", True)):
        message = city.message()
        answer = city.call("source", "intake.register", {"Idempotency-Key": (city.run + value)[:len(value)] if len(value) > 99 else value + city.run}, **message)
        report.check(RPC, (answer.code is None) == fits and (fits or answer.code in (-32600, -32602)),
                     f"a key's header of {len(value)} characters", answer)
    message, both = city.message(), key()
    same = city.call("source", "intake.register", {"Idempotency-Key": both}, **message, idempotencyKey=both)
    report.check(RPC, same.code is None, "the key in both places", same)
    differing = city.call("source", "intake.register", {"Idempotency-Key": key()}, **city.message(), idempotencyKey=key())
    report.check(RPC, differing.code in (-32600, -32602), "two different keys", differing)


def order(city):
    """The contract's order of checks, two wrongs at a time."""
    report = city.report
    claimed = city.bring("claimed")
    call = city.call
    report.refused(RPC, call("nobody", "nothing.at", x=1), -32601, "method before caller")
    report.refused(RPC, call("nobody", "intake.classify", x=1), -32001, "caller before params")
    report.refused(RPC, call("observer", "intake.classify", x=1), -32003, "role before params")
    report.refused(RPC, call("yt-education", "assignment.claim", caseNumber=claimed), -32602, "params before sight")
    archived = city.bring("archived")
    report.refused(RPC, call("yt-education", "handling.fileOpinion", caseNumber=archived, opinion="x"), 1001,
                   "sight before the archived case")
    report.refused(RPC, call("yt-city", "handling.fileOpinion", caseNumber=archived, opinion="x", expectedVersion=0), 1010,
                   "archived before another's case and version")
    report.refused(RPC, call("yt-city", "handling.fileOpinion", caseNumber=claimed, opinion="x", expectedVersion=0), -32003,
                   "another's case before the version", reason="notLeadUnit")
    person = {"name": "周", "title": "科长"}
    report.refused(RPC, call("yt-housing", "assignment.claim", caseNumber=claimed, responsiblePerson=person, expectedVersion=0),
                   1003, "the version before the lost claim")
    report.refused(RPC, call("yt-housing", "assignment.claim", caseNumber=claimed, responsiblePerson=person), 1004,
                   "the lost claim before the status")
    report.refused(RPC, call("office", "handling.review", caseNumber=claimed, decision="approve", comment="同意", reviewer=person,
                             expectedVersion=1), 1003, "the version before the status")
    wrong = call("office", "handling.review", caseNumber=claimed, decision="approve", comment="同意", reviewer=person)
    report.refused(RPC, wrong, 1002, "the wrong status", status="claimed")
    report.refused(RPC, call("registrar", "handling.confirmPublication", caseNumber=claimed, way="board", at=city.now()), -32602,
                   "conditional params before the status", path="url")
    used = key()
    city.do("office", "assignment.instruct", caseNumber=claimed, text="从速", leader=person, idempotencyKey=used)
    report.refused(RPC, call("office", "assignment.instruct", caseNumber=claimed, text="", leader=person, idempotencyKey=used),
                   -32602, "params before the key")
    report.refused(RPC, call("office", "assignment.instruct", caseNumber="1", text="从速", leader=person, idempotencyKey=used),
                   -32022, "the key before sight")
    again, review = key(), dict(caseNumber=claimed, decision="approve", comment="同意", reviewer=person)
    report.refused(RPC, call("office", "handling.review", **review, idempotencyKey=again), 1002, "a refusal under a key")
    city.step(claimed, "reported")
    report.ok(RPC, call("office", "handling.review", **review, idempotencyKey=again), {"status": "approved"}, "is not stored, and decided anew")
    other = call("office", "assignment.changeUrgency", caseNumber=claimed, urgency="important", ground="x", idempotencyKey=used)
    report.refused(RPC, other, -32022, "the key of another method")
    report.ok(RPC, call("leader", "assignment.instruct", caseNumber=claimed, text="从速", leader=person, idempotencyKey=used),
              what="keys are the client's own")


def pages(city):
    report = city.report
    for path in ("/livez", "/readyz", "/metrics", "/openrpc.json"):
        report.check(RPC, city.gateway.get(path).status_code == 200, f"GET {path}")
    document = city.gateway.get("/openrpc.json").json()
    report.check(RPC, document["openrpc"] == "1.3.2", "OpenRPC 1.3.2")
    report.check(RPC, city.gateway.call(None, "rpc.discover").result == document, "rpc.discover is the same document")
    report.check(RPC, "renling_" in city.gateway.get("/metrics").text, "metrics are ours")


def folder(city):
    """What `make run` leaves for callers."""
    report, data = city.report, city.data
    mode = os.stat(os.path.join(data, "clients.json")).st_mode & 0o777
    report.check(RPC, mode == 0o600, f"clients.json has mode {mode:o}")
    desks = {"source", "registrar", "office", "leader", "supervisor", "auditor", "observer", "admin", "unit", "channels"}
    report.check(RPC, set(city.tokens) == desks, f"clients.json has {sorted(city.tokens)}")
    with open(os.path.join(data, "run.json"), encoding="utf-8") as file:
        rows = json.load(file)
    report.check(RPC, {r["service"] for r in rows} == {"gateway", *city.doors}, "run.json names what runs", str(rows))
    for row in rows:
        base = "http://" + row["http"].removeprefix("http://")
        metrics = requests.get(base + "/metrics", timeout=10).text
        for page in ("/livez", "/readyz"):
            report.check(RPC, requests.get(base + page, timeout=10).status_code == 200, f"{row['service']}{page}")
        report.check(RPC, "renling_outbox_pending" in metrics and "renling_outbox_dead" in metrics, f"{row['service']}/metrics")


def raw(city, data, seconds=10):
    """Sends bytes over a plain connection and reads until it is closed or quiet."""
    host, port = city.gateway.url.removeprefix("http://").split(":")
    answer = b""
    with socket.create_connection((host, int(port)), timeout=seconds) as connection:
        connection.sendall(data)
        try:
            while piece := connection.recv(65536):
                answer += piece
                if b"\r\n\r\n" in answer and (b'"pong"' in answer or b'"error"' in answer):
                    break
        except (TimeoutError, ConnectionError):
            pass
    return answer


def wire(city):
    """HTTP/1.1 as it may come in."""
    report, body = city.report, dumps(PING)
    head = b"POST /rpc HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n"
    plain = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    report.check(RPC, b'"pong"' in raw(city, plain), "a plain request")
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(body[i:i + 7]), body[i:i + 7]) for i in range(0, len(body), 7)) + b"0\r\n\r\n"
    report.check(RPC, b'"pong"' in raw(city, chunked + pieces), "a chunked body")
    lots = b"".join(b"10000\r\n%s\r\n" % (b" " * 65536) for _ in range(20)) + b"0\r\n\r\n"
    answer = raw(city, chunked + lots)
    report.check(RPC, b" 413 " in answer[:30] or answer == b"", "a chunked body over the limit", str(answer[:200]))
    for bad in (b"nonsense\r\n\r\n", b"POST /rpc HTTP/1.1\r\nContent-Length: x\r\n\r\n", head + b"Content-Length: -1\r\n\r\n",
                b"GET / HTTP/9.9\r\n\r\n", head + b"X: " + b"a" * 200_000 + b"\r\n\r\n"):
        answer = raw(city, bad, 5)
        report.check(RPC, b" 200 " not in answer[:30] and b" 500 " not in answer[:30], f"{bad[:40]}", str(answer[:200]))
    report.check(RPC, post(city, PING).result == "pong", "the door still serves")


def races(city):
    """The same at the same time."""
    report = city.report
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        used, message = key(), city.message()
        answers = list(pool.map(lambda _: city.call("source", "intake.register", **message, idempotencyKey=used), range(8)))
        report.check(RPC, all(a.code in (None, -32009) for a in answers) and len({json.dumps(a.result) for a in answers if a.result}) == 1,
                     "one key eight times at once is done once", "\n  ".join(map(str, answers)))
        report.check(RPC, all(a.data.get("retryAfterMs", 0) > 0 and a.data["retryable"] for a in answers if a.code == -32009), "-32009 says when to ask again")
        message = city.message()
        answers = list(pool.map(lambda _: city.call("source", "intake.register", **message), range(8)))
        report.check(RPC, len({a["caseNumber"] for a in answers}) == 1 and sorted(a["replayed"] for a in answers) == [False] + [True] * 7,
                     "one post eight times at once is one case", "\n  ".join(map(str, answers)))
        number = city.bring("claimed")
        answers = list(pool.map(lambda n: city.call("office", "assignment.instruct", caseNumber=number, text=f"批示{n}", expectedVersion=3,
                                                    leader={"name": "赵", "title": "书记"}), range(8)))
        report.check(RPC, sorted(str(a.code) for a in answers) == ["1003"] * 7 + ["None"], "of eight with one version one wins", "\n  ".join(map(str, answers)))
        answers = list(pool.map(lambda n: city.call("source", "supervision.urge", caseNumber=number, text=f"催{n}"), range(8)))
        report.check(RPC, sorted(a["version"] or 0 for a in answers) == list(range(5, 13)), "eight without a version are all done", "\n  ".join(map(str, answers)))


def nulls(city):
    """null for an optional param is either nothing or refused by name; it never breaks anything."""
    report = city.report
    for name, method in METHODS.items():
        if name == "system.redrive" or callable(method.state) or method.state:
            continue
        actor, params, _ = method.prepare(city)
        for param, required in method.params.items():
            if not required and method.kind != "mutation":
                answer = city.call(actor, name, **{**params, param: None})
                report.check(name, answer.code is None or answer.code == -32602 and answer.paths == [param], f"{param} is null", answer)
    for param, required in METHODS["intake.register"].params.items():
        if not required:
            answer = city.call("source", "intake.register", **{**city.message(), param: None})
            report.check("intake.register", answer.code is None or answer.code == -32602 and answer.paths == [param], f"{param} is null", answer)
    for value in ("键", "a\tb", "", "x" * 201):
        report.refused("intake.register", city.call("source", "intake.register", **city.message(), idempotencyKey=value), -32602, f"the key {value[:5]!r}",
                       path="idempotencyKey")
    number = city.register()
    for value in (-1, 1.5, "1", 2 ** 70):
        report.refused("intake.supplement", city.call("source", "intake.supplement", caseNumber=number, text="x", expectedVersion=value), -32602,
                       f"the version {value}", path="expectedVersion")


def ranges(city):
    """Days, both included, at most 400."""
    for who, name, first, last, more in [("office", "intake.search", "registeredFrom", "registeredTo", {}), ("auditor", "intake.identityLog", "from", "to", {}),
                                         ("office", "supervision.overview", "from", "to", {}), ("office", "supervision.steps", "from", "to", {}),
                                         ("auditor", "archive.verify", "from", "to", {}), ("auditor", "archive.search", "from", "to", {}),
                                         ("auditor", "archive.export", "from", "to", {})]:
        call = lambda a, b: city.call(who, name, **{first: a, last: b}, **more)
        city.report.ok(name, call("2024-01-01", "2025-02-03"), what="400 days")
        city.report.refused(name, call("2024-01-01", "2025-02-04"), -32602, "401 days", path=last)
        city.report.refused(name, call("2024-01-02", "2024-01-01"), -32602, "backwards", path=last)
        city.report.ok(name, call("2024-02-29", "2024-02-29"), what="one day")
        city.report.refused(name, call("2023-02-29", "2023-03-01"), -32602, "a day that is none", path=first)


def doors(city):
    report = city.report
    office = city.token("office")
    for service, door in city.doors.items():
        for empty in (True, False):
            answer = door.call(None, "system.ping", empty=empty)
            report.check(RPC, answer.result == "pong", f"{service}: ping, empty frame {empty}", answer)
        frames = door.send(b"", dumps(PING), kind=zmq.DEALER)
        report.check(RPC, frames and frames[0] == b"" and len(frames) == 2, f"{service}: [empty][body] is answered so")
        frames = door.send(dumps(PING), kind=zmq.REQ)
        report.check(RPC, frames and json.loads(frames[-1])["result"] == "pong", f"{service}: a REQ socket")
        frames = door.send(dumps({"jsonrpc": "2.0", "method": "system.ping"}), kind=zmq.REQ)
        report.check(RPC, frames == [b""], f"{service}: a notification leaves no REQ socket hanging", str(frames))
        frames = door.send(dumps({"jsonrpc": "2.0", "method": "system.ping"}), seconds=1)
        report.check(RPC, frames is None, f"{service}: a bare notification is not answered", str(frames))
        for body, code in ((b"{", -32700), (b"[]", -32600), (b"1", -32600), (dumps({**PING, "method": "no.such"}), -32601),
                           (b" " * (8 << 20), -32700), (dumps([PING] * 101), -32600)):
            answer = Answer(body[:200], None, json.loads(door.send(b"", body)[-1]))
            report.refused(RPC, answer, code, f"{service}: {body[:30]}")
        limit = (8 << 20) - len(dumps(PING))
        for spaces, code in ((limit, None), (limit + 1, -32600)):
            frames = door.send(b"", dumps(PING) + b" " * spaces)
            report.check(RPC, frames and json.loads(frames[-1]).get("error", {}).get("code") == code, f"{service}: 8 MiB, {code}", str(frames))
        batch = json.loads(door.send(dumps([PING, {**PING, "id": 2}, {"jsonrpc": "2.0", "method": "system.ping"}]))[-1])
        report.check(RPC, [a.get("id") for a in batch] == [1, 2], f"{service}: a batch", str(batch))
        foreign = "archive.root" if service != "archive" else "intake.get"
        report.refused(RPC, door.call(office, foreign, {"day": "2026-01-01"}), -32601, f"{service}: another's method")
        for method in ("system.info", "system.stats", "system.health"):
            report.check(RPC, door.call(office, method).code is None, f"{service}: {method}")
            report.refused(RPC, door.call(None, method), -32001, f"{service}: {method} without a token")
        report.refused(RPC, door.call("wrong", "system.info"), -32001, f"{service}: a bad token")
        found = door.call(None, "rpc.discover").result or {}
        report.check(RPC, found.get("openrpc") == "1.3.2" and any(m["name"].startswith(service) for m in found["methods"]),
                     f"{service}: rpc.discover")
        trace = "4bf92f3577b34da6a3ce929d0e0e4736"
        answer = door.call(None, "nothing", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"})
        report.refused(RPC, answer, -32601, f"{service}: a headers frame", traceId=trace)
        for bad in (b"x" * 5000, b"nonsense", b"[]", b'{"budgetMs":49}', b'{"budgetMs":"x"}', b'{"authorization":1}'):
            frames = door.send(b"", bad, dumps(PING))
            body = json.loads(frames[-1]) if frames and frames[-1] else {}
            report.check(RPC, body.get("error", {}).get("code") in (-32600, -32700), f"{service}: headers {bad[:20]}", str(frames))
    used, message = key(), city.message()
    intake = city.doors["intake"]
    first = intake.call(city.token("source"), "intake.register", message, headers={"idempotencyKey": used})
    again = city.call("source", "intake.register", {"Idempotency-Key": used}, **message)
    report.check("intake.register", first.code is None and first.result == again.result, "one key at both doors", again)
    spoofed = {**PING, "method": "intake.get", "params": {"caseNumber": first["caseNumber"]}, "actor": {"role": "office"}}
    answer = Answer(dumps(spoofed), None, json.loads(intake.send(b"", dumps(spoofed))[-1]))
    report.check(RPC, answer.code in (-32001, -32600), "an actor that the caller claims to be", answer)
    big = city.message(body="长" * 20_000)
    report.ok("intake.register", intake.call(city.token("source"), "intake.register", big), what="20,000 characters of three bytes")
    astral = city.message(body="😀" * 20_000, title="😀" * 200)
    report.ok("intake.register", city.call("source", "intake.register", **astral), what="a character is a Unicode scalar")

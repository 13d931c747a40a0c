"""A caller from outside: JSON-RPC over the gateway's HTTP door and over the services' bare ZeroMQ doors."""

import itertools
import json
import uuid

import requests
import zmq

SILENCE_SECONDS = 30
PORTS = {"intake": 7101, "assignment": 7102, "handling": 7103, "supervision": 7104, "archive": 7105}


class Answer:
    """What came back for one request. `request` is kept so that a deviation can be shown."""

    def __init__(self, request, http, body):
        self.request, self.http, self.body = request, http, body

    @property
    def error(self):
        error = self.body.get("error") if isinstance(self.body, dict) else None
        return error if isinstance(error, dict) else {}

    @property
    def code(self):
        """The error's code; None for a success."""
        return self.error.get("code")

    @property
    def data(self):
        return self.error.get("data") or {}

    @property
    def reason(self):
        return self.data.get("reason")

    @property
    def paths(self):
        return [field.get("path") for field in self.data.get("fields", [])]

    @property
    def result(self):
        return self.body.get("result") if isinstance(self.body, dict) else None

    def __getitem__(self, name):
        """A field of the result; None where there is none."""
        return self.result.get(name) if isinstance(self.result, dict) else None

    def __str__(self):
        return f"HTTP {self.http} {json.dumps(self.body, ensure_ascii=False)}"


class Gateway:
    """The HTTP door."""

    def __init__(self, address):
        self.url = f"http://{address}"
        self.session = requests.Session()
        self.ids = itertools.count(1)

    def post(self, body, headers=None, path="/rpc", verb="POST"):
        """Sends bytes as they are."""
        sent = {"Content-Type": "application/json", **(headers or {})}
        reply = self.session.request(
            verb, self.url + path, data=body, timeout=SILENCE_SECONDS, headers={k: v for k, v in sent.items() if v})
        try:
            parsed = reply.json() if reply.content else None
        except ValueError:
            parsed = {"notJSON": reply.text[:200]}
        answer = Answer(body if len(body) < 1500 else body[:1500] + b"...", reply.status_code, parsed)
        answer.headers, answer.raw = reply.headers, reply.content
        return answer

    def call(self, token, method, params=None, headers=None):
        request = {"jsonrpc": "2.0", "id": next(self.ids), "method": method}
        if params is not None:
            request["params"] = params
        sent = dict(headers or {})
        if token:
            sent["Authorization"] = f"Bearer {token}"
        return self.post(dumps(request), sent)

    def get(self, path):
        return self.session.get(self.url + path, timeout=SILENCE_SECONDS)


class Door:
    """A service's ZeroMQ door, spoken to as a REQ-like client in any language would."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.ids = itertools.count(1)

    def send(self, *frames, kind=zmq.DEALER, seconds=SILENCE_SECONDS):
        """All frames of the answer; None for silence."""
        with zmq.Context.instance().socket(kind) as socket:
            socket.linger = 0
            socket.connect(self.endpoint)
            socket.send_multipart(frames)
            return socket.recv_multipart() if socket.poll(seconds * 1000) else None

    def call(self, token, method, params=None, empty=True, headers=None):
        request = {"jsonrpc": "2.0", "id": next(self.ids), "method": method}
        if params is not None:
            request["params"] = params
        sent = dict(headers or {})
        if token:
            sent["authorization"] = f"Bearer {token}"
        frames = ([b""] if empty else []) + ([dumps(sent)] if sent else []) + [dumps(request)]
        reply = self.send(*frames)
        return Answer(dumps(request), None, json.loads(reply[-1]) if reply and reply[-1] else reply)


def dumps(value):
    """Lone surrogates travel as escapes, everything else as it is."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def key():
    """A new idempotency key."""
    return f"outside-{uuid.uuid4()}"

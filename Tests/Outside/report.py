"""Counts what was checked, by method, and prints each deviation with its request and answer."""

import collections
import json
import re

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
DAY = re.compile(r"\d{4}-\d\d-\d\d$")
SHA = re.compile(r"[0-9a-f]{64}$")
PHRASES = {-32700: "Parse error", -32600: "Invalid Request", -32601: "Method not found", -32602: "Invalid params",
           -32603: "Internal error"}


def time(value):
    return isinstance(value, str) and bool(TIME.match(value))


def day(value):
    return isinstance(value, str) and bool(DAY.match(value))


def sha(value):
    return isinstance(value, str) and bool(SHA.match(value))


def number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def ratio(value):
    return value is None or number(value) and 0 <= value <= 1


def problem(value, shape, path="result"):
    """What keeps `value` from the shape; None when it fits.

    A shape is a literal, a type, a predicate, a set of words, `[shape]` for a list, or a dict in which `name?` may be
    absent and `name!` must be.
    """
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return f"{path} is not an object"
        for name, inner in shape.items():
            bare = name.rstrip("?!")
            if name.endswith("!"):
                if bare in value:
                    return f"{path}.{bare} should be absent"
            elif bare not in value:
                if not name.endswith("?"):
                    return f"{path}.{bare} is missing"
            elif found := problem(value[bare], inner, f"{path}.{bare}"):
                return found
        return None
    if isinstance(shape, list) and len(shape) == 1:
        if not isinstance(value, list):
            return f"{path} is not a list"
        return next(filter(None, (problem(v, shape[0], f"{path}[{i}]") for i, v in enumerate(value))), None)
    if isinstance(shape, set):
        return None if isinstance(value, str) and value in shape else f"{path} is {value!r}, not one of {sorted(shape)}"
    if isinstance(shape, type):
        fits = isinstance(value, shape) and (shape is bool or not isinstance(value, bool))
        return None if fits else f"{path} is {value!r}, not {shape.__name__}"
    if callable(shape):
        return None if shape(value) else f"{path} is {value!r}, not {shape.__name__}"
    return None if value == shape and type(value) is type(shape) else f"{path} is {value!r}, not {shape!r}"


class Report:
    def __init__(self, quiet=False):
        self.checks = collections.Counter()
        self.deviations = collections.Counter()
        self.called = set()
        self.missing = []

    def check(self, method, fits, what, answer=None):
        """One check of one method."""
        self.checks[method] += 1
        if fits:
            return True
        self.deviations[method] += 1
        print(f"\n✗ {method}: {what}")
        if isinstance(answer, str):
            print(f"  {answer}")
        elif answer is not None:
            request = answer.request.decode(errors="replace") if isinstance(answer.request, bytes) else answer.request
            print(f"  request {request}\n  answer  {str(answer)[:1500]}", flush=True)
        return False

    def ok(self, method, answer, shape=None, what="is accepted"):
        """A success of this shape. Answers the answer, so that calls can be chained."""
        self.called.add(method)
        if self.check(method, answer.code is None and answer.http in (200, None), what, answer) and shape is not None:
            found = problem(answer.result, shape)
            self.check(method, found is None, f"{what}: {found}", answer)
        return answer

    def refused(self, method, answer, code, what, reason=None, path=None, **data):
        """A refusal with this code, whose `data` is as the contract says."""
        found = None
        if answer.code != code:
            found = f"code {answer.code} instead of {code}"
        elif reason is not None and answer.reason != reason:
            found = f"reason {answer.reason} instead of {reason}"
        elif path is not None and not any(p == path or re.match(re.escape(path) + r"[.\[]", p or "") for p in answer.paths):
            found = f"paths {answer.paths} instead of {path}"
        elif any(answer.data.get(name) != value for name, value in data.items()):
            found = f"data is not {json.dumps(data, ensure_ascii=False)}"
        else:
            found = self._form(answer)
        self.check(method, found is None, f"{what}: {found}", answer)
        return answer

    def _form(self, answer):
        for name, kind in (("reason", str), ("detail", str), ("retryable", bool), ("traceId", str)):
            if not isinstance(answer.data.get(name), kind) or answer.data[name] == "":
                return f"data.{name} is missing"
        if not re.search("[\u4e00-\u9fff]", answer.data["detail"]):
            return "data.detail is not Chinese"
        if answer.code in PHRASES and answer.error.get("message") != PHRASES[answer.code]:
            return f"message is not {PHRASES[answer.code]!r}"
        if answer.code == -32602 and not answer.data.get("fields"):
            return "data.fields is missing"
        if answer.code == 1002 and not ("status" in answer.data and isinstance(answer.data.get("allowed"), list)):
            return "data.status or data.allowed is missing"
        if answer.code == 1003 and not isinstance(answer.data.get("version"), int):
            return "data.version is missing"
        return None

    def lacks(self, method, what):
        """Something of the contract that the system says it does not serve yet: told, and no deviation."""
        self.missing.append(f"{method}: {what}")

    def summary(self):
        width = max(map(len, self.checks), default=0)
        for method in sorted(self.checks):
            bad = self.deviations[method]
            print(f"{method:{width}} {self.checks[method]:6}" + (f"  {bad} deviations" if bad else ""))
        for line in self.missing:
            print(f"not served yet: {line}")
        print(f"{'in all':{width}} {sum(self.checks.values()):6}  {sum(self.deviations.values())} deviations")
        return not self.deviations

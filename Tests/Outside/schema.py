"""Bad values, made from the params' JSON Schema in the OpenRPC document."""

import copy

LONG = "长" * 20_001
DEEP = None
for _ in range(40):
    DEEP = [DEEP]
WRONG_TYPES = {"string": "x", "integer": 7, "number": 1.5, "boolean": True, "array": [], "object": {}}
FITS = {"string": {"string"}, "integer": {"integer"}, "number": {"integer", "number"}, "boolean": {"boolean"},
        "array": {"array"}, "object": {"object"}}


class Spot:
    """A place in a method's params: `petitioner.phone`, `attachments[0].bytes`."""

    def __init__(self, steps, schema, required):
        self.steps, self.schema, self.required = steps, schema, required
        self.path = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in steps).lstrip(".")

    def put(self, params, value):
        """The params with `value` here."""
        return _put(copy.deepcopy(params), self.steps, value)

    def without(self, params):
        params = copy.deepcopy(params)
        place = params
        for step in self.steps[:-1]:
            place = place[step]
        place.pop(self.steps[-1], None)
        return params


def _put(place, steps, value):
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        place = place if isinstance(place, list) else []
        return [_put(place[0] if place else {}, rest, value)] + place[1:]
    place = dict(place) if isinstance(place, dict) else {}
    place[step] = _put(place.get(step), rest, value)
    return place


def spots(schema, steps=()):
    """Every place of an object's schema, its own members and what lies in them."""
    if schema.get("type") == "object":
        for name, inner in schema.get("properties", {}).items():
            here = steps + (name,)
            yield Spot(here, inner, name in schema.get("required", []))
            yield from spots(inner, here)
    elif schema.get("type") == "array" and "items" in schema:
        here = steps + (0,)
        yield Spot(here, schema["items"], True)
        yield from spots(schema["items"], here)


def params_schema(method):
    """The params of an OpenRPC method as one object schema."""
    return {"type": "object", "properties": {p["name"]: p["schema"] for p in method["params"]},
            "required": [p["name"] for p in method["params"] if p.get("required")]}


def misfits(spot):
    """Values that cannot stand here, each with a word for it."""
    schema, kind = spot.schema, spot.schema.get("type")
    for name, value in WRONG_TYPES.items():
        if kind in FITS and name not in FITS[kind]:
            yield f"wrong type: {name}", value
    if kind in FITS:
        yield "too deep", DEEP
        if spot.required:
            yield "null", None
    if kind == "string":
        yield "empty", ""
        yield "NUL", "a\0b"
        yield "lone surrogate", "a\ud800b"
        yield "too long", LONG
        if "maxLength" in schema:
            yield "one character too many", "长" * (schema["maxLength"] + 1)
            yield "one astral character too many", "😀" * (schema["maxLength"] + 1)
        if {"enum", "format", "pattern"} & schema.keys():
            yield "not a word", "'); DROP TABLE cases; --"
        for word in schema.get("enum", [])[:1]:
            yield "upper case", word.upper()
            yield "with a space", word + " "
    if kind in ("integer", "number"):
        for name, step in (("minimum", -1), ("maximum", 1)):
            if name in schema:
                yield f"beyond {name}", schema[name] + step
        yield "huge", 10 ** 400
        yield "a text with digits", "7"
    if kind == "array" and "maxItems" in schema:
        item = sample(schema.get("items", {}))
        yield "too many", [item] * (schema["maxItems"] + 1)


def sample(schema):
    """Something that fits."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "object":
        return {n: sample(s) for n, s in schema.get("properties", {}).items() if n in schema.get("required", [])}
    if kind == "array":
        return []
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return False
    return {"date": "2026-03-02", "date-time": "2026-03-02T08:00:00+08:00", "uri": "https://example.org/1"}.get(
        schema.get("format"), "0" * 64 if "pattern" in schema else "x")

"""`intake.register` as one would write it by hand: FastAPI, pydantic, asyncpg, one process.

It checks the token, validates the message, and writes the same rows as ours in one transaction: message, key, case, first
entry of the timeline, clock, sealed petitioner, and where repeats are looked up. What ours does beyond that (units of work
in groups, tracking of repeats, limits of open work, budgets) it leaves out.
"""

import hashlib
import hmac
import json
import os
import time
from datetime import datetime, timedelta, timezone
from typing import Literal, Optional

import asyncpg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel, Extra, Field, ValidationError

KEY = hashlib.sha256(b"bench").digest()
SEAL = AESGCM(KEY)
CHINA = timezone(timedelta(hours=8))
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PROCEEDINGS = json.dumps({
    "masters": [], "returns": 0, "hasBegun": False, "questions": 0, "extensions": 0, "hasOpinion": False,
    "isPermanent": False, "openMatters": 0, "isExclusionAsked": False, "isWithdrawalAsked": False,
})
CONNECTIONS = 8
TOKEN_SECONDS = 4
KEY_DAYS = 90


class Petitioner(BaseModel, extra=Extra.forbid):
    name: Optional[str] = Field(None, min_length=1, max_length=100)
    phone: Optional[str] = Field(None, min_length=1, max_length=100)
    contact: Optional[str] = Field(None, min_length=1, max_length=200)
    account: Optional[str] = Field(None, min_length=1, max_length=200)
    confidential: bool = False


class Params(BaseModel, extra=Extra.forbid):
    channel: str = Field(min_length=1, max_length=64)
    externalId: str = Field(min_length=1, max_length=200)
    title: str = Field(min_length=1, max_length=200)
    body: str = Field(min_length=1, max_length=20_000)
    type: Literal["consultation", "help", "complaint", "report", "suggestion", "praise"] = "help"
    petitioner: Optional[Petitioner] = None
    open: bool = True
    urgency: Literal["ordinary", "important", "critical"] = "ordinary"


class Call(BaseModel):
    jsonrpc: Literal["2.0"]
    id: int
    method: Literal["intake.register"]
    params: Params


app = FastAPI(openapi_url=None)
clients = {}
calendar = {"version": 0, "off": set(), "work": set()}


@app.on_event("startup")
async def start():
    words = dict((word.replace("'", "").split("=", 1)) for word in os.environ["BENCH_DATABASE"].split())
    app.state.pool = await asyncpg.create_pool(
        host=words["host"], port=int(words["port"]), user=words["user"], database=words["dbname"],
        min_size=CONNECTIONS, max_size=CONNECTIONS,
    )
    async with app.state.pool.acquire() as db:
        for row in await db.fetch("SELECT version, off, work FROM ledger.calendar_years ORDER BY version"):
            calendar["version"] = row["version"]
            calendar["off"].update(row["off"])
            calendar["work"].update(row["work"])


@app.on_event("shutdown")
async def stop():
    await app.state.pool.close()


@app.get("/livez")
async def livez():
    return Response("ok")


@app.post("/rpc")
async def rpc(request: Request):
    client = await find_client(request.headers.get("authorization", ""))
    if client is None:
        return answer({"jsonrpc": "2.0", "id": None, "error": {"code": -32001, "message": "unauthenticated"}}, 401)
    try:
        call = Call(**json.loads(await request.body()))
    except (ValidationError, ValueError, TypeError):
        return answer({"jsonrpc": "2.0", "id": None, "error": {"code": -32602, "message": "Invalid params"}})
    if call.params.channel not in client["channels"]:
        return answer({"jsonrpc": "2.0", "id": call.id, "error": {"code": -32003, "message": "not allowed"}})
    result = await register(call.params, request.headers.get("idempotency-key"), client["client_id"])
    if result is None:
        return answer({"jsonrpc": "2.0", "id": call.id, "error": {"code": -32009, "message": "in use"}})
    return answer({"jsonrpc": "2.0", "id": call.id, "result": result})


def answer(value, status=200):
    return Response(json.dumps(value, ensure_ascii=False), status, media_type="application/json")


async def find_client(authorization):
    digest = hashlib.sha256(authorization.removeprefix("Bearer ").encode()).digest()
    known = clients.get(digest)
    if known is None or known[1] < time.monotonic():
        async with app.state.pool.acquire() as db:
            row = await db.fetchrow("SELECT client_id, channels FROM ledger.clients WHERE token_sha256 = $1", digest)
        known = clients[digest] = (row, time.monotonic() + TOKEN_SECONDS)
    return known[0]


async def register(params, key, client):
    now = datetime.now(CHINA)
    due = end_of_next_working_day(now)
    warn = due - (due - now) / 5
    matter = hashlib.sha256(f"{params.title}\0{params.body}".encode()).digest()
    clocks = [{
        "dueAt": due.isoformat(), "stage": "registration", "warnAt": warn.isoformat(timespec="milliseconds"),
        "startedAt": now.isoformat(timespec="milliseconds"), "provisional": False,
    }]
    async with app.state.pool.acquire() as db, db.transaction():
        if key is not None:
            taken = await db.execute(
                """
                INSERT INTO ledger.idempotency_keys (client_id, key, method, digest, expires_at)
                VALUES ($1, $2, 'intake.register', $3, $4)
                ON CONFLICT DO NOTHING
                """, client, f"c:{key}", matter, now + timedelta(days=KEY_DAYS))
            if taken != "INSERT 0 1":
                return None
        case_id = await db.fetchval(
            """
            INSERT INTO ledger.natural_keys (channel, external_id, case_id, text_digest)
            VALUES ($1, $2, $3 + nextval('ledger.case_running'), $4)
            ON CONFLICT DO NOTHING
            RETURNING case_id
            """, params.channel, params.externalId, (now.year * 100 + now.month) * 1_000_000_000, matter)
        if case_id is None:
            return None
        number = f"{case_id // 1_000_000_000}-{case_id % 1_000_000_000:09d}"
        await db.execute(INSERT_CASE, case_id, params.externalId, params.channel, params.type, params.title, params.body,
                         params.urgency, params.open, "来信人" + code(number, "alias")[:4], now, json.dumps(clocks),
                         due, warn, PROCEEDINGS)
        await db.execute(
            """
            INSERT INTO ledger.timeline (case_id, seq, at, role, client_id, action, status_to, holder, note_is_public,
                channel, feed_kind, feed_position)
            VALUES ($1, 1, $2, 'source', $3, 'register', 'registered', 'registry', false, $4, 'status',
                pg_current_xact_id()::text::bigint)
            """, case_id, now, client, params.channel)
        await db.execute(
            """
            INSERT INTO ledger.clock_facts (case_id, version, ordinal, kind, stage, at, urgency, calendar_version)
            VALUES ($1, 1, 1, 'start', 'registration', $2, $3, $4)
            """, case_id, now, params.urgency, calendar["version"])
        if params.petitioner is not None:
            plain = params.petitioner.json(exclude_none=True, exclude_defaults=True, ensure_ascii=False).encode()
            nonce = os.urandom(12)
            await db.execute(
                "INSERT INTO intake.petitioners (case_id, sealed, phone_index) VALUES ($1, $2, $3)",
                case_id, nonce + SEAL.encrypt(nonce, plain, number.encode()), index(params.petitioner.phone or ""))
            await db.execute(
                "INSERT INTO intake.matters (digest, case_id) VALUES ($1, $3), ($2, $3)",
                matter, hmac.digest(KEY, matter + (params.petitioner.phone or "").encode(), "sha256"), case_id)
        result = {
            "caseNumber": number, "trackingCode": code(number, "tracking code"), "status": "registered", "version": 1,
            "registeredAt": now.isoformat(timespec="milliseconds"), "replayed": False,
        }
        if key is not None:
            await db.execute(
                "UPDATE ledger.idempotency_keys SET response = $3 WHERE client_id = $1 AND key = $2",
                client, f"c:{key}", json.dumps(result, separators=(",", ":")))
    return result


INSERT_CASE = """
    INSERT INTO ledger.cases (case_id, external_id, version, status, round, channel, type, title, body, urgency, about,
        confidential, open, alias, registered_at, is_classified, is_decline_proposed, co_orders, co_unit_ids,
        has_conflict_ground, has_unseen_supplement, dissatisfied_count, unreachable_count, was_reopened_by_rating, holder,
        clocks, due_at, warn_at, look_at, former_lead_ids, proceedings, emitted, feed_position, changed_at)
    VALUES ($1, $2, 1, 'registered', 1, $3, $4, $5, $6, $7, '{}', false, $8, $9, $10, false, false, '[]', '{}',
        false, false, 0, 0, false, 'registry', $11, $12, $13, $13, '{}', $14, '{}', pg_current_xact_id()::text::bigint, $10)
    """


def end_of_next_working_day(now):
    day = now.date()
    while True:
        day += timedelta(days=1)
        if day in calendar["work"] or (day.weekday() < 5 and day not in calendar["off"]):
            return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=CHINA)


def code(number, purpose):
    bits = int.from_bytes(hmac.digest(KEY, f"{purpose} {number}".encode(), "sha256")[:8], "big") >> 4
    return "".join(CROCKFORD[bits >> shift & 31] for shift in range(55, -1, -5))


def index(text):
    return hmac.digest(KEY, text.encode(), "sha256")

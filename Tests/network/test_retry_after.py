"""A service that asks to wait is not asked again earlier, in whichever of the three forms it says so."""

from __future__ import annotations

import email.utils
import time

import pytest
from support.endpoints import CREDIT, SESSION_CREATE
from support.misbehaviours import CREDIT as A_BALANCE
from support.misbehaviours import answers, in_turn
from support.raw_server import RawServer

# The random wait before the first repeat is shorter than this.
JITTER_MS = 250


def dates(ahead_s: int) -> dict:
    """A Retry-After that is a date, on a server whose clock is a year behind."""
    now = time.time() - 365 * 86_400
    date, later = (email.utils.formatdate(at, usegmt=True) for at in (now, now + ahead_s))
    return {"date": date, "retry-after": later}


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    "headers, asked_ms",
    [({"retry-after": "1"}, 1_000), ({"retry-after-ms": "600"}, 600), (dates(2), 2_000)],
    ids=["seconds", "milliseconds", "a date"],
)
def test_the_wait_is_as_long_as_the_service_asks(headers, asked_ms, status, make_client):
    busy = answers(b"<html>later</html>", status, {"content-type": "text/html", **headers})
    with RawServer(routes={CREDIT: in_turn(busy, answers(A_BALANCE))}) as server:
        reply = make_client(server.url).call("account.credit", trace=True)
        assert reply.ok and server.count(CREDIT) == 2
    waited = reply.meta["trace"][0]["delay_ms"]
    assert asked_ms <= waited <= asked_ms + JITTER_MS
    assert reply.meta["elapsed_ms"] >= asked_ms


def test_a_wait_that_would_outlast_the_deadline_is_not_begun(make_client):
    busy = answers(b"later", 503, {"content-type": "text/plain", "retry-after": "3600"})
    with RawServer(routes={CREDIT: busy}) as server:
        reply = make_client(server.url).call("account.credit", timeout_ms=8_000)
        assert reply.result == "UNAVAILABLE" and server.count(CREDIT) == 1
    assert reply.error["retry_after_ms"] == 3_600_000 and reply.error["retryable"] is True
    assert reply.seconds < 4


def test_a_payment_that_was_turned_away_is_sent_again(make_client):
    """A 429 says that nothing was done, so that this is the one answer after which a payment may be repeated."""
    busy = answers(b"later", 429, {"content-type": "text/plain", "retry-after-ms": "100"})
    with RawServer(routes={SESSION_CREATE: in_turn(busy, answers({"code": 1104, "msg": "no credit"}))}) as server:
        reply = make_client(server.url).call("session.create", {"avatar_id": "a", "duration": 60})
        assert reply.result == "QUOTA_EXCEEDED" and server.count(SESSION_CREATE) == 2

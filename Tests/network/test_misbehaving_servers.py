"""Every way a server can answer wrongly: the right result by the deadline, and nobody else is disturbed."""

from __future__ import annotations

import pytest
from support import misbehaviours
from support.canary import CANARY_KEY
from support.endpoints import CREDIT, SESSION_CREATE, SESSION_LIST
from support.expectations import (
    assert_by_deadline,
    assert_failed,
    assert_outcome_unknown,
    assert_timed_out,
    call_beside,
)
from support.misbehaviours import answers
from support.raw_server import RawServer

TIMEOUT_MS = 1200
HEALTHY_LIST = {"code": 1000, "msg": "OK", "data": {"count": 0, "result": []}}

# By hand, for an operation that only reads, with a single attempt.
READ_RESULTS = {
    "silent after the request": "TIMEOUT",
    "one byte a second in the headers": "TIMEOUT",
    "one byte a second in the body": "TIMEOUT",
    "headers that never end": "TIMEOUT",
    "endless headers": "BAD_RESPONSE",
    "an endless header line": "BAD_RESPONSE",
    "an endless body": "BAD_RESPONSE",
    "an endless chunked body": "BAD_RESPONSE",
    "endless interim responses": "BAD_RESPONSE",
    "a body that never ends": "TIMEOUT",
    "a body that ends early": "UNAVAILABLE",
    "chunks that end early": "UNAVAILABLE",
    "a content-length too small": "BAD_RESPONSE",
    "HTML with status 200": "BAD_RESPONSE",
    "HTML with status 502": "UNAVAILABLE",
    "HTML with status 503": "UNAVAILABLE",
    "an empty body": "BAD_RESPONSE",
    "JSON that is no object": "BAD_RESPONSE",
    "JSON without a code": "BAD_RESPONSE",
    "invalid UTF-8": "BAD_RESPONSE",
    "a garbage status line": "BAD_RESPONSE",
    "no status line": "BAD_RESPONSE",
    "closes without an answer": "UNAVAILABLE",
    "resets without an answer": "UNAVAILABLE",
    "status 200 with data null": "BAD_RESPONSE",
}


def test_every_misbehaviour_has_an_expectation():
    assert set(READ_RESULTS) == set(misbehaviours.CATALOGUE)


@pytest.mark.parametrize("name", list(READ_RESULTS))
def test_read_gets_a_typed_error_and_others_are_served(name, make_client):
    expected = READ_RESULTS[name]
    routes = {CREDIT: misbehaviours.CATALOGUE[name](), SESSION_LIST: answers(HEALTHY_LIST)}
    with RawServer(routes=routes) as server:
        client = make_client(server.url, max_body_bytes=1_000_000)
        reply = call_beside(client, "account.credit", {}, "session.list", TIMEOUT_MS, max_attempts=1)
        if expected == "TIMEOUT":
            assert_timed_out(reply, TIMEOUT_MS)
        assert_failed(reply, expected, secrets=[CANARY_KEY])
        assert_by_deadline(reply, TIMEOUT_MS)
        assert server.count(CREDIT) == 1
        assert reply.meta["operation"] == "account.credit"
        assert reply.meta["attempts"] == 1


@pytest.mark.parametrize("name", list(READ_RESULTS))
def test_paid_create_is_sent_once_and_its_outcome_is_called_unknown(name, make_client):
    """Whatever goes wrong once the request is out, no answer says whether the session was charged."""
    routes = {SESSION_CREATE: misbehaviours.CATALOGUE[name](), CREDIT: answers(misbehaviours.CREDIT)}
    with RawServer(routes=routes) as server:
        client = make_client(server.url, max_body_bytes=1_000_000)
        reply = call_beside(
            client, "session.create", {"avatar_id": "a", "duration": 60}, "account.credit", TIMEOUT_MS, max_attempts=3
        )
        assert_outcome_unknown(reply, *(["TIMEOUT"] if READ_RESULTS[name] == "TIMEOUT" else []), secrets=[CANARY_KEY])
        assert_by_deadline(reply, TIMEOUT_MS)
        assert server.count(SESSION_CREATE) == 1


@pytest.mark.parametrize("behaviour", ["silent", "closes", "resets", "resets at the first bytes"])
@pytest.mark.parametrize("tls", [False, True], ids=["plain", "tls"])
def test_connection_that_fails_before_the_request_is_read(behaviour, tls, make_client, authority):
    """The first connection misbehaves; the calls beside it get connections of their own."""
    first = {
        "silent": misbehaviours.on_connect_silent,
        "closes": misbehaviours.on_connect_close,
        "resets": misbehaviours.on_connect_reset,
        "resets at the first bytes": misbehaviours.on_connect_reset_at_first_bytes,
    }[behaviour]
    routes = {CREDIT: answers(misbehaviours.CREDIT), SESSION_LIST: answers(HEALTHY_LIST)}
    with RawServer(routes=routes, identity=authority.server() if tls else None, first_connections=[first]) as server:
        client = make_client(server.url, ca_file=str(authority.ca_file))
        request = client.submit("account.credit", {}, timeout_ms=TIMEOUT_MS, max_attempts=1)
        server.wait_for(lambda seen: seen.connections >= 1)
        for _ in range(5):
            other = client.call("session.list")
            assert other.ok, other
            assert other.seconds < 1.0, other
        reply = client.wait(request)
        if behaviour == "silent":
            assert_failed(reply, "TIMEOUT")
        else:
            assert_failed(reply, "UNAVAILABLE")
        assert server.count(CREDIT) == 0


@pytest.mark.parametrize("behaviour", [misbehaviours.on_connect_close, misbehaviours.on_connect_reset])
def test_read_recovers_on_another_connection(behaviour, make_client):
    """What certainly never reached the server is tried again within the deadline."""
    routes = {CREDIT: answers(misbehaviours.CREDIT)}
    with RawServer(routes=routes, first_connections=[behaviour]) as server:
        reply = make_client(server.url).call("account.credit")
        assert reply.ok, reply
        assert reply.data["credit"] == 42.5
        assert server.count(CREDIT) == 1
        assert server.connections == 2


def test_read_is_tried_three_times_at_most(make_client):
    with RawServer(routes={CREDIT: misbehaviours.resets}) as server:
        reply = make_client(server.url).call("account.credit")
        assert_failed(reply, "UNAVAILABLE")
        assert server.count(CREDIT) == 3
        assert reply.meta["attempts"] == 3


def test_deadline_covers_all_attempts(make_client):
    """Each attempt is slow, none is slow enough to fail alone: the whole call still ends by its deadline."""
    with RawServer(routes={CREDIT: misbehaviours.html(503)}) as server:
        client = make_client(server.url)
        reply = client.call("account.credit", timeout_ms=TIMEOUT_MS)
        assert not reply.ok
        assert_by_deadline(reply, TIMEOUT_MS)
        assert 1 <= server.count(CREDIT) <= 3


def test_unknown_fields_and_odd_success_messages_are_accepted(make_client):
    body = {"code": 1000, "msg": "Delete voice successfully", "data": {"credit": 1.5, "novel": [1]}, "extra": 1}
    with RawServer(routes={CREDIT: answers(body)}) as server:
        reply = make_client(server.url).call("account.credit")
        assert reply.ok, reply
        assert reply.data["credit"] == 1.5
        assert reply.data["novel"] == [1]


@pytest.mark.parametrize("status", [200, 400, 500])
def test_the_code_in_the_body_decides_not_the_status(status, make_client):
    with RawServer(routes={CREDIT: answers(misbehaviours.CREDIT, status)}) as server:
        reply = make_client(server.url).call("account.credit", max_attempts=1)
        assert reply.ok, reply
        assert reply.data["credit"] == 42.5


# A reply that trickles.

TRICKLE = {"low_speed_bytes_per_s": 20, "low_speed_time_ms": 1000}


def test_reply_that_trickles_is_given_up_and_asked_for_again(make_client):
    """Long before the limit of one attempt, which is ten seconds unless set."""
    one_byte_a_second = misbehaviours.CATALOGUE["one byte a second in the body"]()
    trickling = misbehaviours.in_turn(one_byte_a_second, answers(misbehaviours.CREDIT))
    with RawServer(routes={CREDIT: trickling, SESSION_LIST: answers(HEALTHY_LIST)}) as server:
        client = make_client(server.url, **TRICKLE)
        reply = call_beside(client, "account.credit", {}, "session.list", 9_000, trace=True)
        assert reply.ok, reply
        assert server.count(CREDIT) == 2
        assert [attempt["code"] for attempt in reply.meta["trace"]] == ["UNAVAILABLE", "OK"]
        assert reply.seconds < 9


def test_paid_create_that_trickles_is_waited_for(make_client):
    """Giving up early would lose the session that the reply speaks of."""
    routes = {SESSION_CREATE: misbehaviours.CATALOGUE["one byte a second in the body"]()}
    with RawServer(routes=routes) as server:
        client = make_client(server.url, close_timeout_ms=0, **TRICKLE)
        reply = client.call("session.create", {"avatar_id": "a", "duration": 60}, timeout_ms=3_500)
        assert_timed_out(reply, 3_500)
        assert server.count(SESSION_CREATE) == 1


def test_slow_replies_are_waited_for_when_the_limit_is_off(make_client):
    routes = {CREDIT: misbehaviours.CATALOGUE["one byte a second in the body"]()}
    with RawServer(routes=routes) as server:
        client = make_client(server.url, low_speed_bytes_per_s=0, low_speed_time_ms=1000)
        assert_timed_out(client.call("account.credit", {}, timeout_ms=3_500), 3_500)
        assert server.count(CREDIT) == 1

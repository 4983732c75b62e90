"""No server, no network, no name: a typed error by the deadline whose message says what to do."""

from __future__ import annotations

import pytest
from support import misbehaviours
from support.endpoints import CREDIT, SESSION_LIST
from support.expectations import assert_by_deadline, assert_failed, assert_timed_out, call_beside
from support.misbehaviours import answers, redirects
from support.raw_server import FullBacklog, NeverAccepting, RawServer, closed_port

TIMEOUT_MS = 1200
HEALTHY_LIST = {"code": 1000, "msg": "OK", "data": {"count": 0, "result": []}}


def test_closed_port(make_client):
    port = closed_port()
    reply = make_client(f"http://127.0.0.1:{port}").call("account.credit", timeout_ms=5000)
    assert_failed(reply, "UNAVAILABLE", str(port))
    assert_by_deadline(reply, 5000)
    assert reply.error["retryable"] is True


def test_closed_port_for_a_paid_create_is_no_unknown_outcome(make_client):
    """A connection that was never made cannot have carried a payment."""
    reply = make_client(f"http://127.0.0.1:{closed_port()}").call(
        "session.create", {"avatar_id": "a", "duration": 60}, timeout_ms=5000
    )
    assert_failed(reply, "UNAVAILABLE")


def test_name_that_does_not_exist(make_client):
    """`.invalid` never exists (RFC 2606); with no resolver at all the answer is the same."""
    reply = make_client("https://no-such-host.invalid").call("account.credit", timeout_ms=6000)
    assert_failed(reply, ("UNAVAILABLE", "TIMEOUT"), "no-such-host.invalid")
    assert_by_deadline(reply, 6000)


def test_port_whose_queue_is_full(make_client):
    with FullBacklog() as server:
        reply = make_client(server.url).call("account.credit", timeout_ms=TIMEOUT_MS, max_attempts=1)
        assert_timed_out(reply, TIMEOUT_MS)


def test_connect_timeout_is_shorter_than_the_deadline(make_client):
    with FullBacklog() as server:
        client = make_client(server.url, connect_timeout_ms=400)
        reply = client.call("account.credit", timeout_ms=8000, max_attempts=1)
        assert_failed(reply, "UNAVAILABLE")
        assert reply.seconds < 3, reply


def test_paid_create_that_never_connects_is_no_unknown_outcome(make_client):
    with FullBacklog() as server:
        reply = make_client(server.url).call(
            "session.create", {"avatar_id": "a", "duration": 60}, timeout_ms=TIMEOUT_MS, max_attempts=1
        )
        assert_failed(reply, "TIMEOUT")


def test_server_that_never_accepts(make_client):
    with NeverAccepting() as server:
        client = make_client(f"http://127.0.0.1:{server.port}")
        reply = client.call("account.credit", timeout_ms=TIMEOUT_MS, max_attempts=1)
        assert_timed_out(reply, TIMEOUT_MS)


@pytest.mark.parametrize("kind", ["full queue", "never accepts", "closed port", "dead name"])
def test_other_host_of_the_same_client_is_served(kind, make_client, authority):
    """A redirect leads one call of the client to a dead host; its other calls stay with the living one."""
    with FullBacklog() as full, NeverAccepting() as deaf:
        targets = {
            "full queue": f"127.0.0.1:{full.port}",
            "never accepts": f"127.0.0.1:{deaf.port}",
            "closed port": f"127.0.0.1:{closed_port()}",
            "dead name": "no-such-host.invalid",
        }
        routes = {CREDIT: redirects(f"https://{targets[kind]}{CREDIT}"), SESSION_LIST: answers(HEALTHY_LIST)}
        with RawServer(routes=routes, identity=authority.server()) as server:
            client = make_client(server.url, ca_file=str(authority.ca_file))
            reply = call_beside(client, "account.credit", {}, "session.list", TIMEOUT_MS, max_attempts=1)
            expected = {"closed port": ("UNAVAILABLE",), "dead name": ("UNAVAILABLE", "TIMEOUT")}
            assert_failed(reply, expected.get(kind, ("TIMEOUT",)))
            assert_by_deadline(reply, TIMEOUT_MS)
            assert server.count(CREDIT) == 1


def test_hung_server_releases_its_caller_when_the_client_is_destroyed(make_client):
    with RawServer(routes={CREDIT: misbehaviours.silent}) as server:
        client = make_client(server.url)
        client.submit("account.credit", {}, timeout_ms=60_000)
        server.wait_for_request(CREDIT)
        assert client.destroy(within_s=5) == "OK"

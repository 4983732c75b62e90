"""Turns after AKOOL asked to slow down: none is lost, no wait is useless, no close waits behind calls."""

from __future__ import annotations

import threading
from typing import List

import pytest
from support.akool_client import AkoolClient
from support.canary import CANARY_KEY
from support.endpoints import CREDIT, SESSION_CLOSE, SESSION_CREATE, SESSION_LIST, TOKEN
from support.expectations import assert_failed
from support.misbehaviours import CREDIT as A_BALANCE
from support.misbehaviours import answers, in_turn
from support.network_state import wait_until
from support.raw_connection import RawConnection, ReceivedRequest
from support.raw_server import Behaviour, RawServer
from support.session_service import CREATE, ID, session_routes

# Deadline of calls that shall stay in the queue for the whole test.
PATIENT_MS = 60_000
# Number of patient calls. After one refusal of one request they need half a minute.
QUEUE = 20
# Time for a few turns, and by far too short for the queue.
FEW_TURNS_MS = 5_000
REFUSALS = {
    "status 429": answers(b"slow down", 429, {"content-type": "text/plain"}),
    "code 1005": answers({"code": 1005, "msg": "too many requests"}),
}


@pytest.fixture
def server():
    routes = {CREDIT: in_turn(REFUSALS["status 429"], answers(A_BALANCE)), **session_routes()}
    with RawServer(default=answers({"code": 1000, "msg": "OK", "data": {}}), routes=routes) as running:
        yield running


def slow_down(client: AkoolClient) -> None:
    """The first call for the balance is refused for its rate."""
    assert client.call("account.credit", max_attempts=1).result == "RATE_LIMITED"
    assert "rate_limit_per_s" in client.call("client.stats").data


def fill_queue(client: AkoolClient, count: int = QUEUE, timeout_ms: int = PATIENT_MS) -> List[int]:
    requests = [client.submit("account.credit", timeout_ms=timeout_ms) for _ in range(count)]
    # Answered without the network, after the calls before it have joined the queue.
    if timeout_ms == PATIENT_MS:
        assert client.call("client.stats").data["active_requests"] > 1
    return requests


def after(event: threading.Event, behaviour: Behaviour) -> Behaviour:
    """The behaviour, once the event is set."""

    def behave(connection: RawConnection, request: ReceivedRequest) -> bool:
        assert event.wait(5)
        return behaviour(connection, request)

    return behave


# A turn beyond the deadline.


@pytest.mark.parametrize(
    "operation, parameters",
    [
        ("account.credit", {}),
        ("session.create", CREATE),
        ("avatar.list", {}),
        ("request", {"method": "POST", "path": "/x", "body": {}}),
    ],
)
def test_call_fails_at_once_unsent_when_its_turn_is_beyond_its_deadline(operation, parameters, make_client, server):
    client = make_client(server.url, close_timeout_ms=0)
    slow_down(client)
    fill_queue(client)
    reply = client.call(operation, parameters, timeout_ms=3_000)
    assert_failed(reply, "RATE_LIMITED")
    assert reply.error["retryable"] is True
    assert reply.meta["attempts"] == 0
    assert reply.seconds < 1.5, f"waited {reply.seconds:.2f} s for a turn it could not get"
    assert server.count(SESSION_CREATE) == server.count("/x") == 0


def test_no_call_waits_for_its_deadline_when_many_come_at_once(make_client, server):
    """Each call is served, or refused immediately; 3 s are enough for three or four turns."""
    client = make_client(server.url)
    slow_down(client)
    replies = [client.wait(request) for request in fill_queue(client, 50, timeout_ms=3_000)]
    assert {reply.result for reply in replies} == {"OK", "RATE_LIMITED"}
    refused = [reply.meta["elapsed_ms"] for reply in replies if not reply.ok]
    assert max(refused) < 1_500


def test_retry_fails_at_once_when_its_turn_is_beyond_the_deadline(make_client, server):
    """The first attempt had its turn and was refused; the second would come too late."""
    filled = threading.Event()
    server.route("/x", after(filled, REFUSALS["status 429"]))
    client = make_client(server.url)
    slow_down(client)
    request = client.submit("request", {"method": "GET", "path": "/x"}, timeout_ms=4_000)
    fill_queue(client)
    filled.set()
    reply = client.wait(request)
    assert_failed(reply, "RATE_LIMITED")
    assert reply.meta["elapsed_ms"] < 2_500
    assert server.count("/x") == 1


# A turn that is not used.


@pytest.mark.parametrize(
    "count, ending, refusal",
    [(QUEUE, "cancelled", "status 429"), (QUEUE, "cancelled", "code 1005"), (200, "timed out", "status 429")],
)
def test_turns_are_given_back_when_calls_end_early(count, ending, refusal, make_client, server):
    server.route(CREDIT, in_turn(REFUSALS[refusal], answers(A_BALANCE)))
    client = make_client(server.url)
    slow_down(client)
    queue = fill_queue(client, count, PATIENT_MS if ending == "cancelled" else 300)
    if ending == "cancelled":
        for request in queue:
            client.cancel(request)
    for request in queue:
        client.wait(request)
    reply = client.call("session.list", timeout_ms=FEW_TURNS_MS)
    assert server.count(SESSION_LIST) == 1, f"not sent within {FEW_TURNS_MS} ms: {reply}"


def test_waiting_call_moves_up_when_calls_before_it_are_cancelled(make_client, server):
    client = make_client(server.url)
    slow_down(client)
    queue = fill_queue(client)
    last = client.submit("session.list", timeout_ms=PATIENT_MS)
    for request in queue:
        client.cancel(request)
    client.wait(last, within_ms=FEW_TURNS_MS)
    assert server.count(SESSION_LIST) == 1, f"not sent within {FEW_TURNS_MS} ms"


# The end of a wait.


def test_waiting_call_ends_promptly_when_it_is_cancelled(make_client, server):
    client = make_client(server.url)
    slow_down(client)
    last = fill_queue(client)[-1]
    client.cancel(last)
    reply = client.wait(last)
    assert_failed(reply, "CANCELLED")
    assert reply.seconds < 1.5


def test_waiting_calls_end_promptly_when_the_client_is_closed(make_client, server):
    client = make_client(server.url)
    slow_down(client)
    queue = fill_queue(client)
    assert client.call("client.close", timeout_ms=5_000).ok
    results = {client.wait(request, within_ms=1_500).result for request in queue}
    assert results <= {"OK", "SHUTTING_DOWN"} and "SHUTTING_DOWN" in results


def test_destroy_ends_promptly_when_calls_wait_for_their_turn(make_client, server):
    client = make_client(server.url)
    slow_down(client)
    fill_queue(client, 200)
    assert client.destroy(within_s=5) == "OK"


# The lane of calls that save money.


@pytest.mark.parametrize("queue", [1, QUEUE, 200])
@pytest.mark.parametrize("way", ["session.close", "client.close", "destroy"])
def test_session_is_closed_at_once_when_calls_wait_for_their_turn(way, queue, make_client, server):
    client = make_client(server.url, close_timeout_ms=1_500)
    assert client.call("session.create", CREATE).ok
    slow_down(client)
    # One takes the turn that is free, the others wait.
    fill_queue(client, 3 + queue)
    if way == "session.close":
        # The round trips of a close are far shorter than the turns between them.
        reply = client.call("session.close", {"id": ID}, timeout_ms=1_500)
        assert reply.ok, reply
    elif way == "client.close":
        reply = client.call("client.close", timeout_ms=4_000)
        assert reply.ok and reply.data["closed"] == 1, reply
    else:
        client.destroy()
    assert server.count(SESSION_CLOSE) >= 1


def test_session_is_closed_at_destroy_when_calls_have_timed_out_waiting(make_client, server):
    client = make_client(server.url, close_timeout_ms=1_500)
    assert client.call("session.create", CREATE).ok
    slow_down(client)
    for request in fill_queue(client, 200, timeout_ms=300):
        client.wait(request)
    client.destroy()
    assert server.count(SESSION_CLOSE) >= 1


def test_lost_create_is_reconciled_when_calls_wait_for_their_turn(make_client, make_simulator):
    simulator = make_simulator(
        faults=[
            {"match": {"operation": "session.create"}, "fault": {"delay_ms": 1_000, "reset": "after_handling"}},
            {"match": {"operation": "account.credit", "times": 1}, "fault": {"http_status": 429, "body": "later"}},
        ]
    )
    client = make_client(
        simulator.url, account="exclusive", reconcile_settle_ms=500, polling={"initial_ms": 50}, close_timeout_ms=0
    )
    slow_down(client)
    client.submit("session.create", {"avatar_id": "dvp_Tristan_cloth2_1080P", "duration": 60})
    wait_until(lambda: simulator.requests(operation="session.create"))
    fill_queue(client, 40)
    wait_until(lambda: simulator.books()["sessions"])
    wait_until(lambda: simulator.books()["open_sessions"] == 0, within_s=5)


def test_token_is_exchanged_at_once_when_calls_wait_for_their_turn(make_client, server):
    """A token that is refused holds up every call."""
    filled = threading.Event()
    server.route(TOKEN, answers({"code": 1000, "token": "fetched"}))
    server.route("/x", after(filled, answers({"code": 1101, "msg": "token expired"})))
    client = make_client(server.url, api_key=None, client_id="id", client_secret=CANARY_KEY)
    slow_down(client)
    client.submit("request", {"method": "GET", "path": "/x"}, timeout_ms=PATIENT_MS)
    fill_queue(client)
    filled.set()
    server.wait_for_request(TOKEN, count=2)

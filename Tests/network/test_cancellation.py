"""A call can be cancelled at every stage of its life: it ends at once, exactly once, and alone."""

from __future__ import annotations

import threading
import time

import pytest
from support import misbehaviours
from support.akool_client import AkoolClient
from support.endpoints import AVATAR_RECORD, CREDIT, SESSION_CREATE, SESSION_LIST, TOKEN
from support.expectations import assert_failed, assert_outcome_unknown
from support.misbehaviours import answers, silent
from support.network_state import connecting_to, wait_until
from support.raw_server import FullBacklog, RawServer

HEALTHY_LIST = {"code": 1000, "msg": "OK", "data": {"count": 0, "result": []}}
PROMPT_S = 1.0


def assert_cancels(client: AkoolClient, request: int) -> None:
    """CANCELLED, promptly, and never a second outcome."""
    start = time.monotonic()
    assert client.cancel(request) == "OK"
    reply = client.wait(request)
    assert time.monotonic() - start < PROMPT_S
    assert_failed(reply, "CANCELLED")
    assert client.cancel(request) == "OK"
    assert client.wait(request, within_ms=100).result == "NOT_FOUND"


@pytest.fixture
def server():
    with RawServer(routes={SESSION_LIST: answers(HEALTHY_LIST)}) as running:
        yield running


def test_while_queued(make_client, server):
    server.route(CREDIT, silent)
    client = make_client(server.url, max_in_flight=1)
    first = client.submit("account.credit", {})
    server.wait_for_request(CREDIT)
    second = client.submit("account.credit", {})
    wait_until(lambda: client.call("client.stats").data["transfers_waiting"] == 1)
    assert_cancels(client, second)
    assert server.count(CREDIT) == 1
    assert_cancels(client, first)
    assert client.call("session.list").ok


def test_while_connecting(make_client):
    with FullBacklog() as full:
        before = connecting_to(full.port)
        client = make_client(full.url)
        request = client.submit("account.credit", {})
        wait_until(lambda: connecting_to(full.port) > before)
        assert_cancels(client, request)
        wait_until(lambda: connecting_to(full.port) <= before)


def test_while_shaking_hands(make_client, authority):
    first = [misbehaviours.on_connect_silent]
    with RawServer(identity=authority.server(), first_connections=first) as server:
        server.route(CREDIT, answers(misbehaviours.CREDIT))
        client = make_client(server.url, ca_file=str(authority.ca_file))
        request = client.submit("account.credit", {})
        server.wait_for(lambda seen: seen.connections >= 1)
        assert_cancels(client, request)
        assert client.call("account.credit").ok


@pytest.mark.parametrize(
    "stage, behaviour",
    [
        ("before the answer", silent),
        ("inside the headers", misbehaviours.sends_and_holds(misbehaviours.OK_HEAD)),
        ("inside the body", misbehaviours.CATALOGUE["a body that never ends"]()),
        ("in an endless body", misbehaviours.CATALOGUE["an endless body"]()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_while_waiting_for_the_answer(stage, behaviour, make_client, server):
    server.route(CREDIT, behaviour)
    client = make_client(server.url, max_body_bytes=1_000_000_000 if "endless" in stage else None)
    request = client.submit("account.credit", {})
    server.wait_for_request(CREDIT)
    assert_cancels(client, request)
    assert client.call("session.list").ok


def test_while_waiting_for_the_next_attempt(make_client, server):
    answered = threading.Event()

    def busy(connection, request):
        connection.reply(503, b"<html>later</html>", {"content-type": "text/html", "retry-after": "5"})
        answered.set()
        return True

    server.route(CREDIT, busy)
    client = make_client(server.url)
    request = client.submit("account.credit", {}, timeout_ms=30_000)
    assert answered.wait(5)
    wait_until(lambda: client.call("session.list").ok)
    assert_cancels(client, request)
    assert server.count(CREDIT) == 1


def test_while_fetching_a_token(make_client, server):
    server.route(TOKEN, silent)
    client = make_client(server.url, api_key=None, client_id="id", client_secret="secret")
    request = client.submit("account.credit", {})
    server.wait_for_request(TOKEN)
    assert_cancels(client, request)
    assert server.count(CREDIT) == 0


def test_while_another_call_fetches_the_token_for_both(make_client, server):
    """Cancelling the call that began the fetch leaves the other one its token."""
    release = threading.Event()

    def late_token(connection, _request):
        release.wait(10)
        connection.reply(200, {"code": 1000, "token": "fetched"})
        return True

    server.route(TOKEN, late_token)
    server.route(CREDIT, answers(misbehaviours.CREDIT))
    client = make_client(server.url, api_key=None, client_id="id", client_secret="secret")
    first = client.submit("account.credit", {})
    server.wait_for_request(TOKEN)
    second = client.submit("account.credit", {})
    assert_cancels(client, first)
    release.set()
    assert client.wait(second).ok
    assert server.count(TOKEN) == 1
    assert server.count(CREDIT) == 1


def test_while_polling(make_client, server):
    record = {"_id": "66a1a02d591ad336275eda62", "uid": 1, "type": 2, "from": 3, "status": 2, "name": "n", "url": "u"}
    server.route(AVATAR_RECORD, answers({"code": 1000, "msg": "ok", "data": [record]}))
    client = make_client(server.url, polling={"initial_ms": 20, "maximum_ms": 50})
    request = client.submit("avatar.wait", {"id": record["_id"]}, timeout_ms=30_000)
    server.wait_for_request(AVATAR_RECORD, count=2)
    assert_cancels(client, request)


def test_paid_create_in_flight(make_client, server):
    server.route(SESSION_CREATE, silent)
    client = make_client(server.url)
    request = client.submit("session.create", {"avatar_id": "a", "duration": 60})
    server.wait_for_request(SESSION_CREATE)
    start = time.monotonic()
    client.cancel(request)
    reply = client.wait(request)
    assert time.monotonic() - start < PROMPT_S
    assert_outcome_unknown(reply, "CANCELLED")
    assert server.count(SESSION_CREATE) == 1


def test_after_the_end(make_client, server):
    client = make_client(server.url)
    request = client.submit("session.list", {})
    reply = client.wait(request)
    assert reply.ok
    assert client.cancel(request) == "OK"
    assert client.cancel(987_654_321) == "OK"
    assert client.call("session.list").ok


def test_cancel_from_many_threads_ends_once(make_client, server):
    server.route(CREDIT, silent)
    client = make_client(server.url)
    for _ in range(20):
        request = client.submit("account.credit", {})
        assert sorted(race(3, client, request)) == ["CANCELLED", "OK", "OK", "OK"]
    assert client.call("session.list").ok


def race(cancelling: int, client: AkoolClient, request: int) -> list:
    """What one waiting and several cancelling threads got that started together."""
    barrier = threading.Barrier(cancelling + 1)
    outcomes = []

    def run(action):
        barrier.wait()
        outcomes.append(action())

    actions = [lambda: client.cancel(request)] * cancelling + [lambda: client.wait(request).result]
    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return outcomes


def test_reply_comes_once_as_an_event(make_client, server):
    server.route(CREDIT, silent)
    client = make_client(server.url)
    request = client.submit("account.credit", {}, reply="event", tag="mine")
    server.wait_for_request(CREDIT)
    client.cancel(request)
    event = client.next_event(timeout_ms=2000)
    assert event and event["type"] == "reply", event
    assert event["request_id"] == request
    assert client.library.result_name(event["result"]) == "CANCELLED"
    assert event["reply"]["error"]["code"] == "CANCELLED"
    assert event["tag"] == "mine"
    assert client.wait(request, within_ms=100).result == "NOT_FOUND"
    assert [other for other in client.waiting_events() if other["type"] == "reply"] == []


def test_destroying_a_client_whose_close_is_under_way_takes_no_longer_than_the_close(make_client, make_simulator):
    simulator = make_simulator(faults=[{"match": {"operation": "session.close"}, "fault": {"delay_ms": 500}}])
    client = make_client(simulator.url, close_timeout_ms=60_000)
    assert client.call("session.create", {"avatar_id": "dvp_Tristan_cloth2_1080P", "duration": 60}).ok
    client.submit("client.close")
    client.destroy(within_s=30)
    assert simulator.books()["open_sessions"] == 0

"""Places for transfers: a path that hangs cannot take them all, and closes, reconciling and tokens have separate ones.

A connection counts as new only while it shakes hands: how long the reply takes afterwards does not matter.
"""

from __future__ import annotations

import threading
import time
from typing import List, Optional

import pytest
from support import misbehaviours
from support.akool_client import AkoolClient
from support.canary import CANARY_KEY
from support.endpoints import CREDIT, SESSION_CLOSE, TOKEN
from support.expectations import assert_failed, assert_timed_out
from support.misbehaviours import CREDIT as A_BALANCE
from support.misbehaviours import answers, silent
from support.network_state import wait_until
from support.raw_connection import RawConnection, ReceivedRequest
from support.raw_server import RawServer
from support.session_service import CREATE, ID, session_routes

PATIENT_MS = 60_000
# Time for any call that does not wait for a place, also on a slow machine.
PROMPT_MS = 3_000
# The most connections that shake hands at a time.
HANDSHAKES = 8


def routes() -> dict:
    return {CREDIT: answers(A_BALANCE), "/hang": silent, "/hang/2": silent, **session_routes()}


@pytest.fixture
def server():
    with RawServer(routes=routes()) as running:
        yield running


def hang(client: AkoolClient, count: int, path: str = "/hang", **options) -> List[int]:
    """Requests that the library sends once only, to a path that never answers."""
    options = {"timeout_ms": PATIENT_MS, **options}
    return [client.submit("request", {"method": "POST", "path": path, "body": {}}, **options) for _ in range(count)]


# A path that hangs.


@pytest.mark.parametrize(
    "count, tls", [(9, False), (9, True), (64, False), (200, False)], ids=["9", "9 with TLS", "64", "200"]
)
def test_other_path_is_served_when_many_calls_of_one_path_hang(count, tls, make_client, authority):
    with RawServer(routes=routes(), identity=authority.server() if tls else None) as server:
        client = make_client(server.url, ca_file=str(authority.ca_file), close_timeout_ms=0)
        hang(client, count)
        reply = client.call("account.credit", timeout_ms=PROMPT_MS, max_attempts=1)
        assert reply.ok, reply


@pytest.mark.parametrize("max_in_flight", [4, 16])
def test_other_path_is_served_when_one_path_has_more_calls_than_places(max_in_flight, make_client, server):
    client = make_client(server.url, max_in_flight=max_in_flight, close_timeout_ms=0)
    assert client.call("account.credit").ok
    hang(client, 2 * max_in_flight)
    reply = client.call("account.credit", timeout_ms=PROMPT_MS, max_attempts=1)
    assert reply.ok, reply


def test_calls_of_a_path_reach_the_server_when_connections_have_shaken_hands(make_client, server):
    """Nine of sixteen requests hang, and none of the connections is new any more."""
    hang(make_client(server.url, close_timeout_ms=0), HANDSHAKES + 1)
    server.wait_for_request("/hang", HANDSHAKES + 1)


def test_no_more_than_a_few_connections_shake_hands_at_a_time(make_client, authority):
    silent_all = [misbehaviours.on_connect_silent] * 100
    with RawServer(identity=authority.server(), first_connections=silent_all) as server:
        client = make_client(server.url, ca_file=str(authority.ca_file))
        # What waits for a place gives up before one is free.
        shaking = hang(client, HANDSHAKES, timeout_ms=3_000)
        for request in shaking + hang(client, 22, timeout_ms=1_500):
            assert not client.wait(request).ok
        assert 1 <= server.connections <= HANDSHAKES


# The lane of calls that save money.


@pytest.mark.parametrize("way", ["session.close", "client.close", "destroy"])
@pytest.mark.parametrize("max_in_flight, count", [(1, 3), (4, 8), (64, 12), (64, 200)])
def test_session_is_closed_at_once_when_other_calls_hang(max_in_flight, count, way, make_client, server):
    client = make_client(server.url, max_in_flight=max_in_flight, close_timeout_ms=PROMPT_MS)
    assert client.call("session.create", CREATE).ok
    hang(client, count)
    server.wait_for_request("/hang")
    if way == "session.close":
        reply = client.call("session.close", {"id": ID}, timeout_ms=PROMPT_MS)
        assert reply.ok, reply
    elif way == "client.close":
        reply = client.call("client.close", timeout_ms=PROMPT_MS + 1_000)
        assert reply.ok and reply.data["closed"] == 1, reply
    else:
        client.destroy()
    assert server.count(SESSION_CLOSE) >= 1


def test_session_is_closed_when_new_connections_hang_in_their_handshake(make_client, authority):
    with RawServer(routes=routes(), identity=authority.server()) as server:
        client = make_client(server.url, ca_file=str(authority.ca_file), close_timeout_ms=0)
        assert client.call("session.create", CREATE).ok
        # The connection of the create, and some that never finish their handshake.
        server._first = [misbehaviours.on_connect_silent] * (server.connections + HANDSHAKES)
        hang(client, 1 + HANDSHAKES)
        server.wait_for(lambda seen: seen.connections >= 1 + HANDSHAKES)
        reply = client.call("session.close", {"id": ID}, timeout_ms=PROMPT_MS)
        assert reply.ok, reply


def test_lost_create_is_reconciled_when_other_calls_hang(make_client, make_simulator):
    simulator = make_simulator(
        faults=[
            {"match": {"operation": "session.create"}, "fault": {"delay_ms": 1_000, "reset": "after_handling"}},
            {"match": {"operation": "knowledge.create"}, "fault": {"hang": True}},
        ]
    )
    client = make_client(
        simulator.url,
        account="exclusive",
        max_in_flight=4,
        reconcile_settle_ms=500,
        polling={"initial_ms": 50},
        close_timeout_ms=0,
    )
    client.submit("session.create", {"avatar_id": "dvp_Tristan_cloth2_1080P", "duration": 60})
    wait_until(lambda: simulator.requests(operation="session.create"))
    for number in range(8):
        client.submit("knowledge.create", {"name": f"k{number}"}, timeout_ms=PATIENT_MS)
    wait_until(lambda: simulator.books()["sessions"])
    wait_until(lambda: simulator.books()["open_sessions"] == 0, within_s=5)


@pytest.mark.parametrize("max_in_flight, count", [(2, 4), (64, 200)])
def test_token_is_exchanged_at_once_when_other_calls_hang(max_in_flight, count, make_client, server):
    filled = threading.Event()

    def refuse_token(connection: RawConnection, _request: ReceivedRequest) -> bool:
        assert filled.wait(5)
        connection.reply(200, {"code": 1101, "msg": "token expired"})
        return True

    server.route(TOKEN, answers({"code": 1000, "token": "fetched"}))
    server.route("/x", refuse_token)
    client = make_client(
        server.url,
        api_key=None,
        client_id="id",
        client_secret=CANARY_KEY,
        max_in_flight=max_in_flight,
        close_timeout_ms=0,
    )
    client.submit("request", {"method": "GET", "path": "/x"}, timeout_ms=PATIENT_MS)
    server.wait_for_request("/x")
    hang(client, count)
    assert client.call("client.stats").ok  # after the calls before it have joined the queue
    filled.set()
    server.wait_for_request(TOKEN, count=2)


# The end of a wait.


@pytest.fixture
def full(make_client, server):
    """A client with one place, which a call holds that hangs."""
    client = make_client(server.url, max_in_flight=1, close_timeout_ms=0)
    hang(client, 1)
    server.wait_for_request("/hang")
    return client


def test_waiting_call_times_out_by_its_deadline_when_no_place_is_free(full, server):
    assert_timed_out(full.call("request", {"method": "POST", "path": "/hang/2", "body": {}}, timeout_ms=500), 500)
    assert server.count("/hang/2") == 0


def test_waiting_call_ends_promptly_when_it_is_cancelled(full, server):
    (request,) = hang(full, 1, "/hang/2")
    full.cancel(request)
    reply = full.wait(request)
    assert_failed(reply, "CANCELLED")
    assert reply.seconds < 1.5 and server.count("/hang/2") == 0


def test_waiting_calls_end_promptly_when_the_client_is_closed(full):
    waiting = hang(full, 10, "/hang/2")
    assert full.call("client.close", timeout_ms=PROMPT_MS).ok
    assert {full.wait(request, within_ms=1_500).result for request in waiting} == {"SHUTTING_DOWN"}


@pytest.mark.parametrize("ending", ["cancelled", "timed out"])
def test_places_are_given_back_when_calls_end_early(ending, make_client, server):
    """Both those that hold a place and those that wait for one; a thousand times as many as there are."""
    client = make_client(server.url, max_in_flight=2)
    requests = hang(client, 2_000, timeout_ms=300 if ending == "timed out" else PATIENT_MS)
    if ending == "cancelled":
        for request in requests:
            client.cancel(request)
    for request in requests:
        client.wait(request)
    assert client.call("account.credit", timeout_ms=PROMPT_MS).ok
    figures = client.call("client.stats").data
    assert figures["transfers_running"] == figures["transfers_waiting"] == 0


# Files.


class FileHost:
    """Serves files of one byte, each on a new connection, and keeps every reply until it may go out."""

    def __init__(self) -> None:
        self.released = threading.Event()
        self._lock = threading.Lock()
        self._now = 0
        self.most = 0
        self._server = RawServer(default=self._serve)

    def __enter__(self) -> "FileHost":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    @property
    def connections(self) -> int:
        return self._server.connections

    def url(self, number: int) -> str:
        return f"{self._server.url}/made/{number}.mp4"

    def _serve(self, connection: RawConnection, _request: ReceivedRequest) -> bool:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        while not self.released.is_set() and not connection.stopping.is_set():
            self.released.wait(0.1)
        with self._lock:
            self._now -= 1
        connection.reply(206, b"x", {"content-type": "video/mp4", "content-range": "bytes 0-0/1", "etag": '"1"'})
        return True


@pytest.fixture
def files():
    with FileHost() as host:
        yield host


def save(client: AkoolClient, files: FileHost, count: int, folder, timeout_ms: Optional[int] = None) -> List[int]:
    return [
        client.submit(
            "resource.save",
            {"url": files.url(number), "directory": str(folder)},
            timeout_ms=timeout_ms or PATIENT_MS,
            max_attempts=1,
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("max_in_flight", [1, 4, 16])
def test_files_take_no_more_connections_than_the_limit(max_in_flight, make_client, server, files, tmp_path):
    client = make_client(server.url, max_in_flight=max_in_flight)
    # What waits for a place gives up before one is free.
    running = save(client, files, max_in_flight, tmp_path, timeout_ms=3_000)
    for request in running + save(client, files, 60, tmp_path, timeout_ms=1_500):
        assert not client.wait(request).ok
    assert 1 <= files.connections <= max_in_flight


def test_files_take_no_more_connections_than_the_limit_when_three_hundred_are_saved(
    make_client, server, files, tmp_path
):
    client = make_client(server.url)
    running = save(client, files, 64, tmp_path, timeout_ms=6_000)
    for request in running + save(client, files, 236, tmp_path, timeout_ms=3_000):
        assert not client.wait(request).ok
    assert 1 <= files.connections <= 64


def test_files_are_counted_among_the_transfers_that_run(make_client, server, files, tmp_path):
    client = make_client(server.url, max_in_flight=4)
    save(client, files, 4, tmp_path)
    wait_until(lambda: files.most >= 1)
    figures = client.call("client.stats").data
    assert figures["transfers_running"] >= 1


def test_all_files_are_saved_when_there_are_more_than_places(make_client, server, files, tmp_path):
    files.released.set()
    client = make_client(server.url, max_in_flight=2)
    replies = [client.wait(request) for request in save(client, files, 30, tmp_path)]
    assert [reply.result for reply in replies] == ["OK"] * 30
    assert len(list(tmp_path.iterdir())) == 30


def test_calls_and_closes_are_served_when_files_hang(make_client, server, files, tmp_path):
    client = make_client(server.url, max_in_flight=4, close_timeout_ms=PROMPT_MS)
    save(client, files, 20, tmp_path)
    wait_until(lambda: files.most >= 1)
    begun = time.monotonic()
    assert client.call("account.credit", timeout_ms=PROMPT_MS).ok
    assert client.call("session.create", CREATE, timeout_ms=PROMPT_MS).ok
    assert client.call("session.close", {"id": ID}, timeout_ms=PROMPT_MS).ok
    assert time.monotonic() - begun < PROMPT_MS / 1000


@pytest.mark.parametrize("ending", ["cancelled", "timed out"])
def test_places_are_given_back_when_saves_end_early(ending, make_client, server, files, tmp_path):
    client = make_client(server.url, max_in_flight=2)
    requests = save(client, files, 20, tmp_path, timeout_ms=500 if ending == "timed out" else PATIENT_MS)
    if ending == "cancelled":
        for request in requests:
            client.cancel(request)
    for request in requests:
        assert not client.wait(request).ok
    files.released.set()
    (late,) = save(client, files, 1, tmp_path)
    assert client.wait(late).ok

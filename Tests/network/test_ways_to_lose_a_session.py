"""The ways in which programs lose sessions: each ends with none open, and without one that was paid and not used."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.canary import CANARY_KEY

AVATAR = "dvp_Tristan_cloth2_1080P"
CREATE = {"avatar_id": AVATAR, "duration": 600}
FAST = {"polling": {"initial_ms": 20, "maximum_ms": 50}}
TESTS = Path(__file__).resolve().parents[1]


@pytest.fixture
def simulator(make_simulator):
    """Simulated time stands still, so that what was not used is all that was paid."""
    return make_simulator(
        options={"time": "stepped", "credit": 10_000, "credit_per_second": 1, "official_avatars_shared": True}
    )


def assert_nothing_is_lost(simulator, sessions: int) -> None:
    books = simulator.books()
    assert books["open_sessions"] == 0, books
    assert books["charged"] == books["refunded"] == 600 * sessions, books


def test_two_quick_clicks_whose_first_id_is_overwritten(make_client, simulator):
    client = make_client(simulator.url, **FAST)
    clicks = [client.submit("session.create", CREATE) for _ in range(2)]
    known = [client.wait(click).data["_id"] for click in clicks][-1]
    assert client.call("session.close", {"id": known}).ok
    client.destroy()
    assert_nothing_is_lost(simulator, 2)


def test_a_program_that_forgets_every_id_can_ask_for_them(make_client, simulator):
    client = make_client(simulator.url, **FAST)
    opened = {client.call("session.create", CREATE).data["_id"] for _ in range(3)}
    assert {session["_id"] for session in client.call("ledger.sessions").data["result"]} == opened
    closed = client.call("session.close_all", {"scope": "mine"}).data
    assert set(closed["closed"]) == opened and closed["pending"] == []
    assert_nothing_is_lost(simulator, 3)


def test_a_stop_before_the_start_has_come_through(make_client, simulator):
    simulator.set_faults({"match": {"operation": "session.create"}, "fault": {"delay_ms": 300}})
    client = make_client(simulator.url, **FAST)
    start = client.submit("session.create", CREATE)
    while not simulator.requests(operation="session.create"):
        client.call("client.stats")
    client.cancel(start)
    assert client.wait(start).result == "CANCELLED"
    ended = client.next_event(10_000)
    while ended and ended["type"] != "session.ended":
        ended = client.next_event(10_000)
    assert ended, "nobody told that the session which nobody waits for is closed"
    assert_nothing_is_lost(simulator, 1)


PROGRAM = """
import json, sys
sys.path.insert(0, {tests!r})
from support.akool_client import AkoolClient
from support.akool_library import AkoolLibrary
from support.locations import library_path
client = AkoolClient(AkoolLibrary(library_path()), json.loads({configuration!r}))
print(client.call("session.create", {create!r}).data["_id"], flush=True)
"""


@pytest.fixture
def start_program(simulator, tmp_path):
    """A program that opens a session, and then does `what`."""
    started = []

    def start(what: str) -> "subprocess.Popen[str]":
        configuration = {
            "environment": False,
            "base_url": simulator.url,
            "api_key": CANARY_KEY,
            "account": "ledger",
            "ledger": {"file": str(tmp_path / "ledger.db")},
            **FAST,
        }
        program = PROGRAM.format(tests=str(TESTS), configuration=json.dumps(configuration), create=CREATE) + what
        started.append(
            subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_leaving_the_room_throws_and_the_close_is_never_reached(start_program, simulator):
    program = start_program("raise RuntimeError('the RTC SDK cannot leave')\nclient.call('session.close')")
    _, told = program.communicate(timeout=60)
    assert "cannot leave" in told and program.returncode == 1
    assert_nothing_is_lost(simulator, 1)


def test_a_program_that_is_killed_and_started_again(start_program, simulator):
    killed = start_program("import time\ntime.sleep(600)")
    assert len(killed.stdout.readline().strip()) == 24
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert simulator.books()["open_sessions"] == 1
    again = start_program("print(client.call('session.sweep').result)")
    output, told = again.communicate(timeout=60)
    assert output.split()[-1] == "OK", output + told
    assert_nothing_is_lost(simulator, 2)


@pytest.mark.parametrize("fault", [{"lost": True}, {"http_status": 500, "body": "oops"}, {"reset": "before_handling"}])
def test_a_close_that_fails_at_first(fault, make_client, simulator):
    client = make_client(simulator.url, **FAST)
    session = client.call("session.create", CREATE).data["_id"]
    simulator.set_faults({"match": {"operation": "session.close", "times": 1}, "fault": fault})
    assert client.call("session.close", {"id": session}, timeout_ms=30_000).ok
    assert_nothing_is_lost(simulator, 1)

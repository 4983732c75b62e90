"""Forked, started and stopped processes: each closes what it opened, and nothing of another's."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.canary import CANARY_KEY

TESTS = Path(__file__).resolve().parents[1]

# `libc.exit` ends a process as `exit` of C does, `os._exit` without exit handlers.
PROGRAM = """
import ctypes, json, os, subprocess, sys
sys.path.insert(0, {tests!r})
from support.akool_client import AkoolClient
from support.akool_library import AkoolLibrary
from support.locations import library_path
libc = ctypes.CDLL(None)

def client(**more):
    return AkoolClient(AkoolLibrary(library_path()), {{**json.loads({configuration!r}), **more}})

def create(client):
    assert client.call("session.create", {{"avatar_id": "dvp_Tristan_cloth2_1080P", "duration": 600}}).ok

def fork(child):
    process = os.fork()
    if process == 0:
        child()
        os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])

def step(*what):
    print(*what, flush=True)
    sys.stdin.readline()

parent = client()
create(parent)
"""


@pytest.fixture
def simulator(make_simulator):
    return make_simulator(options={"time": "stepped", "official_avatars_shared": True})


@pytest.fixture
def run(simulator, tmp_path):
    """Runs a program, and looks at the number of open sessions at each of its steps."""
    configuration = {
        "environment": False,
        "base_url": simulator.url,
        "api_key": CANARY_KEY,
        "account": "ledger",
        "ledger": {"file": str(tmp_path / "ledger.db")},
    }
    program = PROGRAM.format(tests=str(TESTS), configuration=json.dumps(configuration))

    def run(text: str) -> list:
        process = subprocess.Popen(
            [sys.executable, "-c", program + text], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        steps = []
        try:
            while line := process.stdout.readline():
                steps.append((line.strip(), simulator.books()["open_sessions"]))
                process.stdin.write("\n")
                process.stdin.flush()
            assert process.wait(60) == 0
        finally:
            process.kill()
            process.communicate()
        return steps

    return run


def test_threads_and_descriptors_are_those_that_are_documented(run):
    """Two eventfds, libcurl's pair, one connection; the ledger's file, its two helpers and the lock."""
    look = """
def name(task):
    try:
        return open(f"/proc/self/task/{task}/comm").read().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""  # it has ended meanwhile

def threads():
    return sorted(found for found in map(name, os.listdir("/proc/self/task")) if found.startswith("akool-"))

def look():
    step(json.dumps([threads(), len(os.listdir("/proc/self/fd"))]))

look()
parent.on_status(lambda event: None)
look()
parent.destroy()
while threads(): pass  # the kernel lists a thread a moment longer
look()
"""
    (busy, busy_fds), (heard, _), (left, left_fds) = [json.loads(told) for told, _ in run(look)]
    assert busy == ["akool-io", "akool-ledger", "akool-watchdog"] and heard == ["akool-callback", *busy] and left == []
    assert busy_fds - left_fds <= 9


def test_a_child_that_exits_leaves_its_parents_sessions_alone(run, simulator):
    steps = run("step(fork(lambda: libc.exit(7)))\nstep(parent.call('account.credit').result)")
    assert steps == [("7", 1), ("OK", 1)]
    assert simulator.books()["open_sessions"] == 0, "the parent has not closed its session at its end"


def test_a_child_closes_the_sessions_of_a_client_of_its_own(run):
    child = "def child():\n    create(client())\n    libc.exit(7)\n"
    assert run(child + "step('before')\nstep(fork(child))") == [("before", 1), ("7", 1)]


def test_what_a_child_left_that_ended_without_exit_handlers_is_swept_by_the_next_client(run, simulator):
    child = "def child():\n    create(client())\n    os._exit(7)\n"
    after = "step(fork(child))\nother = client()\nstep(other.call('session.sweep').result)\nother.destroy()"
    assert run(child + after) == [("7", 2), ("OK", 1)]
    assert simulator.books()["open_sessions"] == 0


def test_a_program_that_is_started_gets_nothing_but_what_libcurl_lets_slip(run):
    """libcurl 7.88 does not close its pair of sockets."""
    look = "shown = subprocess.check_output(['ls', '-l', '/proc/self/fd'], close_fds=False, text=True)\n"
    ((shown, _),) = run(look + "step(json.dumps(shown))")
    links = re.findall(r"(\d+) -> (\S+)", json.loads(shown))
    inherited = [target for number, target in links if int(number) > 2 and not target.startswith("/proc/")]
    assert all(target.startswith("socket:") for target in inherited) and len(inherited) <= 2, inherited


def test_clients_end_side_by_side_when_the_process_exits(run, simulator):
    """Six times 2 s of patience with a service that hangs are 2 s, not 12."""
    simulator.set_faults({"match": {"operation": "session.close"}, "fault": {"hang": True}})
    begun = time.monotonic()
    run("""
clients = [client(close_timeout_ms=2000) for _ in range(6)]
for one in clients: create(one)
""")
    assert time.monotonic() - begun < 11

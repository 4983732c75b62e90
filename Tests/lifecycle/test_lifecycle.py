"""Processes that fork, exit and destroy clients at the worst moments end in order and in time."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Semaphore, Thread
from typing import Callable, Dict, Iterator, Union

import pytest
from support.bounded import bounded
from support.locations import REPOSITORY, library_path
from support.simulator import Simulator

HERE = Path(__file__).resolve().parent
SLOWNESS = float(os.environ.get("AKOOL_TEST_SLOWNESS", "1"))
EXIT_BOUND_S = 30 * SLOWNESS
AT_ONCE = 3
HUNG, CRASHED, NOT_PERMITTED = 40, 41, 77
BODY_BYTES = 15_000_000

Status = Union[int, str]


@pytest.fixture(scope="module")
def compiled(library, tmp_path_factory) -> Callable[[str], Path]:
    """Compiles a program of this folder."""
    folder = tmp_path_factory.mktemp("lifecycle")
    include = os.environ.get("AKOOL_INCLUDE") or REPOSITORY / "include"
    so = library_path()

    def compile_program(name: str) -> Path:
        program = folder / name
        strict = ["cc", "-std=gnu11", "-O1", "-g", "-pthread", "-Wall", "-Wextra", "-Werror", f"-I{include}"]
        command = [*strict, HERE / f"{name}.c", so, f"-Wl,-rpath,{so.parent}", "-o", program]
        subprocess.run([str(word) for word in command], check=True, timeout=120)
        return program

    return compile_program


@dataclass(frozen=True)
class Secure:
    """A simulator with TLS, and the environment of programs that use it."""

    simulator: Simulator

    @property
    def variables(self) -> Dict[str, str]:
        return {"AKOOL_SIMULATOR_URL": self.simulator.url, "AKOOL_SIMULATOR_CA": self.simulator.ca_file or ""}


@pytest.fixture
def secure() -> Iterator[Secure]:
    options = {"official_avatars_shared": True, "concurrency_limit": 0, "credit": 10_000_000}
    with Simulator("--api-key", "simulator", options=options, tls=True) as simulator:
        yield Secure(simulator)


def status_of(program: Path, *arguments: object, environment: Dict[str, str], bound_s: float) -> Status:
    command = [str(program), *map(str, arguments)]
    try:
        return subprocess.run(command, env={**os.environ, **environment}, timeout=bound_s).returncode
    except subprocess.TimeoutExpired:
        return "hung"


def endings(program: Path, seeds: range, *arguments: object, environment: Dict[str, str], bound_s: float) -> Counter:
    """Counts how the program ends, until it first ends wrongly."""
    found: Counter = Counter()

    def run(seed: int) -> None:
        if set(found) <= {0}:
            found[status_of(program, seed, *arguments, environment=environment, bound_s=bound_s)] += 1

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(run, seeds))
    return found


@pytest.mark.timeout(3600)
def test_child_works_when_forked_during_first_use(compiled, rounds, record_property):
    program = compiled("fork_at_first_use")
    found = endings(program, range(1, 1 + rounds(60, 250)), environment={}, bound_s=120)
    record_property("endings", str(dict(found)))
    assert set(found) == {0}, f"processes by worst status of four children: {dict(found)}"


@pytest.mark.timeout(3600)
def test_children_work_when_forked_under_tls_load(compiled, secure, rounds, record_property):
    program, children = compiled("fork_under_load"), 10
    seeds = range(1, 1 + rounds(30, 1000) // children)
    found = endings(program, seeds, children, environment=secure.variables, bound_s=30 * children + 60)
    record_property("endings", str(dict(found)))
    assert set(found) == {0}, f"processes by worst status of {children} children: {dict(found)}"


@pytest.mark.timeout(3600)
def test_process_exits_in_order_when_exit_comes_under_tls_load(compiled, secure, rounds, record_property):
    program = compiled("exit_at_random")
    found = endings(program, range(1, 1 + rounds(30, 1000)), environment=secure.variables, bound_s=EXIT_BOUND_S)
    record_property("endings", str(dict(found)))
    assert set(found) == {0}, f"processes by exit status: {dict(found)}"


@pytest.mark.timeout(3600)
def test_process_exits_in_order_when_exit_comes_during_destroy(compiled, secure, rounds, record_property):
    """No session is left open: the exit waits until destroy has closed them."""
    program = compiled("exit_at_random")
    seeds = range(1, 1 + rounds(60, 1000))
    found = endings(program, seeds, "destroy", environment=secure.variables, bound_s=EXIT_BOUND_S)
    open_sessions = secure.simulator.books()["open_sessions"]
    record_property("endings", f"{dict(found)}, {open_sessions} sessions open")
    assert (set(found), open_sessions) == ({0}, 0), f"{dict(found)}, {open_sessions} sessions open"


@pytest.mark.timeout(300)
def test_openssl_is_left_alone_when_a_thread_ends_that_nobody_waits_for(compiled, secure):
    assert status_of(compiled("end_of_threads"), environment=secure.variables, bound_s=60) == 0


@pytest.mark.timeout(300)
def test_libcurl_is_left_alone_when_exit_is_over(compiled, secure):
    """A loop that could not be waited for any longer stops where it is."""
    assert status_of(compiled("loop_left_at_exit"), environment=secure.variables, bound_s=60) == 0


@pytest.mark.timeout(300)
def test_child_exits_when_parent_and_child_are_pid_1(compiled):
    status = status_of(compiled("pid_one"), environment={}, bound_s=120)
    if status == NOT_PERMITTED:
        pytest.skip("PID namespaces are not permitted here")
    assert status == 0


class BigServer(ThreadingHTTPServer):
    """Answers each request with a large legal reply that is slow to parse. `sent` counts those that were sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), BigHandler)
        members = ",".join(f'"k{number:07d}":1' for number in range(BODY_BYTES // 13))
        self.body = f'{{"code":1000,"data":{{"count":1,"result":{{{members}}}}}}}'.encode()
        self.sent = Semaphore(0)
        Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_: object) -> None:
        pass


class BigHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: BigServer

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)
        self.server.sent.release()


@pytest.fixture
def big_server() -> Iterator[BigServer]:
    server = BigServer()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.timeout(400)
def test_destroy_is_bounded_when_large_replies_are_parsed(make_client, big_server):
    """The bound is close_timeout_ms + 1 s. A busy machine gets 2 s more, or half of what one reply takes there."""
    for _ in range(3):
        client = make_client(f"http://127.0.0.1:{big_server.server_port}", close_timeout_ms=500)
        begun = time.monotonic()
        bounded(120, lambda: client.call("avatar.list", timeout_ms=60_000))
        bound_s = max(3.5 * SLOWNESS, (time.monotonic() - begun) / 2)
        for _ in range(4):
            client.submit("avatar.list", timeout_ms=60_000)
        for _ in range(5):
            assert big_server.sent.acquire(timeout=60)
        begun = time.monotonic()
        bounded(120, client.destroy)
        seconds = time.monotonic() - begun
        assert seconds < bound_s, f"destroy took {seconds:.1f} s, bound {bound_s:.1f} s"


def test_destroy_is_bounded_when_another_process_locks_the_ledger(make_client, make_simulator, tmp_path):
    """The bound is 2 s, and a busy machine gets 2 s more. SQLite's own wait is 5 s."""
    simulator, ledger = make_simulator(), tmp_path / "ledger.db"
    client = make_client(simulator.url, account="ledger", close_timeout_ms=1000, ledger={"file": str(ledger)})
    assert client.call("session.create", {"avatar_id": "dvp_Tristan_cloth2_1080P", "duration": 600}).ok
    holder = sqlite3.connect(ledger, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    begun = time.monotonic()
    bounded(60, client.destroy)
    seconds = time.monotonic() - begun
    holder.close()
    assert seconds < 4 * SLOWNESS, f"destroy took {seconds:.1f} s"

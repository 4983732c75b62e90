"""The command line: what it prints, how it begins and how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import time
from typing import Callable, Iterator, Tuple

import pytest
from simulator_http.peers import Http1Peer, connect
from support.endpoints import CREDIT, SESSION_CREATE
from support.locations import simulator_path

BOUND_S = 10.0
SECRET = "canary-3f9c2b7e"


@pytest.fixture
def start() -> Iterator:
    """Starts the command with a pipe to its standard input; nothing outlives the test."""
    processes = []

    def begin(*flags: str) -> Tuple[subprocess.Popen, str]:
        command = [str(simulator_path()), "--port", "0", *flags]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        processes.append(process)
        return process, process.stdout.readline()

    yield begin
    for process in processes:
        process.terminate()
        try:
            process.wait(BOUND_S)
        finally:
            process.kill()
            for stream in (process.stdin, process.stdout, process.stderr):
                stream.close()


def descriptors(process: subprocess.Popen) -> int:
    return len(os.listdir(f"/proc/{process.pid}/fd"))


def wait_until(condition: Callable[[], bool]) -> None:
    """Asks again and again, for what another process does in its own time."""
    end = time.monotonic() + BOUND_S
    while not condition():
        assert time.monotonic() < end, "it has not come to pass"


def url(line: str) -> str:
    return line.split()[-1]


def fail(*flags: str) -> str:
    """What the command complains about; it must not start."""
    result = subprocess.run([str(simulator_path()), *flags], capture_output=True, text=True, timeout=BOUND_S)
    assert result.returncode != 0 and result.stdout == ""
    return result.stderr


def test_first_line_is_for_programs(start):
    _, line = start()
    assert re.fullmatch(r"akool-simulator listening on http://127\.0\.0\.1:[1-9]\d*\n", line)


def test_second_line_names_the_authority(start):
    process, line = start("--tls")
    assert re.fullmatch(r"akool-simulator listening on https://127\.0\.0\.1:[1-9]\d*\n", line)
    assert re.fullmatch(r"ca certificate: /.*\.pem\n", process.stdout.readline())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_it_at_once_even_with_a_request_pending(number, start):
    process, line = start()
    with Http1Peer(connect(url(line)), "simulator") as peer:
        rules = {"rules": [{"match": {"operation": "account.credit"}, "fault": {"hang": True}}]}
        assert peer.request("POST", "/_simulator/faults", rules).json["code"] == 1000
        peer.send("GET", CREDIT, [("x-api-key", "simulator")], b"")
        process.send_signal(number)
        assert process.wait(BOUND_S) == 0
        assert process.stderr.read() == ""


def test_clients_that_gave_up_leave_nothing_behind(start):
    process, line = start()
    with Http1Peer(connect(url(line)), "simulator") as admin:
        rules = {"rules": [{"match": {"operation": "account.credit"}, "fault": {"hang": True}}]}
        admin.request("POST", "/_simulator/faults", rules)
        before = descriptors(process)
        peers = [Http1Peer(connect(url(line)), "simulator") for _ in range(20)]
        for peer in peers:
            peer.send("GET", CREDIT, [("x-api-key", "simulator")], b"")
        wait_until(lambda: admin.request("GET", "/_simulator/requests").json["data"]["count"] == 20)
        # The runtime may hold another descriptor for a moment.
        wait_until(lambda: descriptors(process) == before + 20)
        for peer in peers:
            peer.socket.close()
        wait_until(lambda: descriptors(process) == before)


def test_it_ends_with_its_standard_input_if_asked_to(start):
    process, _ = start("--exit-with-stdin")
    process.stdin.write("ignored\n")
    process.stdin.close()
    assert process.wait(BOUND_S) == 0


def test_it_outlives_its_standard_input_otherwise(start):
    process, line = start()
    process.stdin.close()
    with Http1Peer(connect(url(line)), "simulator") as peer:
        assert peer.request("GET", CREDIT, x_api_key="simulator").json["code"] == 1000
    assert process.poll() is None


def test_flags_go_before_the_file(start, tmp_path):
    file = tmp_path / "options.json"
    file.write_text(json.dumps({"credit": 1, "api_key": "from-file", "avatar_queue_s": 7}))
    _, line = start("--options", str(file), "--credit", "123.5")
    with Http1Peer(connect(url(line)), "simulator") as peer:
        assert peer.request("GET", CREDIT, x_api_key="from-file").json["data"]["credit"] == 123.5
        assert peer.request("GET", CREDIT, x_api_key="simulator").json["code"] != 1000


@pytest.mark.parametrize("wrapped", [True, False], ids=["rules", "array"])
def test_faults_are_read_from_a_file(wrapped, start, tmp_path):
    rules = [{"match": {"operation": "account.credit", "nth": 1}, "fault": {"akool_code": 1006}}]
    file = tmp_path / "faults.json"
    file.write_text(json.dumps({"rules": rules} if wrapped else rules))
    _, line = start("--faults", str(file))
    with Http1Peer(connect(url(line)), "simulator") as peer:
        codes = [peer.request("GET", CREDIT, x_api_key="simulator").json["code"] for _ in range(2)]
    assert codes == [1006, 1000]


def test_log_tells_each_request_without_secrets(start):
    process, line = start("--log", "--api-key", SECRET, "--client-secret", SECRET)
    with Http1Peer(connect(url(line)), "simulator") as peer:
        peer.request("GET", f"{CREDIT}?token={SECRET}", x_api_key=SECRET)
        peer.request("POST", SESSION_CREATE, {"voice_params": {"key": SECRET}}, authorization=f"Bearer {SECRET}")
    process.terminate()
    first, second = process.stderr.read().splitlines()
    instant = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    assert re.fullmatch(rf"{instant} GET {re.escape(CREDIT)} 200 1000", first)
    assert re.fullmatch(rf"{instant} POST {re.escape(SESSION_CREATE)} 200 1101", second)


def test_quiet_without_log(start):
    process, line = start()
    with Http1Peer(connect(url(line)), "simulator") as peer:
        peer.request("GET", CREDIT, x_api_key="simulator")
    process.terminate()
    assert process.stdout.read() + process.stderr.read() == ""


def test_taken_port_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"port {port}" in fail("--port", str(port))


@pytest.mark.parametrize(
    "flags, words",
    [
        (["--port", "65536"], ["--port", "65536"]),
        (["--profile", "optimistic"], ["profile", "pessimistic"]),
        (["--credit", "-1"], ["credit"]),
        (["--time-scale", "fast"], ["--time-scale"]),
        (["--options", "/nonexistent.json"], ["/nonexistent.json"]),
        (["--no-such-flag"], ["--no-such-flag"]),
    ],
)
def test_mistakes_are_named(flags, words):
    complaint = fail("--port", "0", *flags) if "--port" not in flags else fail(*flags)
    assert all(word in complaint for word in words), complaint


@pytest.mark.parametrize(
    "content, word",
    [("{", "byte"), ("[]", "object"), ('{"avatar_queue": 1}', "avatar_queue_s"), ('{"faults": [{}]}', "fault")],
)
def test_mistakes_in_files_are_named(content, word, tmp_path):
    file = tmp_path / "options.json"
    file.write_text(content)
    assert word in fail("--port", "0", "--options", str(file))

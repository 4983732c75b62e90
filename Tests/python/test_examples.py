"""The examples do what they say: simulated in their process, or over HTTP where the simulator must outlive them."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Callable, Tuple

import pytest
from python_support import BOUND_S, NOBODY, REPOSITORY, environment, until

SIMULATED = "SIMULATED: AKOOL_API_KEY is not set"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REPOSITORY / "examples" / "python", tmp_path / "examples"))


@pytest.fixture
def begin(folder: Path):
    """Starts examples, which are killed after the test."""
    started = []

    def start(*command: str, **env: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env=environment(PYTHONUNBUFFERED="1", **env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def run(begin: Callable, *command: str, **env: str) -> str:
    process = begin(*command, **env)
    output, _ = process.communicate(timeout=BOUND_S)
    assert process.returncode == 0, output
    return output


def line(process: "subprocess.Popen[str]", pattern: str) -> str:
    """What a line of the output has, as soon as there is one."""
    seen = []
    for text in process.stdout:
        seen.append(text)
        found = re.search(pattern, text)
        if found:
            return found.group(1)
    raise AssertionError(f"ended without {pattern}: {''.join(seen)}")


@pytest.fixture
def service(make_simulator: Callable) -> Tuple[dict, Callable]:
    """The environment with which examples use a simulator over HTTP, and what is open there."""
    simulator = make_simulator("--api-key", "key")

    def open_ones():
        return [session["_id"] for session in simulator.books()["sessions"] if session["status"] < 3]

    return {"AKOOL_API_KEY": "key", "AKOOL_BASE_URL": simulator.url}, open_ones


def test_quickstart(begin, folder):
    output = run(begin, "quickstart.py")
    assert output.startswith(SIMULATED) and "'token': 'SIMULATED-" in output
    assert "is closed, and seen to be closed" in output and (folder / "akool.ledger").exists()


def test_quickstart_with_a_key_uses_the_service_and_leaves_nothing_open(begin, service):
    env, open_ones = service
    output = run(begin, "quickstart.py", **env)
    assert output.startswith("REAL") and "seen to be closed" in output and open_ones() == []


def test_conversation(begin):
    output = run(begin, "conversation.py")
    assert re.search(r"sending chat in [2-9]\d* frame", output)
    assert re.search(r"^bot: Hello! .*complete$", output, re.MULTILINE)
    assert "set-params: acknowledged\n" in output and "interrupt: acknowledged\n" in output


def test_save(begin, folder):
    output = run(begin, "save.py", "made")
    assert output.startswith(SIMULATED)
    name, size = re.search(r"saved: made/(\w+\.mp3), (\d+) bytes, SHA-256 [0-9a-f]{64}", output).groups()
    assert (folder / "made" / name).stat().st_size == int(size) > 0


def test_a_killed_kiosk_closes_at_its_next_start_what_it_had_open(begin, service):
    env, open_ones = service
    killed = begin("kiosk.py", **env)
    session = line(killed, r"^open: (\w+)")
    killed.kill()
    killed.wait(30)
    assert open_ones() == [session]
    following = begin("kiosk.py", **env)
    assert session in line(following, r"^closed after the last run: (.*)")
    assert line(following, r"^open: (\w+)") != session
    following.send_signal(signal.SIGTERM)
    assert line(following, "^(closed)$") and following.wait(30) == 0
    assert open_ones() == []


def ask(method: str, url: str) -> Tuple[int, object]:
    request = urllib.request.Request(url, method=method, data=b"" if method == "POST" else None)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as response:
            body, status = response.read(), response.status
    except urllib.error.HTTPError as error:
        body, status = error.read(), error.code
    return status, json.loads(body) if body.startswith((b"{", b"[")) else body.decode()


def serve(begin: Callable, *flags: str, **env: str) -> Tuple["subprocess.Popen[str]", str]:
    process = begin("-m", "uvicorn", "backend:application", "--port", "0", *flags, **env)
    return process, line(process, r"running on (http://[\w.:]+)")


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_backend_opens_keeps_and_closes_sessions_for_a_page(begin, service, loop):
    env, open_ones = service
    process, url = serve(begin, "--loop", loop, **env)
    assert "akool-streaming-avatar-react-demo" in ask("GET", url + "/")[1]
    status, created = ask("POST", url + "/sessions")
    assert status == 201 and created["join"]["token"].startswith("SIMULATED-") and created["heartbeat_ms"] == 5000
    session = f"{url}/sessions/{created['id']}"
    assert ask("POST", session + "/heartbeat")[0] == 200
    assert ask("PUT", session)[0] == 405
    assert ask("DELETE", f"{url}/sessions/{NOBODY}")[0] == 404
    assert ask("DELETE", session)[0] == 200 and open_ones() == []
    until("it to be known as ended", lambda: ask("POST", session + "/heartbeat")[0] == 404)
    until("the avatar to be free again", lambda: ask("POST", url + "/sessions")[0] == 201)
    assert len(open_ones()) == 1
    process.send_signal(signal.SIGTERM)
    assert line(process, "^(closed)$")
    process.communicate(timeout=30)
    assert open_ones() == []


def test_backend_closes_the_session_of_a_page_that_is_gone(begin, service):
    env, open_ones = service
    _, url = serve(begin, HEARTBEAT_TIMEOUT_MS="1000", **env)
    assert ask("POST", url + "/sessions")[0] == 201
    until("the session to be closed", lambda: open_ones() == [])

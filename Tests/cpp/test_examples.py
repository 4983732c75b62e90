"""The examples in C++ do what they say: with the simulator in their process, and with one over HTTP."""

from __future__ import annotations

import hashlib
import re
import signal
import subprocess
from pathlib import Path
from typing import Callable, Dict, Iterator, List

import pytest
from support import cpp_programs as cpp
from support.canary import CANARY_KEY
from support.simulator import Simulator

pytestmark = pytest.mark.timeout(cpp.COMPILE_BOUND_S + cpp.RUN_BOUND_S)

SIMULATED = "SIMULATED: AKOOL_API_KEY is not set"


def run(name: str, folder: Path, *arguments: str, **environment: str) -> List[str]:
    """Runs an example to its end; its lines, after the first, which says whether it is simulated."""
    command = [cpp.program(cpp.EXAMPLES / f"{name}.cpp"), *arguments]
    outcome = cpp.run(command, cwd=folder, env=cpp.environment(**environment))
    assert (outcome.returncode, outcome.stderr) == (0, ""), outcome
    first, *lines = outcome.stdout.splitlines()
    assert first.startswith(SIMULATED) != ("AKOOL_API_KEY" in environment), first
    return lines


@pytest.fixture
def service(make_simulator) -> Simulator:
    return make_simulator(options={"time_scale": 20})


def key(simulator: Simulator) -> Dict[str, str]:
    """The environment with which a program uses a simulator over HTTP."""
    return {"AKOOL_API_KEY": CANARY_KEY, "AKOOL_BASE_URL": simulator.url}


def sessions(simulator: Simulator) -> List[dict]:
    return simulator.books()["sessions"]


def still_open(simulator: Simulator) -> List[dict]:
    return [session for session in sessions(simulator) if session["status"] < 3]


def test_quick_start_simulated(tmp_path: Path) -> None:
    joins, ends = run("quickstart", tmp_path)
    assert joins.startswith("A browser or an app joins with: {") and '"token":"SIMULATED-' in joins
    assert ends.startswith("The session is closed, and seen to be closed. Credit before: 6000, after: ")
    assert (tmp_path / "akool.ledger").exists()


def test_quick_start_with_a_key(tmp_path: Path, service: Simulator) -> None:
    run("quickstart", tmp_path, **key(service))
    assert len(sessions(service)) == 1 and not still_open(service)


def test_quick_start_says_what_is_wrong(tmp_path: Path, service: Simulator) -> None:
    program = cpp.program(cpp.EXAMPLES / "quickstart.cpp")
    environment = cpp.environment(AKOOL_API_KEY="wrong-key", AKOOL_BASE_URL=service.url)
    outcome = cpp.run([program], cwd=tmp_path, env=environment)
    assert outcome.returncode == 1 and outcome.stderr.startswith("UNAUTHENTICATED: ")
    assert "wrong-key" not in outcome.stdout + outcome.stderr


def test_conversation(tmp_path: Path) -> None:
    lines = run("conversation", tmp_path)
    assert any(re.fullmatch(r"sending chat in ([2-9]|\d\d+) frame\(s\)", line) for line in lines), lines
    assert any(re.fullmatch(r"bot: Hello! .*\.\.\. complete", line) for line in lines), lines
    assert "set-params: OK" in lines and "interrupt: OK" in lines
    assert "bot: Short.... complete" in run("conversation", tmp_path, "Short.")


def saved(lines: List[str], folder: Path) -> None:
    """The last line tells of a file that is there as it says."""
    found = re.fullmatch(r"saved: (\S+), (\d+) bytes, SHA-256 ([0-9a-f]{64})", lines[-1])
    assert found, lines
    content = (folder / found.group(1)).read_bytes()
    assert len(content) == int(found.group(2)) > 0
    assert hashlib.sha256(content).hexdigest() == found.group(3)


def test_save_simulated(tmp_path: Path) -> None:
    saved(run("save", tmp_path, "made/here"), tmp_path)
    assert len(list((tmp_path / "made" / "here").iterdir())) == 1


def test_save_with_a_key(tmp_path: Path, service: Simulator) -> None:
    saved(run("save", tmp_path, **key(service)), tmp_path)


# What an SDK sees: it is in the next room before it has left the last one.
MOVED = r"joined (\S+)\nthe token expires soon\njoined (\S+)\nleft (\S+)"


def test_agora_simulated(tmp_path: Path) -> None:
    first, second, left = re.fullmatch(MOVED, "\n".join(run("agora", tmp_path))).groups()
    assert first == left != second


def test_agora_with_a_key(tmp_path: Path, service: Simulator) -> None:
    run("agora", tmp_path, **key(service))
    assert len(sessions(service)) == 2 and not still_open(service)


# The kiosk.


@pytest.fixture
def start_kiosk(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen]]:
    started = []

    def start(**environment: str) -> subprocess.Popen:
        program = cpp.program(cpp.EXAMPLES / "kiosk.cpp")
        kiosk = subprocess.Popen(
            [program],
            cwd=tmp_path,
            env=cpp.environment(**environment),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        started.append(kiosk)
        return kiosk

    yield start
    for kiosk in started:
        kiosk.kill()
        kiosk.communicate()


def line(kiosk: subprocess.Popen, pattern: str) -> str:
    """What the next line like this has."""
    for text in kiosk.stdout:
        found = re.match(pattern, text)
        if found:
            return found.group(1)
    raise AssertionError(f"ended without {pattern}: {kiosk.stderr.read()}")


def test_kiosk_closes_at_its_next_start_what_it_had_open_when_it_was_killed(make_simulator, start_kiosk) -> None:
    service = make_simulator()
    killed = start_kiosk(**key(service))
    session = line(killed, r"open: (\w+)")
    killed.send_signal(signal.SIGKILL)
    killed.wait(60)
    assert [entry["_id"] for entry in still_open(service)] == [session]
    again = start_kiosk(**key(service))
    assert line(again, r"closed after the last run: (.*)") == f'["{session}"]'
    following = line(again, r"open: (\w+)")
    assert [entry["_id"] for entry in still_open(service)] == [following]
    again.send_signal(signal.SIGTERM)
    assert line(again, r"closed: (\d+)") == "1"
    assert again.wait(60) == 0 and not still_open(service)

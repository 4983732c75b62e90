"""make live-check, with an akool-simulator in the place of AKOOL."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Dict, Tuple

import pytest
from support.locations import library_path

from live import probes
from live.run import assumptions

PROGRAM = Path(__file__).resolve().parent / "run.py"
KEY = "sesame-live-canary"
SCALE = 4
LINE = re.compile(r"^(confirmed|refuted|not testable) +(\w+) = (.*?)(?:: (.*))?$")


def check(simulator, *words: str, text: str = "", key: str = KEY) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AKOOL_")}
    environment.update(AKOOL_LIB=str(library_path()), AKOOL_CLIENT_ID="pair-id", AKOOL_CLIENT_SECRET="pair-secret")
    if key:
        environment["AKOOL_API_KEY"] = key
    command = [sys.executable, str(PROGRAM), "--base-url", simulator.url, "--time-scale", str(SCALE), *words]
    return subprocess.run(command, input=text, env=environment, capture_output=True, text=True, timeout=180)


def verdicts(output: str) -> Dict[str, Tuple[str, str]]:
    found = (LINE.match(line) for line in output.splitlines())
    return {match[2]: (match[1], match[4] or "") for match in found if match}


@pytest.fixture
def simulator(request, make_simulator):
    profile = getattr(request, "param", "documented")
    flags = ["--api-key", KEY, "--client-id", "pair-id", "--client-secret", "pair-secret", "--credit", "6000"]
    return make_simulator(*flags, "--profile", profile, "--time-scale", str(SCALE))


def _all(library) -> Dict[str, dict]:
    return {entry["name"]: entry for entry in assumptions(library)}


def test_documented_behaviour_is_confirmed(simulator, library):
    ended = check(simulator, "--yes")
    found = verdicts(ended.stdout)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert set(found) == set(_all(library))
    words = [word for word, _ in found.values()]
    assert words.count("refuted") == 0 and words.count("confirmed") >= 28, ended.stdout
    assert re.search(r"^\d+ confirmed, 0 refuted, \d+ not testable$", ended.stdout.strip().splitlines()[-1])


@pytest.mark.parametrize("simulator", ["pessimistic"], indirect=True)
def test_other_behaviour_is_refuted(simulator, library):
    """Every switch that is set otherwise is told, and nothing else is."""
    ended = check(simulator, "--yes")
    found = verdicts(ended.stdout)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    wrong = []
    for name, entry in _all(library).items():
        word, more = found[name]
        expected = {"confirmed"} if entry["documented"] == entry["pessimistic"] else {"refuted"}
        if word not in expected | {"not testable"}:
            wrong.append((name, word, more))
        if word == "refuted" and not name.endswith("_s"):
            assert more == f"it is {entry['pessimistic']!r}", name
    assert wrong == [], ended.stdout
    assert sum(word == "refuted" for word, _ in found.values()) >= 10, ended.stdout


def test_no_more_is_spent_than_promised(simulator):
    check(simulator, "--yes")
    books = simulator.books()
    assert 0 < sum(session["duration"] for session in books["sessions"]) <= probes.BUDGET_S
    assert books["open_sessions"] == 0


@pytest.mark.parametrize("answer", ["", "n\n", "no\n", "what?\n"])
def test_without_a_yes_nothing_is_sent(simulator, answer):
    ended = check(simulator, text=answer)
    assert ended.returncode == 2 and "60 seconds" in ended.stdout
    assert simulator.requests() == []


def test_without_a_key_nothing_is_done(simulator):
    ended = check(simulator, "--yes", key="")
    assert ended.returncode == 2 and "AKOOL_API_KEY" in ended.stderr
    assert simulator.requests() == []


def test_a_wrong_key_is_told_and_not_shown(simulator):
    ended = check(simulator, "--yes", key="another-" + KEY)
    assert ended.returncode != 0 and KEY not in ended.stdout + ended.stderr
    assert simulator.books()["sessions"] == []


def test_no_secret_is_printed(simulator):
    ended = check(simulator, "--yes")
    assert KEY not in ended.stdout + ended.stderr and "pair-secret" not in ended.stdout + ended.stderr

"""What only a network namespace of our own can show: no network at all, and names that never resolve.

Where the machine forbids namespaces these tests are skipped, and counted so.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CASE = Path(__file__).with_name("namespace_case.py")
DEADLINE_S = 1.5
HANG_BOUND_S = 2.0


def isolated(*command: str) -> "list[str]":
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", *as_root, "--net", "--mount", "--propagation", "private", *command]


def namespaces_work() -> bool:
    if shutil.which("unshare") is None:
        return False
    probe = isolated("mount", "--bind", "/etc/hostname", "/etc/hostname")
    return subprocess.run(probe, capture_output=True).returncode == 0


pytestmark = [
    pytest.mark.namespace,
    pytest.mark.skipif(not namespaces_work(), reason="this machine allows no namespaces"),
]


@pytest.fixture
def run_case(library):
    """The result of one case; `library` makes sure that there is one to test."""

    def run(name: str) -> dict:
        done = subprocess.run(
            isolated(sys.executable, str(CASE), name), capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return json.loads(done.stdout)

    return run


def assert_says_what_to_do(outcome: dict) -> None:
    error = outcome["reply"]["error"]
    assert error["message"].strip() and (error.get("hint") or "").strip(), error


def test_no_network(run_case):
    outcome = run_case("no_network")
    assert outcome["result"] == "UNAVAILABLE", outcome
    assert outcome["seconds"] <= DEADLINE_S + HANG_BOUND_S
    assert_says_what_to_do(outcome)


def test_name_that_never_resolves(run_case):
    outcome = run_case("name_never_resolves")
    assert outcome["questions"] >= 1, "the resolver was never asked"
    assert outcome["result"] == "TIMEOUT", outcome
    assert DEADLINE_S * 0.9 <= outcome["seconds"] <= DEADLINE_S + HANG_BOUND_S, outcome
    assert outcome["destroy_seconds"] < 4.0, outcome
    assert_says_what_to_do(outcome)


def test_others_are_served_while_a_name_never_resolves(run_case):
    outcome = run_case("name_never_resolves_beside_others")
    assert outcome["questions"] >= 1, "the resolver was never asked"
    assert outcome["result"] == "TIMEOUT", outcome
    assert outcome["others"] >= 5, outcome


def test_cancel_while_a_name_is_being_resolved(run_case):
    outcome = run_case("cancelled_while_resolving")
    assert outcome["questions"] >= 1, "the resolver was never asked"
    assert outcome["result"] == "CANCELLED", outcome
    assert outcome["cancel_seconds"] < 1.0, outcome

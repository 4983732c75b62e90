"""The runner itself: what it does not count, or takes for success, nobody would miss."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "run_tests.py"


@pytest.fixture(scope="module")
def runner():
    spec = importlib.util.spec_from_file_location("run_tests", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["run_tests"] = module
    spec.loader.exec_module(module)
    return module


SWIFT_MIXED = """\
Test Suite 'All tests' started at 2026-01-01 00:00:00.000
\t Executed 0 tests, with 0 failures (0 unexpected) in 0.000 (0.000) seconds
◇ Test run started.
✔ Test "adds" passed after 0.001 seconds.
✘ Test fails() recorded an issue at A.swift:1:1: Expectation failed
✘ Test fails() failed after 0.001 seconds with 1 issue.
✘ Test case passing 1 argument x → 2 to many(x:) failed after 0.001 seconds
✘ Test many(x:) with 3 test cases failed after 0.001 seconds with 2 issues.
✘ Suite Things failed after 0.001 seconds with 3 issues.
➜ Test later() skipped: "not yet"
✘ Test run with 7 tests in 2 suites failed after 0.010 seconds with 3 issues.
"""
XCTEST = """\
Executed 3 tests, with 1 test skipped and 1 failure (0 unexpected) in 0.1 (0.1) seconds
Executed 5 tests, with 1 test skipped and 2 failures (0 unexpected) in 0.1 (0.1) seconds
"""
CMOCKA = """\
[==========] tests: Running 3 test(s).
[       OK ] a
[==========] tests: 3 test(s) run.
[  PASSED  ] 2 test(s).
[  FAILED  ] tests: 1 test(s), listed below:
[  FAILED  ] 1 test(s), listed below:
[  FAILED  ] b
"""


@pytest.mark.parametrize(
    "output, expected",
    [
        ("✔ Test run with 12 tests in 3 suites passed after 0.2 seconds.", "12 passed, 0 failed"),
        ("✔ Test run with 1 test passed after 0.2 seconds.", "1 passed, 0 failed"),
        (SWIFT_MIXED, "4 passed, 2 failed, 1 skipped"),
        ("✘ Test run with 3 tests failed after 0.2 seconds with 1 issue.", "2 passed, 1 failed"),
        (XCTEST, "2 passed, 2 failed, 1 skipped"),
        ("==== 5 passed in 0.12s ====", "5 passed, 0 failed"),
        ("5 failed, 3 passed, 2 skipped, 1 xfailed, 1 error in 61.20s (0:01:01)", "3 passed, 6 failed, 3 skipped"),
        ("=== 1 passed, 4 warnings in 0.1s ===", "1 passed, 0 failed"),
        ("=== no tests ran in 0.01s ===", "0 passed, 0 failed"),
        (CMOCKA, "2 passed, 1 failed"),
        ("c: 7 passed, 0 failed\nabi: 3 passed, 1 failed, 2 skipped", "10 passed, 1 failed, 2 skipped"),
        ("\x1b[32m4 passed, 0 failed\x1b[0m", "4 passed, 0 failed"),
        (CMOCKA + "c: 3 passed, 0 failed", "3 passed, 0 failed"),
        ("we had 3 passed, 1 failed yesterday", "0 passed, 0 failed"),
    ],
)
def test_counting(runner, output, expected):
    counter = runner.Counter()
    for line in output.splitlines():
        counter.read(line)
    assert str(counter.counts) == expected


def run_suites(tmp_path, *scripts: str, limit_s: int = 20) -> "subprocess.CompletedProcess[str]":
    """Runs the script's `main` with these Python programs as suites."""
    suites = [f"Suite('s{n}', (sys.executable, '-c', {text!r}), limit_s={limit_s})" for n, text in enumerate(scripts)]
    program = (
        f"import pathlib, sys; sys.path.insert(0, {str(SCRIPT.parent)!r})\n"
        "import run_tests; from run_tests import Suite\n"
        f"run_tests.run.__defaults__ = (False, pathlib.Path({str(tmp_path)!r}))\n"
        f"sys.exit(run_tests.main([], [{', '.join(suites)}]))"
    )
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    "scripts, closing, status",
    [
        (["print('a: 2 passed, 0 failed')", "print('3 passed in 0.1s')"], "5 passed, 0 failed", 0),
        (["print('2 passed, 0 failed, 1 skipped')"], "2 passed, 0 failed, 1 skipped", 0),
        (["print('1 passed, 1 failed'); raise SystemExit(1)"], "1 passed, 1 failed", 1),
        (["print('1 passed, 1 failed')"], "1 passed, 1 failed", 1),
        (["print('2 passed, 0 failed'); raise SystemExit(3)"], "2 passed, 1 failed", 1),
        (["import os; print('2 passed, 0 failed', flush=True); os.abort()"], "2 passed, 1 failed", 1),
        (["print('nothing to see')"], "0 passed, 1 failed", 1),
        (["print('0 passed, 0 failed')", "print('1 passed, 0 failed')"], "1 passed, 1 failed", 1),
        ([], "0 passed, 1 failed", 1),
    ],
)
def test_closing_line_and_exit_status(tmp_path, scripts, closing, status):
    done = run_suites(tmp_path, *scripts)
    assert done.stdout.rstrip().splitlines()[-1] == closing, done.stdout + done.stderr
    assert done.returncode == status


def test_suite_that_never_ends_is_stopped_with_its_children(tmp_path):
    hang = "import subprocess, sys; print('1 passed, 0 failed', flush=True); subprocess.run(['sleep', '600'])"
    done = run_suites(tmp_path, hang, "print('1 passed, 0 failed')", limit_s=1)
    assert done.returncode == 1
    assert "stopped after 1 s" in done.stdout
    assert done.stdout.rstrip().splitlines()[-1] == "2 passed, 1 failed"


def test_missing_command_is_a_failure(runner, tmp_path):
    result = runner.run(runner.Suite("missing", ("/nonexistent/command",)), logs=tmp_path)
    assert "cannot be started" in result.trouble
    assert not result.ok


def test_log_has_everything_and_the_screen_what_tells(tmp_path):
    done = run_suites(tmp_path, "print('chat' + 'ter'); print('x.swift:1: error: bad'); print('1 passed, 0 failed')")
    assert "chatter" not in done.stdout and "error: bad" in done.stdout
    assert "chatter" in (tmp_path / "s0.log").read_text()


def test_suites_are_named_once(runner):
    names = [suite.name for suite in runner.SUITES]
    assert len(names) == len(set(names)) >= 4

#!/usr/bin/env python3
"""Runs the test suites one after another, counts their tests and closes with one line `N passed, N failed`.

    scripts/run_tests.py [--only NAME]... [--skip NAME]... [--list] [--verbose]

Fails when a test failed, a suite crashed or ran out of time, or a suite ran no test. The whole output of each
suite is in build/test-logs/NAME.log; here only what tells something is shown.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Iterable, List, Optional, Tuple

ROOT = Path(__file__).resolve().parents[1]
LOGS = ROOT / "build" / "test-logs"
_VENV = ROOT / ".venv" / "bin" / "python"
PYTHON = os.environ.get("AKOOL_TEST_PYTHON") or (str(_VENV) if _VENV.exists() else sys.executable)
# How much of a failed suite's log is shown at its end.
TAIL_LINES = 60


@dataclass(frozen=True)
class Suite:
    """One command that runs tests. Paths are relative to the repository; `environment` is added to ours."""

    name: str
    command: Tuple[str, ...]
    directory: str = "."
    environment: Dict[str, str] = field(default_factory=dict)
    limit_s: int = 600


def pytest(*paths: str) -> Tuple[str, ...]:
    return (PYTHON, "-m", "pytest", "-q", "-c", "Tests/pytest.ini", *paths)


FULL_ONLY = ("debian_root", "same_bytes")

SUITES: List[Suite] = [
    Suite("swift", ("swift", "test"), limit_s=2400),
    Suite("abi", pytest("Tests/abi"), limit_s=600),
    Suite("c", ("scripts/test_c.sh", "lib"), limit_s=900),
    Suite("c-asan", ("scripts/test_c.sh", "asan"), limit_s=1800),
    Suite("fuzz", ("Tests/fuzz/run.sh", "--reduced"), limit_s=600),
    Suite("c-tsan", ("scripts/test_c.sh", "tsan", "test_threads", "test_races", "test_submit_races"), limit_s=1200),
    Suite("c-examples", pytest("Tests/c"), limit_s=900),
    Suite("c-valgrind", ("scripts/test_c.sh", "valgrind"), limit_s=1200),
    Suite("conformance", pytest("Tests/conformance"), limit_s=1800),
    Suite("network", pytest("Tests/network"), limit_s=900),
    Suite("faults", pytest("Tests/faults"), limit_s=600),
    Suite("secrets", pytest("Tests/canaries"), limit_s=600),
    Suite("money", pytest("Tests/money"), limit_s=900),
    Suite("simulator", pytest("Tests/simulator_http"), limit_s=600),
    Suite("live", pytest("Tests/live"), limit_s=300),
    Suite("node", pytest("Tests/node"), limit_s=1200),
    Suite("python", pytest("Tests/python"), limit_s=1200),
    Suite("cpp", pytest("Tests/cpp"), limit_s=1200),
    Suite("command", pytest("Tests/command"), limit_s=300),
    # The rest takes minutes and a mirror: make consumer-test.
    Suite("packages", pytest("Tests/consumers", *(f"--ignore=Tests/consumers/test_{name}.py" for name in FULL_ONLY))),
    Suite("runner", pytest("Tests/scripts"), limit_s=120),
    Suite("benchmarks", (PYTHON, "scripts/test_benchmarks.py"), limit_s=600),
]


# Counting.


@dataclass
class Counts:
    """Tests by their outcome."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    @property
    def total(self) -> int:
        return self.passed + self.failed + self.skipped

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        text = f"{self.passed} passed, {self.failed} failed"
        return f"{text}, {self.skipped} skipped" if self.skipped else text


_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_OWN = re.compile(r"^(?:\S+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$")
_PYTEST = re.compile(r"^=*\s*((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s\b")
_PYTEST_PART = re.compile(r"(\d+) ([a-z]+)")
_CMOCKA = re.compile(r"^\[\s+(PASSED|FAILED|SKIPPED)\s+\] (\d+) test\(s\)")
_XCTEST = re.compile(r"Executed (\d+) tests?, with (?:(\d+) tests? skipped and )?(\d+) failures?")
_SWIFT_RUN = re.compile(r"Test run with (\d+) tests?\b.* (passed|failed) after")
_SWIFT_FAILED = re.compile(r"^\S+ Test (?!run\b|case\b).* failed after ")
_SWIFT_SKIPPED = re.compile(r"^\S+ Test (?!run\b|case\b).* skipped")


class Counter:
    """Reads a suite's lines and finds out how many tests it ran, whatever ran them."""

    def __init__(self) -> None:
        self._own: Optional[Counts] = None
        self._found = Counts()
        self._xctest = Counts()
        self._swift_failed = self._swift_skipped = 0

    @property
    def counts(self) -> Counts:
        """A suite's own lines count alone: they sum up what its test programs said before."""
        return self._own if self._own is not None else self._found + self._xctest

    def read(self, line: str) -> None:
        line = _COLOURS.sub("", line).strip()
        for reader in (self._read_own, self._read_pytest, self._read_cmocka, self._read_xctest, self._read_swift):
            if reader(line):
                return

    def _read_own(self, line: str) -> bool:
        match = _OWN.match(line)
        if match:
            self._own = (self._own or Counts()) + Counts(*(int(number or 0) for number in match.groups()))
        return match is not None

    def _read_pytest(self, line: str) -> bool:
        match = _PYTEST.match(line)
        if not match:
            return False
        parts = {word: int(number) for number, word in _PYTEST_PART.findall(match.group(1))}
        failed = sum(parts.get(word, 0) for word in ("failed", "error", "errors", "xpassed"))
        skipped = sum(parts.get(word, 0) for word in ("skipped", "xfailed"))
        self._found += Counts(parts.get("passed", 0), failed, skipped)
        return True

    def _read_cmocka(self, line: str) -> bool:
        match = _CMOCKA.match(line)
        if match:
            self._found += Counts(**{match.group(1).lower(): int(match.group(2))})
        return match is not None

    def _read_xctest(self, line: str) -> bool:
        """XCTest tells each suite and at last the whole, which alone counts."""
        match = _XCTEST.search(line)
        if match:
            executed, skipped, failed = (int(number or 0) for number in match.groups())
            self._xctest = Counts(max(0, executed - skipped - failed), failed, skipped)
        return match is not None

    def _read_swift(self, line: str) -> bool:
        """Swift Testing's last line knows no number of failed tests, only of issues."""
        if _SWIFT_FAILED.match(line):
            self._swift_failed += 1
        elif _SWIFT_SKIPPED.match(line):
            self._swift_skipped += 1
        match = _SWIFT_RUN.search(line)
        if match:
            failed = self._swift_failed or (1 if match.group(2) == "failed" else 0)
            passed = max(0, int(match.group(1)) - failed - self._swift_skipped)
            self._found += Counts(passed, failed, self._swift_skipped)
            self._swift_failed = self._swift_skipped = 0
        return match is not None


# Running.


@dataclass
class Result:
    """What became of a suite. `trouble` is a failure that no test stands for, and counts as one more."""

    suite: Suite
    counts: Counts
    seconds: float
    trouble: str = ""

    @property
    def ok(self) -> bool:
        return self.counts.failed == 0 and not self.trouble


# The lines that name a failed test. At most so many of a suite are repeated below the table.
_FAILURE = re.compile(
    r"^FAILED |^ERROR |^\S+ Test (?!run\b|case\b).* failed after |^not ok (?!.*# SKIP)|stopped after \d+ s"
)
FAILURES_SHOWN = 6
_TELLING = re.compile(
    r"^FAILED |^ERROR |✘|\berror:|^\[  FAILED|Assertion|AddressSanitizer|ThreadSanitizer|Fatal error"
    r"|^\s*[a-z][a-z ]*: \d+ |\d+ passed"
)


def run(suite: Suite, verbose: bool = False, logs: Path = LOGS) -> Result:
    """Runs one suite, showing the lines that tell something."""
    logs.mkdir(parents=True, exist_ok=True)
    print(f"▶ {suite.name}: {' '.join(suite.command)}", flush=True)
    start, counter = time.monotonic(), Counter()
    try:
        process = _start(suite)
    except OSError as error:
        return Result(suite, Counts(), 0.0, f"cannot be started: {error}")
    overtime = threading.Event()
    timer = threading.Timer(suite.limit_s, _stop, (process, overtime))
    timer.start()
    log = logs / f"{suite.name}.log"
    try:
        _read(process, counter, log, verbose)
        code = process.wait()
    finally:
        timer.cancel()
        _kill_group(process)
    result = Result(suite, counter.counts, time.monotonic() - start)
    result.trouble = _trouble(result.counts, code, overtime.is_set(), suite)
    if not result.ok and not verbose:
        _show_tail(log)
    print(f"  {suite.name}: {result.counts}, {result.seconds:.1f} s {result.trouble}".rstrip(), flush=True)
    return result


def _start(suite: Suite) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        suite.command,
        cwd=ROOT / suite.directory,
        env={**os.environ, **suite.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )


def _read(process: "subprocess.Popen[str]", counter: Counter, log: Path, verbose: bool) -> None:
    assert process.stdout is not None
    with log.open("w", encoding="utf-8") as file:
        for line in process.stdout:
            file.write(line)
            counter.read(line)
            if verbose or _TELLING.search(_COLOURS.sub("", line)):
                print("  " + line.rstrip()[:300], flush=True)


def _stop(process: "subprocess.Popen[str]", overtime: threading.Event) -> None:
    overtime.set()
    _kill_group(process)


def _kill_group(process: "subprocess.Popen[str]") -> None:
    """The suite and whatever it left behind: the group is the suite's own."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # all of it has ended already


def _trouble(counts: Counts, code: int, is_overtime: bool, suite: Suite) -> str:
    if is_overtime:
        return f"(stopped after {suite.limit_s} s)"
    if code < 0:
        return f"(crashed: {signal.Signals(-code).name})"
    if counts.total == 0:
        return f"(ran no test, exit status {code})"
    if code != 0 and counts.failed == 0:
        return f"(exit status {code} though no test failed)"
    return ""


def _show_tail(log: Path) -> None:
    lines = log.read_text(encoding="utf-8").splitlines()
    print(f"  … the end of {log}:")
    for line in lines[-TAIL_LINES:]:
        print("  | " + line[:300])


# Reporting.


def _failures(log: Path) -> List[str]:
    """The lines of a log that name what failed, each once, with the reason where cmocka gives one below."""
    if not log.exists():
        return []
    lines = [_COLOURS.sub("", line).strip() for line in log.read_text(encoding="utf-8").splitlines()]
    found: Dict[str, None] = {}
    for line, following in zip(lines, [*lines[1:], ""]):
        if _FAILURE.search(line):
            found[f"{line[:160]} {following[:160]}" if following.startswith("# ") else line[:160]] = None
    return list(found)[:FAILURES_SHOWN]


def report(results: Iterable[Result], logs: Path = LOGS) -> int:
    """The table, the names of what failed, the closing line and the exit status."""
    results = list(results)
    width = max([len(result.suite.name) for result in results] + [5])
    print(f"\n{'suite':<{width}} {'passed':>7} {'failed':>7} {'skipped':>8} {'seconds':>8}")
    for result in results:
        counts = result.counts
        numbers = f"{counts.passed:>7} {counts.failed:>7} {counts.skipped:>8} {result.seconds:>8.1f}"
        print(f"{result.suite.name:<{width}} {numbers} {result.trouble}".rstrip())
    for result in results:
        if not result.ok:
            print("".join(f"\n{result.suite.name}: {line}" for line in _failures(logs / f"{result.suite.name}.log")))
    total = sum((result.counts for result in results), Counts())
    total += Counts(failed=sum(1 for result in results if result.trouble))
    if not results:
        total += Counts(failed=1)
    print(f"\n{total}", flush=True)
    return 1 if total.failed else 0


def main(arguments: Optional[List[str]] = None, suites: Optional[List[Suite]] = None) -> int:
    suites = SUITES if suites is None else suites
    names = [suite.name for suite in suites]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", choices=names, help="run this suite only; may be repeated")
    parser.add_argument("--skip", action="append", choices=names, default=[], help="leave this suite out")
    parser.add_argument("--list", action="store_true", help="name the suites")
    parser.add_argument("--verbose", action="store_true", help="show all output")
    options = parser.parse_args(arguments)
    chosen = [suite for suite in suites if suite.name in (options.only or names) and suite.name not in options.skip]
    if options.list:
        print("\n".join(f"{suite.name}: {' '.join(suite.command)}" for suite in chosen))
        return 0
    return report([run(suite, options.verbose) for suite in chosen])


if __name__ == "__main__":
    sys.exit(main())

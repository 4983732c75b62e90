"""Runs programs of cmocka tests and reads cmocka's JUnit report."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Optional

_TESTS = re.compile(r"struct CMUnitTest tests\[\] = \{(.*?)\n  \};", re.DOTALL)
_ENTRY = re.compile(r"\w+\(\s*(\w+)")
_ANNOUNCED = re.compile(r"^running: (\w+)\n", re.MULTILINE)
_FIGURES = re.compile(r"^figures: (.*)$", re.MULTILINE)
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_HEAD_LINES, _TAIL_LINES = 200, 40
_GDB_BOUND_S = 60


def test_names(source: Path) -> List[str]:
    """Names of the tests in the table of a program."""
    table = _TESTS.search(source.read_text(encoding="utf-8"))
    return _ENTRY.findall(table.group(1)) if table else []


test_names.__test__ = False  # pytest must not take it for a test


@dataclass
class Outcome:
    """Result of one test, from cmocka's report."""

    seconds: float
    failure: Optional[str] = None
    is_skipped: bool = False


@dataclass
class Run:
    """One run of a program. `outcomes` is empty when the program ended before cmocka wrote its report."""

    status: int
    output: str
    seconds: float
    cpu_seconds: float
    stopped_after_s: Optional[float] = None
    backtraces: str = ""
    outcomes: Dict[str, Outcome] = field(default_factory=dict)

    @property
    def ended_as_expected(self) -> bool:
        """True when the exit status is the number of failed tests, as cmocka sets it."""
        failed = sum(1 for outcome in self.outcomes.values() if outcome.failure is not None)
        return bool(self.outcomes) and self.stopped_after_s is None and self.status == failed

    @property
    def ending(self) -> str:
        if self.stopped_after_s is not None:
            return f"was stopped after {self.stopped_after_s:.0f} s"
        if self.status < 0:
            return f"was ended by {signal.Signals(-self.status).name}"
        return f"ended with exit status {self.status}"

    @property
    def last_test(self) -> Optional[str]:
        announced = _ANNOUNCED.findall(self.output)
        return announced[-1] if announced else None

    def output_of(self, test: str) -> str:
        """Lines that were printed while a test ran."""
        parts = _ANNOUNCED.split(self.output)
        return "".join(part for name, part in zip(parts[1::2], parts[2::2]) if name == test)

    def figures(self, test: str) -> List[str]:
        return _FIGURES.findall(self.output_of(test))

    def failure_of(self, test: str) -> Optional[str]:
        """Why a test failed; None when it passed or was skipped."""
        outcome = self.outcomes.get(test)
        if outcome and outcome.failure is None:
            return None
        if outcome:
            return _joined(outcome.failure, self.output_of(test))
        if not self.outcomes and self.last_test not in (None, test):
            return f"No result: the program {self.ending} in {self.last_test}."
        where = " in this test" if self.last_test == test else ""
        return _joined(
            f"No result: the program {self.ending}{where}.", self.output_of(test) or self.output, self.backtraces
        )

    def failure_of_ending(self) -> Optional[str]:
        """Why the end of the program is a failure; None when it is not."""
        if self.ended_as_expected:
            return None
        if not self.outcomes and self.last_test:
            return f"No result: the program {self.ending} in {self.last_test}."
        return _joined(f"The program {self.ending}.", self.output, self.backtraces)


def run_tests(command: List[object], folder: Path, environment: Dict[str, str], limit_s: float) -> Run:
    """Runs a program in `folder`, which has to be empty: cmocka does not replace a report."""
    report, output = folder / "cmocka.xml", folder / "output"
    environment = {**environment, "CMOCKA_MESSAGE_OUTPUT": "XML", "CMOCKA_XML_FILE": str(report)}
    start, cpu_start = time.monotonic(), _cpu_seconds()
    stopped_after_s, backtraces = None, ""
    with output.open("wb") as file:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            process.wait(limit_s)
        except subprocess.TimeoutExpired:
            stopped_after_s, backtraces = limit_s, _backtraces(process.pid)
        finally:
            _kill_group(process)
    return Run(
        status=process.returncode,
        output=output.read_text(encoding="utf-8", errors="replace"),
        seconds=time.monotonic() - start,
        cpu_seconds=_cpu_seconds() - cpu_start,
        stopped_after_s=stopped_after_s,
        backtraces=backtraces,
        outcomes=_read_report(report),
    )


def _read_report(report: Path) -> Dict[str, Outcome]:
    if not report.exists():
        return {}
    # cmocka copies messages as they are.
    text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", report.read_text(encoding="utf-8", errors="replace"))
    return {case.get("name", ""): _outcome(case) for case in ElementTree.fromstring(text).iter("testcase")}


def _outcome(case: ElementTree.Element) -> Outcome:
    failures = [failure.text or "no message" for failure in case if failure.tag in ("failure", "error")]
    return Outcome(
        seconds=float(case.get("time") or 0),
        failure="\n".join(failures) if failures else None,
        is_skipped=case.find("skipped") is not None,
    )


def _backtraces(pid: int) -> str:
    if not shutil.which("gdb"):
        return "No backtraces: gdb is not installed."
    command = ["gdb", "-p", str(pid), "-batch", "-ex", "thread apply all backtrace 20"]
    try:
        return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=_GDB_BOUND_S).stdout
    except subprocess.TimeoutExpired:
        return f"No backtraces: gdb did not end in {_GDB_BOUND_S} s."


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    """Kills the program and the children that it left behind."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _joined(*parts: Optional[str]) -> str:
    return "\n".join(_excerpt(part) for part in parts if part)


def _excerpt(text: str) -> str:
    lines = text.rstrip("\n").split("\n")
    if len(lines) <= _HEAD_LINES + _TAIL_LINES:
        return "\n".join(lines)
    left_out = len(lines) - _HEAD_LINES - _TAIL_LINES
    return "\n".join([*lines[:_HEAD_LINES], f"… {left_out} lines …", *lines[-_TAIL_LINES:]])

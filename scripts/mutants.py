#!/usr/bin/env python3
"""Applies each patch of Tests/mutants to a scratch copy of this checkout and runs the suite that must notice it.

    scripts/mutants.py [PATTERN]...

A patch is found when tests of its selection fail with it and pass without it. A patch that does not apply, a build
that fails and a run without tests are failures. PATTERN is a shell pattern or a part of a name.

The scratch copy, build/mutants/tree, has the tracked changes that are not committed yet, and stays for the next run.
AKOOL_LIB and AKOOL_SIMULATOR_BIN name the release library and the simulator when this checkout has not built them.
"""

from __future__ import annotations

import argparse
import fnmatch
import os
import shlex
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterable, List, NamedTuple, Optional, Sequence, Tuple

from testing.suites import TEST

ROOT = Path(__file__).resolve().parents[1]
PATCHES = ROOT / "Tests" / "mutants"
WORK = ROOT / "build" / "mutants"
TREE = WORK / "tree"
LOGS = WORK / "logs"
BUILD_BOUND_S = 3600
RUN_BOUND_S = 900


class Trouble(Exception):
    """A reason why a mutant or an unmutated run tells nothing."""


# Suites. Everything that depends on how a suite of scripts/run_tests.py is run is here.

SWIFT = "swift"


def folders(suite: str) -> List[str]:
    """Returns the folders of a suite of pytest."""
    found = [part for one in TEST if one.name == suite for part in one.command if part.startswith("Tests/")]
    return [part for part in found if part != "Tests/pytest.ini"]


def suite_command(suite: str, selection: Sequence[str], report: Path, stops_at_failure: bool) -> List[str]:
    """Returns the command that runs a selection of a suite and writes JUnit XML to a report file."""
    if suite == SWIFT:
        return ["swift", "test", "--skip-build", "--xunit-output", str(report), *selection]
    command = [sys.executable, "-m", "pytest", "-q", "-c", "Tests/pytest.ini", f"--junitxml={report}"]
    return command + (["-x"] if stops_at_failure else []) + list(selection or folders(suite))


def report_files(report: Path) -> List[Path]:
    """Returns the files that a run has written: `swift test` has one for XCTest and one for Swift Testing."""
    found = [report, report.with_name(f"{report.stem}-swift-testing{report.suffix}")]
    return [path for path in found if path.exists()]


# Patches.


@dataclass(frozen=True)
class Mutant:
    """One patch with its header lines."""

    path: Path
    suite: str
    selection: Tuple[str, ...]
    changed: Tuple[str, ...]

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def needs_swift(self) -> bool:
        return self.suite == SWIFT or any(path.startswith(("Sources/", "Package.swift")) for path in self.changed)

    @property
    def needs_simulator(self) -> bool:
        return any(path.startswith("simulator/") for path in self.changed)


def read_mutant(path: Path) -> Mutant:
    """Reads the header and the changed paths of a patch."""
    lines = path.read_text(encoding="utf-8").splitlines()
    header = dict(line.split(":", 1) for line in lines[: lines.index("")])
    changed = tuple(line[len("+++ b/") :] for line in lines if line.startswith("+++ b/"))
    suite = header["Suite"].strip()
    if suite != SWIFT and not folders(suite):
        raise SystemExit(f"{path}: Suite: {suite} is no suite")
    return Mutant(path, suite, tuple(shlex.split(header.get("Tests", ""))), changed)


def chosen_mutants(patterns: Iterable[str]) -> List[Mutant]:
    """Returns the mutants that match a pattern, or all."""
    wanted = [f"*{pattern}*" for pattern in patterns] or ["*"]
    paths = sorted(path for path in PATCHES.glob("*.patch") if any(fnmatch.fnmatch(path.stem, one) for one in wanted))
    return [read_mutant(path) for path in paths]


# The scratch tree.


def git(*arguments: object, folder: Path = TREE) -> str:
    """Runs git and returns its output."""
    command = ["git", "-C", str(folder), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Trouble(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"{command} failed")
    return done.stdout.strip()


def prepare_tree() -> None:
    """Brings the scratch tree to this checkout. Files that are as they were keep their times, and so their builds."""
    if not (TREE / ".git").exists():
        WORK.mkdir(parents=True, exist_ok=True)
        git("clone", "--quiet", "--shared", "--no-checkout", ROOT, TREE, folder=ROOT)
    base = git("stash", "create", folder=ROOT) or git("rev-parse", "HEAD", folder=ROOT)
    git("checkout", "--quiet", "--force", "--detach", base)
    git("clean", "--quiet", "-fd")


def reset_tree() -> None:
    git("reset", "--quiet", "--hard")
    git("clean", "--quiet", "-fd")


# Running.


class Step(NamedTuple):
    """The exit status and the seconds of a command."""

    code: int
    seconds: float


def run(command: Sequence[object], log: Path, bound_s: int, environment: Optional[Dict[str, str]] = None) -> Step:
    """Runs a command in the scratch tree; its output is added to a log."""
    start = time.monotonic()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=TREE,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = process.wait(bound_s)
        except subprocess.TimeoutExpired:
            raise Trouble(f"took longer than {bound_s} s; see {log}") from None
        finally:
            kill_group(process.pid)
            process.wait()
    return Step(code, time.monotonic() - start)


def kill_group(group: int) -> None:
    """Ends a command and the processes that it left."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass


def build_commands(mutant: Mutant) -> List[List[object]]:
    """Returns the commands that build, or check, the files that a mutant changes, and nothing else."""
    commands: List[List[object]] = []
    if mutant.needs_swift:
        commands.append(["swift", "build", "--build-tests"])
    if mutant.needs_simulator:
        commands.append(["swift", "build", "--package-path", "simulator"])
    if any(path.startswith("bindings/node/src/") for path in mutant.changed):
        commands.append(["scripts/build_node.sh"])
    for path in mutant.changed:
        if path.endswith(".py"):
            commands.append([sys.executable, "-m", "py_compile", path])
        elif path.endswith((".js", ".mjs")):
            commands.append(["node", "--check", path])
        elif path == "include/akool.h":
            commands.append(["gcc", "-fsyntax-only", "-x", "c", path])
        elif path == "include/akool.hpp":
            commands.append(["g++", "-std=c++17", "-Wall", "-Wextra", "-fsyntax-only", "-Iinclude", "-x", "c++", path])
    return commands


def build(mutant: Mutant, log: Path) -> None:
    for command in build_commands(mutant):
        if run(command, log, BUILD_BOUND_S).code != 0:
            raise Trouble(f"does not build; see {log}")


def environment(mutant: Mutant) -> Dict[str, str]:
    """Names the library and the simulator to test: those of the scratch tree if the mutant changes them."""
    library = os.environ.get("AKOOL_LIB") or ROOT / "build" / "lib" / "libakool.so.1"
    simulator = os.environ.get("AKOOL_SIMULATOR_BIN") or ROOT / "simulator" / ".build" / "debug" / "akool-simulator"
    if mutant.needs_swift:
        library = TREE / ".build" / "debug" / "libakool.so"
    if mutant.needs_simulator:
        simulator = TREE / "simulator" / ".build" / "debug" / "akool-simulator"
    return {"AKOOL_LIB": str(library), "AKOOL_SIMULATOR_BIN": str(simulator)}


class Outcome(NamedTuple):
    """The number of tests that ran and the names of those that failed."""

    count: int
    failed: List[str]


def read_report(report: Path) -> Outcome:
    """Reads JUnit XML. A fixture's error is no failed test."""
    cases = [case for path in report_files(report) for case in ElementTree.parse(path).iter("testcase")]
    failed = [f"{case.get('classname', '')}.{case.get('name')}" for case in cases if case.find("failure") is not None]
    return Outcome(len([case for case in cases if case.find("skipped") is None]), failed)


def run_tests(mutant: Mutant, log: Path, stops_at_failure: bool) -> Outcome:
    """Runs a mutant's selection on the tree as it is. Only a run of passed and failed tests is an outcome."""
    report = log.with_suffix(".xml")
    for path in report_files(report):
        path.unlink()
    command = suite_command(mutant.suite, mutant.selection, report, stops_at_failure)
    step = run(command, log, RUN_BOUND_S, environment(mutant))
    outcome = read_report(report)
    if outcome.count == 0:
        raise Trouble(f"ran no test, exit status {step.code}; see {log}")
    if step.code != (1 if outcome.failed else 0):
        raise Trouble(f"exit status {step.code} with {len(outcome.failed)} failed tests; see {log}")
    return outcome


# Judging.


def baseline_key(mutant: Mutant) -> Tuple[str, Tuple[str, ...], bool, bool]:
    return (mutant.suite, mutant.selection, mutant.needs_swift, mutant.needs_simulator)


def check_baseline(mutant: Mutant, log: Path) -> None:
    """Runs the selection without the patch: it must pass."""
    build(mutant, log)
    failed = run_tests(mutant, log, stops_at_failure=False).failed
    if failed:
        raise Trouble(f"{failed[0]} fails; see {log}")


def find(mutant: Mutant, log: Path) -> str:
    """Returns the name of the first test that fails with the patch."""
    try:
        git("apply", mutant.path)
    except Trouble as trouble:
        raise Trouble(f"does not apply: {trouble}") from None
    build(mutant, log)
    failed = run_tests(mutant, log, stops_at_failure=True).failed
    if not failed:
        raise Trouble("no test fails")
    return failed[0]


def fresh_log(name: str) -> Path:
    log = LOGS / f"{name}.log"
    log.unlink(missing_ok=True)
    return log


def run_baselines(mutants: Sequence[Mutant]) -> Dict[object, str]:
    """Runs each distinct selection without a patch. Returns the reasons of those that tell nothing."""
    failures: Dict[object, str] = {}
    done = set()
    for mutant in mutants:
        key = baseline_key(mutant)
        if key in done:
            continue
        done.add(key)
        start, text = time.monotonic(), f"without a patch: {mutant.suite} {' '.join(mutant.selection)}".rstrip()
        try:
            check_baseline(mutant, fresh_log(f"baseline-{len(done)}"))
        except Trouble as trouble:
            failures[key] = str(trouble)
            text = f"{text}: {trouble}"
        print(f"{'FAILED' if key in failures else 'passed':<7} {time.monotonic() - start:6.1f} s  {text}", flush=True)
    return failures


def judge(mutant: Mutant, unusable: Dict[object, str]) -> bool:
    """Runs one mutant and prints its line. True when it was found."""
    start = time.monotonic()
    is_found, text = False, unusable.get(baseline_key(mutant), "")
    try:
        if text:
            raise Trouble(f"without the patch: {text}")
        text = find(mutant, fresh_log(mutant.name))
        is_found = True
    except Trouble as trouble:
        text = str(trouble)
    finally:
        reset_tree()
    seconds = time.monotonic() - start
    print(f"{'found' if is_found else 'FAILED':<7} {seconds:6.1f} s  {mutant.name}: {text}", flush=True)
    return is_found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("patterns", nargs="*", metavar="PATTERN")
    mutants = chosen_mutants(parser.parse_args().patterns)
    if not mutants:
        print("no patch of Tests/mutants matches", file=sys.stderr)
        return 2
    LOGS.mkdir(parents=True, exist_ok=True)
    prepare_tree()
    unusable = run_baselines(mutants)
    failed = [mutant for mutant in mutants if not judge(mutant, unusable)]
    if failed:
        print("\nnot found:")
    for mutant in failed:
        print(f"  {mutant.path.relative_to(ROOT)}: {mutant.path.read_text().splitlines()[0]}")
    print(f"\nmutants: {len(mutants) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

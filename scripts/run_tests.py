#!/usr/bin/env python3
"""Runs a round of test suites side by side and closes with one line `N passed, N failed`.

    scripts/run_tests.py [--round test|check|nightly] [--part N] [--only NAME]... [--skip NAME]... [--list]

Each suite's output is in build/test-logs/NAME.log, its report in build/test-logs/NAME/*.xml; junit.xml there holds
all of them, and durations.json what took how long. The exit status is 1 if a test failed, a suite crashed, ran out of
time or ran no test, or a build failed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Dict, List, Optional, Sequence

from testing import junit, rounds
from testing.schedule import Job, Outcome, Schedule, critical_path
from testing.suites import BUILDS, EXCLUSIVE, LOADS, LOGS, REPORTS, ROOT, Build, Suite

TAIL_LINES = 40
FAILURES_SHOWN = 10
SLOWEST_SHOWN = 10


class Run:
    """One run of suites with the builds that they need."""

    def __init__(self, suites: Sequence[Suite], builds: Dict[str, Build], root: Path, logs: Path, cores: int) -> None:
        self._suites = {suite.name: suite for suite in suites}
        self._root, self._logs, self._cores = root, logs, cores
        self._before = _recorded(logs)
        self._builds = _needed(suites, builds)
        self._reports: Dict[str, junit.Report] = {}
        self._counts: Dict[str, junit.Counts] = {}

    def execute(self) -> int:
        """Runs everything, prints the report and returns the exit status."""
        jobs = [self._build_job(build) for build in self._builds] + [self._suite_job(s) for s in self._suites.values()]
        self._logs.mkdir(parents=True, exist_ok=True)
        for suite in self._suites:
            shutil.rmtree(self._logs / suite, ignore_errors=True)
            (self._logs / suite).mkdir()
        outcomes = Schedule(jobs, self._root, self._logs, self._cores, self._tell).run()
        junit.merge(self._reports, self._logs / "junit.xml")
        self._record(outcomes)
        return self._summarise(outcomes)

    def _build_job(self, build: Build) -> Job:
        expected = self._before.get(build.name, build.expected_s)
        load = min(LOADS[build.resource], self._cores)
        return Job(build.name, build.command, build.needs, load, expected_s=expected, limit_s=2400)

    def _suite_job(self, suite: Suite) -> Job:
        command = tuple(part.replace(REPORTS, str(self._logs / suite.name)) for part in suite.command)
        return Job(
            suite.name,
            command,
            suite.needs,
            min(LOADS[suite.resource], self._cores),
            suite.resource == EXCLUSIVE,
            self._before.get(suite.name, suite.expected_s),
            suite.limit_s,
            suite.environment,
        )

    def _tell(self, outcome: Outcome) -> None:
        """Prints one line on the end of a job, and the end of its log if it failed."""
        name = outcome.job.name
        times = f"{outcome.seconds:.0f} s (CPU {outcome.cpu_s:.0f} s)"
        if name in self._suites:
            report = self._reports[name] = junit.read(self._logs / name)
            self._counts[name] = report.counts
            outcome.trouble = outcome.trouble or _trouble(outcome, report)
            text = f"{name}: {report.counts}, {times}"
        else:
            text = f"{name}: {'built' if outcome.has_ended_well else 'not built'}, {times}"
        is_good = outcome.has_ended_well
        print(f"{'✓' if is_good else '✗'} {text} {outcome.trouble}".rstrip(), flush=True)
        if not is_good and outcome.seconds > 0:
            _print_tail(self._logs / f"{name}.log")

    def _record(self, outcomes: List[Outcome]) -> None:
        """Writes durations.json, from which the next run takes its order."""
        jobs = {
            o.job.name: {"wall_s": round(o.seconds, 1), "cpu_s": round(o.cpu_s, 1), "started_s": round(o.started, 1)}
            for o in outcomes
        }
        content = {
            "wall_s": round(max((o.ended for o in outcomes), default=0), 1),
            "cpu_s": round(sum(o.cpu_s for o in outcomes), 1),
            "cores": self._cores,
            "jobs": {**_all_recorded(self._logs), **jobs},
            "critical_path": [o.job.name for o in critical_path(outcomes)],
            "slowest_tests": [{"test": name, "s": round(seconds, 2)} for name, seconds in self._slowest()],
        }
        (self._logs / "durations.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")

    def _slowest(self) -> List[tuple]:
        timed = {name: report for name, report in self._reports.items() if self._suites[name].has_test_times}
        tests = [(f"{suite}: {name}", s) for suite, report in timed.items() for name, s in report.seconds.items()]
        return sorted(tests, key=lambda test: -test[1])[:SLOWEST_SHOWN]

    def _summarise(self, outcomes: List[Outcome]) -> int:
        width = max([len(o.job.name) for o in outcomes] + [5])
        print(f"\n{'':<{width}} {'passed':>7} {'failed':>7} {'skipped':>8} {'seconds':>8} {'CPU s':>7} {'at':>6}")
        for o in outcomes:
            c = self._counts.get(o.job.name)
            counts = f"{c.passed:>7} {c.failed:>7} {c.skipped:>8}" if c else f"{'build':>7} {'':>7} {'':>8}"
            times = f"{o.seconds:>8.1f} {o.cpu_s:>7.1f} {o.started:>6.0f}"
            print(f"{o.job.name:<{width}} {counts} {times} {o.trouble}".rstrip())
        print("\nslowest tests:")
        for name, seconds in self._slowest():
            print(f"{seconds:8.1f} s  {name}")
        path = " → ".join(f"{o.job.name} {o.seconds:.0f}" for o in critical_path(outcomes))
        wall, cpu = max((o.ended for o in outcomes), default=0), sum(o.cpu_s for o in outcomes)
        print(f"\ncritical path: {path}\n{wall:.0f} s, CPU {cpu:.0f} s, on {self._cores} cores")
        for name, report in self._reports.items():
            for test, message in list(report.failures.items())[:FAILURES_SHOWN]:
                print(f"FAILED {name}: {test}: {message[:200]}")
        total = sum(self._counts.values(), junit.Counts())
        total.failed += sum(1 for o in outcomes if not o.has_ended_well and not self._has_failed_tests(o))
        total.failed += 0 if self._suites else 1
        print(f"\n{total}", flush=True)
        return 1 if total.failed else 0

    def _has_failed_tests(self, outcome: Outcome) -> bool:
        """Tells a failure that tests stand for from one that has to be counted itself."""
        counts = self._counts.get(outcome.job.name)
        return counts is not None and counts.failed > 0 and not outcome.trouble


def _trouble(outcome: Outcome, report: junit.Report) -> str:
    if report.broken:
        return report.broken
    if report.counts.total == 0:
        return f"ran no test, exit status {outcome.status}"
    if outcome.status != 0 and report.counts.failed == 0:
        return f"exit status {outcome.status} though no test failed"
    return ""


def _print_tail(log: Path) -> None:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    print(f"  the end of {log}:")
    for line in lines[-TAIL_LINES:]:
        print("  | " + line[:300])


def _needed(suites: Sequence[Suite], builds: Dict[str, Build]) -> List[Build]:
    """Returns the builds that the suites need, directly or through another build."""
    names = {name for suite in suites for name in suite.needs}
    while True:
        more = {name for known in names for name in builds[known].needs} - names
        if not more:
            return [build for build in builds.values() if build.name in names]
        names |= more


def _all_recorded(logs: Path) -> Dict[str, dict]:
    try:
        return dict(json.loads((logs / "durations.json").read_text(encoding="utf-8"))["jobs"])
    except (OSError, ValueError, KeyError):
        return {}


def _recorded(logs: Path) -> Dict[str, float]:
    return {name: float(job["wall_s"]) for name, job in _all_recorded(logs).items()}


def main(arguments: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--round", choices=rounds.ROUNDS, default="test")
    parser.add_argument("--part", type=int, help="part of the nightly round; all parts when absent")
    parser.add_argument("--only", action="append", metavar="NAME", help="run this suite only; may be repeated")
    parser.add_argument("--skip", action="append", metavar="NAME", default=[], help="leave this suite out")
    parser.add_argument("--list", action="store_true", help="name the suites")
    options = parser.parse_args(arguments)
    suites = rounds.suites(options.round, options.part)
    unknown = set(options.only or []) | set(options.skip)
    unknown -= {suite.name for suite in suites}
    if unknown:
        parser.error(f"no suite is called {', '.join(sorted(unknown))}; see --list")
    chosen = [s for s in suites if (not options.only or s.name in options.only) and s.name not in options.skip]
    if options.list:
        for suite in chosen:
            print(f"{suite.name}: {suite.shows}\n    {' '.join(suite.command)}")
        return 0
    # A shell that starts this in the background ignores SIGINT, and the programs under test would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return Run(chosen, BUILDS, ROOT, LOGS, os.cpu_count() or 2).execute()


if __name__ == "__main__":
    sys.exit(main())

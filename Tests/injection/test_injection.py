"""Each C call that fails leaves calls, sessions, descriptors and threads as they should be."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Dict, Iterator, List, Optional

import pytest
from injection.functions import AREAS
from injection.points import SAMPLE, Failure, Known, Point, failures, known, sample
from injection.trial import Bench, Outcome, Programs

WORKLOADS = ("calls", "callbacks", "save", "inside")
ONLY = os.environ.get("AKOOL_INJECT_ONLY", "")
_AT_ONCE = int(os.environ.get("AKOOL_INJECT_AT_ONCE", "2"))
KNOWN = known()


class Benches:
    """Several benches, and the points of each workload."""

    def __init__(self, programs: Programs):
        self._free: "SimpleQueue[Bench]" = SimpleQueue()
        self._all = [Bench(programs) for _ in range(_AT_ONCE)]
        for bench in self._all:
            self._free.put(bench)
        self._points: Dict[str, List[Point]] = {}

    def close(self) -> None:
        for bench in self._all:
            bench.close()

    def points(self, workload: str) -> List[Point]:
        if workload not in self._points:
            self._points[workload] = self._all[0].record(workload)
        return self._points[workload]

    def run(self, workload: str, failure: Failure) -> Outcome:
        bench = self._free.get()
        try:
            return bench.run(workload, failure)
        finally:
            self._free.put(bench)

    def run_all(self, workload: str, found: List[Failure]) -> List[Outcome]:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(lambda failure: self.run(workload, failure), found))


@pytest.fixture(scope="session")
def benches(library, tmp_path_factory) -> Iterator[Benches]:
    made = Benches(Programs(tmp_path_factory.mktemp("injection")))
    yield made
    made.close()


def counted(points: int, outcomes: List[Outcome]) -> dict:
    kinds = Counter(kind for outcome in outcomes for kind in outcome.kinds)
    return {
        "points": points,
        "runs": len(outcomes),
        "not reached": sum(not outcome.is_reached for outcome in outcomes),
        "of Swift's memory, left out": sum(outcome.is_left_out for outcome in outcomes),
        "hangs": kinds["hang"] + kinds["late"],
        "deaths": kinds["death"],
        "leaks": kinds["leak"],
        "sessions lost": kinds["lost"],
        "requests astray": kinds["astray"],
        "other faults": kinds["stuck"] + kinds["untyped"] + kinds["twice"],
    }


def is_known(workload: str, failure: Failure) -> bool:
    return any(row.covers(workload, failure) for row in KNOWN)


def is_wanted(workload: str, failure: Failure) -> bool:
    return not ONLY or ONLY in (workload, f"{workload}:{failure.point.function}")


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("workload", WORKLOADS)
def test_library_survives_when_one_call_fails(workload, area, benches, rounds, record_property):
    found = [one for one in failures(benches.points(workload), area) if is_wanted(workload, one)]
    chosen = sample([one for one in found if not is_known(workload, one)], size(rounds))
    outcomes = benches.run_all(workload, chosen)
    record_property("injection", counted(len({one.point.hash for one in found}), outcomes))
    faulty = [str(outcome) for outcome in outcomes if outcome.faults]
    assert not faulty, f"{len(faulty)} of {len(outcomes)} runs failed\n" + "\n".join(faulty)


def size(rounds) -> Optional[int]:
    number = rounds(SAMPLE, 0)
    return number or None


def marked(row: Known):
    mark = pytest.mark.xfail(strict=row.is_certain, raises=AssertionError, reason=row.finding)
    return pytest.param(row, id=str(row), marks=mark)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("row", map(marked, KNOWN))
def test_known_failure_is_gone(row: Known, benches, record_property):
    """Ends with the first run that fails as the table says."""
    workloads = WORKLOADS if row.workload == "*" else (row.workload,)
    covered = [
        (workload, failure)
        for workload in workloads
        for area in AREAS
        for failure in failures(benches.points(workload), area)
        if row.covers(workload, failure)
    ]
    assert covered, "no point is covered: remove the row"
    outcomes = []
    for workload, failure in covered:
        outcomes.append(benches.run(workload, failure))
        if set(row.kinds) & set(outcomes[-1].kinds):
            break
    record_property("injection", counted(len({failure.point.hash for _, failure in covered}), outcomes))
    assert not set(row.kinds) & set(outcomes[-1].kinds), str(outcomes[-1])


def test_library_works_when_monotonic_clock_is_negative(benches):
    outcome = benches._all[0].run_with_clock("calls", 10_000_000)
    assert not outcome.faults, str(outcome)

"""Counts cases in batches, since each process under callgrind takes a second to start, and sums up at the end."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Iterator, List

import pytest
from complexity.cases import CASES
from complexity.measuring import Counts, Measurement, compiled, count

BATCH = 24
"""Number of cases that one process counts."""

_MEASUREMENTS = pytest.StashKey[List[Measurement]]()


class Counter:
    """Counts a case when a test asks for it, and the next cases of the round with it."""

    def __init__(self, program: Path, folder: Path, names: List[str], is_whole: bool, found: List[Measurement]):
        self.program = program
        self._folder = folder
        self._waiting = names
        self._is_whole = is_whole
        self._counts: Dict[str, Counts] = {}
        self._runs = 0
        self._found = found

    def measure(self, name: str) -> Measurement:
        if name in self._waiting:
            start = self._waiting.index(name)
            batch = self._waiting[start : start + BATCH]
            self._waiting = [other for other in self._waiting if other not in batch]
            self._count(batch)
        if name not in self._counts:
            self._count([name])
        measurement = self._measurement(name)
        if not measurement.is_linear:
            # Noise only adds: the less of two counts is nearer.
            first = self._counts[name]
            self._count([name])
            self._counts[name] = {size: min(first[size], self._counts[name][size]) for size in first}
            measurement = self._measurement(name)
        self._found.append(measurement)
        return measurement

    def _measurement(self, name: str) -> Measurement:
        case = CASES[name]
        return Measurement(name, *case.sizes(self._is_whole), self._counts[name], case.most)

    def _count(self, names: List[str]) -> None:
        self._runs += 1
        cases = {name: list(CASES[name].sizes(self._is_whole)) for name in names}
        self._counts.update(count(self.program, self._folder / str(self._runs), cases))


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return compiled(tmp_path_factory.mktemp("complexity"))


@pytest.fixture(scope="session")
def counter(
    request: pytest.FixtureRequest, program: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Counter]:
    parameters = [item.callspec.params for item in request.session.items if hasattr(item, "callspec")]
    names = [given["name"] for given in parameters if given.get("name") in CASES]
    found = request.config.stash.setdefault(_MEASUREMENTS, [])
    whole = request.config.getoption("--whole")
    yield Counter(program, tmp_path_factory.mktemp("counts"), names, whole, found)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found = config.stash.get(_MEASUREMENTS, [])
    if not found:
        return
    terminalreporter.section("complexity")
    ordered = sorted(found, key=lambda one: one.ratio, reverse=True)
    is_whole = config.getoption("--whole")
    for measurement in ordered:
        if is_whole or not measurement.is_linear:
            terminalreporter.write_line(str(measurement))
    linear = [one for one in ordered if one.is_linear]
    terminalreporter.write_line(
        f"{len(found)} cases counted at n and 4n, {len(linear)} are linear; the steepest of them:"
    )
    for measurement in linear[:3]:
        terminalreporter.write_line(str(measurement))

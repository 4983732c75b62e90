"""The points of a workload, and the runs in which they fail."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterable, List, Optional, Tuple

from injection.functions import AREAS, Error

SEED = 20
SAMPLE = 4
"""Runs of a workload and area in the reduced round."""
_TABLE = Path(__file__).resolve().parent / "known_failures.json"


@dataclass(frozen=True)
class Point:
    """A function and the stack from which it is called. The stack's hash changes with each build of the library."""

    hash: str
    function: str
    caller: str
    entry: str
    count: int
    stack: Tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.function} in {self.entry} of {self.caller}"


@dataclass(frozen=True)
class Failure:
    """One occurrence of a point that fails."""

    point: Point
    occurrence: int
    error: Error

    def __str__(self) -> str:
        return f"{self.point}, occurrence {self.occurrence} of {self.point.count}, error {self.error}"


@dataclass(frozen=True)
class Known:
    """Points that fail today.

    `entry` is the function of libcurl, jansson or SQLite that libakool calls. "*" means each. The kinds are the first
    words of `Outcome.faults`; one of them occurs. If `is_certain` is false, the failure depends on the moment.
    """

    workload: str
    function: str
    entry: str
    kinds: Tuple[str, ...]
    finding: str
    error: str = "*"
    is_certain: bool = True

    def covers(self, workload: str, failure: Failure) -> bool:
        return (
            self.workload in ("*", workload)
            and self.function == failure.point.function
            and self.entry in ("*", failure.point.entry)
            and self.error in ("*", str(failure.error))
        )

    def __str__(self) -> str:
        return f"{self.workload}-{self.function}-{self.entry}".replace("*", "each")


def read(report: Path) -> List[Point]:
    """Reads what the shim recorded, in an order that does not depend on addresses."""
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    points = [Point(**{**line, "stack": tuple(line["stack"])}) for line in lines]
    return sorted(points, key=lambda point: (point.function, point.caller, point.entry, -point.count, point.hash))


def failures(points: Iterable[Point], area: str) -> List[Failure]:
    """Each point of an area at its first, second and last occurrence, with each error."""
    errors = AREAS[area]
    return [
        Failure(point, occurrence, error)
        for point in points
        if point.function in errors
        for occurrence in sorted({1, min(2, point.count), point.count})
        for error in errors[point.function]
    ]


def sample(found: List[Failure], size: Optional[int]) -> List[Failure]:
    """A sample in which each function is as likely as the others, however many points it has."""
    if size is None or len(found) <= size:
        return found
    source = random.Random(SEED)
    by_function: Dict[str, List[Failure]] = {}
    for failure in found:
        by_function.setdefault(failure.point.function, []).append(failure)
    functions = sorted(by_function)
    source.shuffle(functions)
    return [source.choice(by_function[functions[i % len(functions)]]) for i in range(size)]


def known() -> List[Known]:
    return [Known(**{**row, "kinds": tuple(row["kinds"])}) for row in json.loads(_TABLE.read_text())]

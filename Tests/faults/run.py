#!/usr/bin/env python3
"""Runs the fault matrix and the storms; see `matrix` and `storm`. The last line counts: `faults: N passed, N failed`.

Tests/faults/run.py [--reduced] [--only TEXT] [--list]
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Dict, List, Tuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faults import matrix, storm  # noqa: E402
from faults.connections import KINDS  # noqa: E402
from faults.scripts import FAULTS  # noqa: E402
from support.akool_library import AkoolLibrary  # noqa: E402
from support.locations import MissingProduct, library_path  # noqa: E402

MIXED_CALLS = 10_000
OUTAGE_CALLS = 1_200


def main() -> int:
    arguments = _arguments()
    try:
        library = AkoolLibrary(library_path())
    except MissingProduct as error:
        print(error, file=sys.stderr)
        return 3
    wanted = matrix.reduced(library) if arguments.reduced else matrix.combinations(library)
    wanted = [combination for combination in wanted if arguments.only in str(combination)]
    if arguments.list:
        print("\n".join(map(str, wanted)))
        return 0
    return _run(library, wanted, arguments)


def _run(library: AkoolLibrary, wanted: List[matrix.Combination], arguments: argparse.Namespace) -> int:
    started = time.monotonic()
    misnamed = matrix.misnamed_kinds(library)
    for name in misnamed:
        print(f"WRONG {name}: the connection is of another kind")
    outcomes = matrix.run(library, wanted, lambda outcome: outcome.as_expected or print(f"WRONG {outcome}", flush=True))
    _report(outcomes, time.monotonic() - started)
    good = sum(outcome.as_expected for outcome in outcomes)
    print(f"{len(outcomes)} combinations, {good} as expected")
    calm, rough = (0, 0) if arguments.only else _storms(library)
    # An empty run proves nothing.
    failed = len(outcomes) - good + len(misnamed) + (not outcomes) + rough
    print(f"faults: {good + len(KINDS) - len(misnamed) + calm} passed, {failed} failed")
    return 1 if failed else 0


def _storms(library: AkoolLibrary) -> Tuple[int, int]:
    """How many storms were weathered, and how many not."""
    weather = storm.mixed(library, MIXED_CALLS)
    complaints = [storm.complaints_mixed(weather)]
    print(f"mixed faults: {weather}; {weather.charged} of {weather.creates} creates charged", flush=True)
    print(f"    the budget allows {weather.allowed_requests} requests; charged twice: {weather.doubly_charged}")
    for kind in storm.OUTAGES:
        seen = storm.outage(library, kind, OUTAGE_CALLS)
        complaints.append(storm.complaints_outage(seen))
        print(f"outage by {kind}: {seen.during}\n    after it: {seen.after}", flush=True)
    for text in [text for found in complaints for text in found]:
        print(f"WRONG {text}")
    return sum(not found for found in complaints), sum(bool(found) for found in complaints)


def _report(outcomes: List[matrix.Outcome], seconds: float) -> None:
    """One line for each class of operation."""
    classes: Dict[str, List[matrix.Outcome]] = {}
    for outcome in outcomes:
        classes.setdefault(outcome.combination.operation_class, []).append(outcome)
    print(f"{len(FAULTS)} faults, {len(KINDS)} kinds of connection, {seconds:.0f} s")
    for name, members in classes.items():
        good = sum(outcome.as_expected for outcome in members)
        names = dict.fromkeys(outcome.combination.operation.name for outcome in members)
        print(f"{name:<22}{len(members):>5} combinations,{good:>5} as expected   {', '.join(names)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="fault × operation × connection kind, against the simulator")
    parser.add_argument("--reduced", action="store_true", help="each fault and operation on one kind of connection")
    parser.add_argument("--only", default="", metavar="TEXT", help="combinations whose name contains this")
    parser.add_argument("--list", action="store_true", help="name the combinations and run none")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

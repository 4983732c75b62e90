"""Several processes on one ledger file with a limit of open sessions, one of them killed again and again."""

from __future__ import annotations

import json
import os
import random
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import List

from money.books import Books, Tariff
from money.programs import WORKER
from support.canary import CANARY_KEY
from support.simulator import Simulator

PROCESSES = 4
LIMIT = 20
_THREADS = "12"
# Time without kills in which a process must get its share.
_PATIENCE_S = 20
TARIFF = Tariff(10_000_000)


@dataclass
class Verdict:
    """What came of it."""

    kills: int
    most_open: int
    opened: List[int] = field(default_factory=list)
    complaints: List[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{PROCESSES} processes, {self.kills} kills, at most {self.most_open} open of {LIMIT}, sessions by process"
            f" {self.opened}: {'; '.join(self.complaints) or 'as it has to be'}"
        )


def run(seconds: int, seed: int = 1) -> Verdict:
    """Kills one process each second, and starts another in its place."""
    with tempfile.TemporaryDirectory(prefix="akool-gate-") as folder:
        options = {
            "credit": TARIFF.credit,
            "log_capacity": 2_000_000,
            "official_avatars_shared": True,
            "busy_after_close_s": 0,
            "close_takes_s": 0,
        }
        with Simulator("--api-key", CANARY_KEY, options=options) as simulator:
            return _run(simulator, Path(folder), seconds, random.Random(seed))


def _run(simulator: Simulator, folder: Path, seconds: int, chance: random.Random) -> Verdict:
    configuration = json.dumps(
        {
            "environment": False,
            "base_url": simulator.url,
            "api_key": CANARY_KEY,
            "timeout_ms": 30_000,
            "account": "ledger",
            "limits": {"open_sessions": LIMIT},
            "ledger": {"file": str(folder / "ledger.db")},
            "reconcile_settle_ms": 300,
            "reconcile_window_ms": 2_000,
        }
    )
    outputs: List[Path] = []

    def start(place: int) -> "subprocess.Popen[bytes]":
        outputs.append(folder / f"{place}.{len(outputs)}.out")
        with outputs[-1].open("wb") as output:
            seed = str(chance.randrange(1 << 20))
            # They hold sessions for longer than opening takes on a slow machine: else the limit is never contended.
            command = [str(WORKER), configuration, "1000000", _THREADS, seed, "wait", "linger"]
            return subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=dict(os.environ))

    processes = [start(place) for place in range(PROCESSES)]
    most = 0
    for _ in range(seconds):
        end = time.monotonic() + 1
        while time.monotonic() < end:
            most = max(most, simulator.books()["open_sessions"])
            time.sleep(0.01)
        victim = chance.randrange(PROCESSES)
        processes[victim].kill()
        processes[victim].wait()
        processes[victim] = start(victim)
    # On a busy machine a process may have been killed each time before its first session.
    patience = time.monotonic() + _PATIENCE_S
    while _starves(_opened(outputs)) and time.monotonic() < patience:
        time.sleep(0.1)
    for process in processes:
        process.kill()
        process.wait()
    books = Books.of(simulator.requests(), TARIFF)
    opened = _opened(outputs)
    verdict = Verdict(seconds, max(most, books.most_open()), opened)
    checks = {
        f"{verdict.most_open} sessions were open at once": verdict.most_open > LIMIT,
        f"the limit was never nearly reached ({verdict.most_open}): nothing is proven": verdict.most_open
        < LIMIT * 3 // 4,
        f"a process starved: {opened}": _starves(opened),
    }
    verdict.complaints = [text for text, is_wrong in checks.items() if is_wrong]
    return verdict


def _opened(outputs: List[Path]) -> List[int]:
    """Returns the number of sessions that each process has opened, in all its lives."""
    opened = [0] * PROCESSES
    for path in outputs:
        opened[int(path.name.split(".")[0])] += sum(
            line.startswith("opened ") for line in path.read_text().splitlines()
        )
    return opened


def _starves(opened: List[int]) -> bool:
    return min(opened) * 8 < max(opened)

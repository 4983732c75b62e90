"""Runs the child, bounds it, and judges from outside what it did: each rule that was broken, with the figure."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional

from support.loop_meter import Meter

FOLDER = Path(__file__).resolve().parent

DEADLINE_MS = 1500
CLOSE_TIMEOUT_MS = 700
# Calls to a healthy server: shorter than the others, so that a wait for the others shows.
HEALTHY_MS = 1000
HEALTHY_CALLS = 3
# How much later than its deadline a call may return, and a destroy than close_timeout_ms.
GRACE_S = 1.0
CANCELLED_WITHIN_S = 1.0
EXIT_WITHIN_S = CLOSE_TIMEOUT_MS / 1000 + GRACE_S
# Time of the opening call, of Python's start and of the calls of a healthy client, on a machine with other work.
START_BOUND_S = 20.0
KILL_AFTER_S = DEADLINE_MS / 1000 + 4.0 + EXIT_WITHIN_S
RESOLVER_THREADS = 4
_EXIT_HUNG = 70


@dataclass
class Observed:
    """Everything that is known of one child."""

    facts: List[dict]
    status: Optional[int]
    """Exit status; None when the child was killed."""
    exit_seconds: float
    meter: Meter
    stderr: str

    def of(self, key: str) -> List[dict]:
        return [fact for fact in self.facts if key in fact]

    @property
    def calls(self) -> List[dict]:
        return self.of("ended")

    def one(self, key: str) -> dict:
        return (self.of(key) or [{}])[0]


def run_child(spec: Dict[str, Any], environment: Dict[str, str], folder: Path) -> Observed:
    """Runs the script of `spec`; kills it when it takes longer than every bound allows."""
    meter, script = folder / "meter", folder / "spec.json"
    script.write_text(json.dumps(spec))
    variables = {**os.environ, **environment, **Meter.environment(meter)}
    with (folder / "stderr").open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", str(FOLDER / "child.py"), str(script)],
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )
    facts: List[dict] = []
    reader = threading.Thread(target=_read, args=(process, facts), daemon=True)
    reader.start()
    status, moment, ended = _wait(process, facts)
    reader.join(5)
    process.stdout.close()
    endings = [fact["at"] for fact in facts if "ending" in fact]
    text = (folder / "stderr").read_text(errors="replace")
    return Observed(facts, status, ended - endings[0] if endings else 0.0, Meter.read(meter, moment), text)


def _read(process: subprocess.Popen, facts: List[dict]) -> None:
    for line in process.stdout:
        facts.append({**json.loads(line), "at": time.monotonic()})


def _wait(process: subprocess.Popen, facts: List[dict]) -> tuple:
    until = time.monotonic() + START_BOUND_S
    attacked = False
    while True:
        if not attacked and any(fact.get("attacks") for fact in list(facts)):
            attacked, until = True, time.monotonic() + KILL_AFTER_S
        try:
            status: Optional[int] = process.wait(0.05)
            return status, time.monotonic_ns(), time.monotonic()
        except subprocess.TimeoutExpired:
            if time.monotonic() < until:
                continue
        moment = time.monotonic_ns()
        process.send_signal(signal.SIGKILL)
        process.wait()
        return None, moment, time.monotonic()


# The rules.


def broken_rules(seen: Observed, names: List[str], stall_ms: float, memory_mb: float, spares: List[str]) -> dict:
    """Every rule that was broken, by name, with what happened. `spares` names the calls that had to succeed."""
    broken = {
        "calls": _calls(seen, names),
        "cancel": _cancels(seen),
        "once": _once(seen),
        "typed": [_told(fact) for fact in seen.calls + seen.of("created") if not fact["typed"]],
        "others": [_told(call) for call in seen.calls if call["ended"] in spares and call["result"] != "OK"],
        "destroy": _destroys(seen),
        "crash": _crash(seen),
        "exit": _exit(seen),
        "threads": _threads(seen),
        "descriptors": seen.one("threads_left").get("descriptors_left", []),
        "memory": _memory(seen, memory_mb),
        "stall": [f"{seen.meter.stall_ms:.0f} ms"] if seen.meter.stall_ms > stall_ms else [],
        "resolvers": [str(seen.meter.most_resolving)] if seen.meter.most_resolving > RESOLVER_THREADS else [],
    }
    return {rule: found for rule, found in broken.items() if found}


def _told(fact: dict) -> str:
    name = fact.get("ended") or fact.get("created")
    return f"{name}: {fact['result']} after {fact['seconds']:.2f} s {fact.get('said', '')}".strip()


def _calls(seen: Observed, names: List[str]) -> List[str]:
    if not seen.of("attacks"):
        return []
    limit = DEADLINE_MS / 1000 + GRACE_S
    late = [_told(call) for call in seen.calls if call["seconds"] > limit and "cancelled" not in call["ended"]]
    missing = Counter(names) - Counter(call["ended"] for call in seen.calls)
    return late + [f"{name}: never returned" for name in missing]


def _threads(seen: Observed) -> List[str]:
    left = seen.one("threads_left").get("threads_left", [])
    resolvers = [name for name in left if name == "akool-dns"]
    return left if len(resolvers) < len(left) or len(resolvers) > RESOLVER_THREADS else []


def _memory(seen: Observed, limit_mb: float) -> List[str]:
    peak_mb = (
        max((fact["peak_kb"] for fact in seen.of("peak_kb")), default=0) - seen.one("start_kb")["start_kb"]
    ) / 1024
    return [f"{peak_mb:.0f} MB"] if peak_mb > limit_mb else []


def _once(seen: Observed) -> List[str]:
    twice = [call["ended"] for call in seen.calls if not call["once"]]
    told = [call for call in seen.calls if call["result"] == "callback"]
    called = seen.one("ending").get("callbacks", len(told))
    return twice + [f"{called} callbacks for {len(told)} calls"] * (called != len(told))


def _cancels(seen: Observed) -> List[str]:
    late = [call for call in seen.calls if "cancelled" in call["ended"] and call["seconds"] > CANCELLED_WITHIN_S]
    return [_told(call) for call in late]


def _destroys(seen: Observed) -> List[str]:
    if seen.status == _EXIT_HUNG:
        return ["did not return"]
    late = [fact for fact in seen.of("destroyed") if fact["seconds"] > CLOSE_TIMEOUT_MS / 1000 + GRACE_S]
    return [f"{fact['destroyed']}: {fact['seconds']:.2f} s" for fact in late]


def _crash(seen: Observed) -> List[str]:
    if seen.status in (0, None, _EXIT_HUNG):
        return []
    return [f"status {seen.status}: {seen.stderr[-1500:]}"]


def _exit(seen: Observed) -> List[str]:
    if seen.status is None:
        return ["killed: the process did not end"]
    return [f"{seen.exit_seconds:.2f} s"] if seen.exit_seconds > EXIT_WITHIN_S else []

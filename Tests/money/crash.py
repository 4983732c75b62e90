"""Kills a program again and again while it opens and closes sessions, then starts it once more and reads the books.

The books are those of `books`, from the request log alone.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from money.books import FOREIGN_HEADER, Books, Tariff
from money.programs import KILLER, WORKER
from support.canary import CANARY_KEY
from support.endpoints import SESSION_CLOSE, SESSION_CREATE
from support.simulator import Simulator

CREDIT = 10_000_000
# More than any round can ask for.
LOG_CAPACITY = 2_000_000
_LOST = [
    {"match": {"operation": "session.create", "chance": 0.06}, "fault": {"reset": "after_handling"}},
    {"match": {"operation": "session.create", "chance": 0.04}, "fault": {"reset": "before_handling"}},
    {
        "match": {"operation": "session.create", "chance": 0.03},
        "fault": {"reset": "before_handling", "handle_later_s": 1},
    },
    {"match": {"operation": "session.close", "chance": 0.05}, "fault": {"lost": True}},
    {"match": {"operation": "session.close", "chance": 0.05}, "fault": {"reset": "after_handling"}},
    {"match": {"operation": "session.detail", "chance": 0.05}, "fault": {"http_status": 502, "body": "<html>"}},
    {"match": {"operation": "session.list", "chance": 0.05}, "fault": {"reset": "before_handling"}},
]


@dataclass(frozen=True)
class Scenario:
    """A service, and a program on it. Where `is_certain`, everything that is lost can be told to be ours."""

    name: str
    options: Dict[str, object]
    tariff: Tariff
    configuration: Dict[str, object]
    has_own_room: bool = False
    has_foreign: bool = False
    is_certain: bool = True


_DOCUMENTED = {"official_avatars_shared": True, "busy_after_close_s": 0, "close_takes_s": 0}
# The assumptions of the profile, with shorter times: a round takes a fraction of a second.
_PESSIMISTIC = {
    "profile": "pessimistic",
    "concurrency_limit": 0,
    "list_lag_s": 1,
    "close_takes_s": 1,
    "busy_after_close_s": 1,
    "refund_delay_s": 2,
}
_QUICK = {"reconcile_settle_ms": 400, "reconcile_window_ms": 4_000, "close_timeout_ms": 500}
_PATIENT = {"reconcile_settle_ms": 2_500, "reconcile_window_ms": 5_000, "close_timeout_ms": 1_000}
_NORMAL = Tariff(CREDIT)
_MINUTES = Tariff(CREDIT, unit_s=60, close_takes_s=1, closable_after_s=2)

SCENARIOS: List[Scenario] = [
    Scenario(
        "documented, own rooms, a foreign client", _DOCUMENTED, _NORMAL, _QUICK, has_own_room=True, has_foreign=True
    ),
    Scenario("documented, the ledger's account", _DOCUMENTED, _NORMAL, {**_QUICK, "account": "ledger"}),
    Scenario("pessimistic, the ledger's account", _PESSIMISTIC, _MINUTES, {**_PATIENT, "account": "ledger"}),
    Scenario("pessimistic, a foreign client", _PESSIMISTIC, _MINUTES, _PATIENT, has_foreign=True, is_certain=False),
]


@dataclass
class Verdict:
    """What the books say in the end."""

    scenario: Scenario
    rounds: int
    sessions: int = 0
    foreign: int = 0
    complaints: List[str] = field(default_factory=list)
    # Sessions of lost creates that nobody can tell from a foreign client's; each was told as a candidate.
    uncertain: int = 0

    def __str__(self) -> str:
        uncertain = f", {self.uncertain} that nobody can tell from foreign ones ran out" if self.uncertain else ""
        told = "; ".join(self.complaints) or "as it has to be"
        sessions = f"{self.sessions} sessions of ours, {self.foreign} foreign{uncertain}"
        return f"{self.scenario.name}: {self.rounds} rounds, {sessions}: {told}"


class ForeignClient(threading.Thread):
    """Another program on the same account, which knows nothing of libakool."""

    def __init__(self, url: str):
        super().__init__(daemon=True)
        self._url = url
        self._stopping = threading.Event()

    def run(self) -> None:
        while not self._stopping.wait(0.1):
            session = self._post(SESSION_CREATE, {"avatar_id": "dvp_Tristan_cloth2_1080P", "duration": 300})
            if session and not self._stopping.wait(0.3):
                self._post(SESSION_CLOSE, {"id": session["_id"]})

    def stop(self) -> None:
        self._stopping.set()
        self.join()

    def _post(self, path: str, body: dict) -> Optional[dict]:
        headers = {"x-api-key": CANARY_KEY, "content-type": "application/json", FOREIGN_HEADER: "1"}
        request = urllib.request.Request(self._url + path, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return json.load(response).get("data")
        except (OSError, ValueError):
            return None  # a fault of the simulator's meets everybody


class Trial:
    """One scenario: its simulator, its ledger, and the program that is killed."""

    def __init__(self, scenario: Scenario, seed: int):
        self._scenario = scenario
        self._random = random.Random(seed)
        self._folder = tempfile.TemporaryDirectory(prefix="akool-crash-")
        options = {"credit": CREDIT, "log_capacity": LOG_CAPACITY, **scenario.options}
        self.simulator = Simulator("--api-key", CANARY_KEY, options=options)
        self.ledger = Path(self._folder.name) / "ledger.db"
        self.opened: List[str] = []

    def __enter__(self) -> "Trial":
        return self

    def __exit__(self, *_: object) -> None:
        self.simulator.stop()
        self._folder.cleanup()

    @property
    def configuration(self) -> str:
        return json.dumps(
            {
                "environment": False,
                "base_url": self.simulator.url,
                "api_key": CANARY_KEY,
                "timeout_ms": 15_000,
                "ledger": {"file": str(self.ledger)},
                **self._scenario.configuration,
            }
        )

    def run(self, rounds: int) -> Verdict:
        foreign = ForeignClient(self.simulator.url) if self._scenario.has_foreign else None
        if foreign:
            foreign.start()
        self.simulator.set_faults(*_LOST)
        for number in range(rounds):
            self.killed_round(number)
        self.simulator.clear_faults()
        output = self.restart()
        if foreign:
            foreign.stop()
        return self.verdict(rounds, output)

    def killed_round(self, number: int) -> None:
        """One life of the program: it ends at a step of its own, or at some moment."""
        has_steps = number % 2 == 0
        environment = {**os.environ, "LD_PRELOAD": str(KILLER), "KILL_AT_STEP": str(self._random.randrange(1, 400))}
        process = self._start("40", "2", environment if has_steps else dict(os.environ))
        timer = threading.Timer(5.0 if has_steps else self._random.uniform(0.005, 0.6), process.kill)
        timer.start()
        output, _ = process.communicate(timeout=60)
        timer.cancel()
        if process.returncode not in (-signal.SIGKILL, 0):
            raise AssertionError(f"the program ended with {process.returncode}: {output[-500:]}")
        self._note(output)

    def restart(self) -> str:
        """The program once more, left alone until nothing is left to do."""
        process = self._start("0", "0", dict(os.environ), "patient")
        output, _ = process.communicate(timeout=120)
        self._note(output)
        return output

    def _start(self, creates: str, threads: str, environment: Dict[str, str], *flags: str) -> "subprocess.Popen[str]":
        own = ("own-room",) if self._scenario.has_own_room else ()
        seed = str(self._random.randrange(1 << 20))
        return subprocess.Popen(
            [str(WORKER), self.configuration, creates, threads, seed, "cancel", *own, *flags],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _note(self, output: str) -> None:
        self.opened += [line.split()[1] for line in output.splitlines() if line.startswith("opened ")]

    def verdict(self, rounds: int, output: str) -> Verdict:
        log = self.simulator.requests()
        seen = self.simulator.books()
        books = Books.of(log, self._scenario.tariff)
        now = seen["now_ms"]
        verdict = Verdict(self._scenario, rounds, len(books.ours), len(books.sessions) - len(books.ours))
        open_now = books.open_at(now)
        if not self._scenario.is_certain:
            known = set(self.opened)
            verdict.uncertain = sum(session.id not in known for session in open_now)
            open_now = [session for session in open_now if session.id in known]
        difference = books.credit(now) - (seen["credit"] + seen["refund_pending"])
        checks: List[Tuple[bool, str]] = [
            ("settled" not in output.split(), f"the restarted program did not settle: {output[-300:]}"),
            (bool(open_now), f"{len(open_now)} sessions of ours are open: {[s.id for s in open_now][:5]}"),
            (bool(books.foreign_touched()), f"{len(books.foreign_touched())} foreign sessions were touched"),
            (abs(difference) > 1e-6, f"the credit is off by {difference:.6f}"),
            (rounds > 5 and not books.ours, "no session was ever opened: nothing is proven"),
            (self._scenario.has_foreign and not verdict.foreign, "the foreign client never had a session"),
        ]
        verdict.complaints = [text for is_wrong, text in checks if is_wrong]
        return verdict


def run(scenario: Scenario, rounds: int, seed: int = 1) -> Verdict:
    with Trial(scenario, seed) as trial:
        return trial.run(rounds)

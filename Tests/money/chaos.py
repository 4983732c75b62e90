"""Eight threads open, cancel and close sessions while a third of all requests meets a fault; nothing is restarted."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List

from money.books import Books, Tariff
from money.programs import WORKER
from support.canary import CANARY_KEY
from support.simulator import Simulator

THREADS = 8
CREDIT = 100_000_000
SHARE = 0.3
_PAGE = {"headers": {"content-type": "text/html"}, "body": "<html>Sorry</html>"}
# All of them can be recovered from: the service did nothing, or what it did can be found.
_KINDS: List[dict] = [
    {"http_status": 502, **_PAGE},
    {"http_status": 502, **_PAGE, "handled": True},
    {"http_status": 503, **_PAGE},
    {"http_status": 200, "body": ""},
    {"truncate_body": 12},
    {"delay_ms": 100},
    {"akool_code": 1215},
    {"reset": "before_handling"},
    {"reset": "after_handling"},
    {"reset": "before_handling", "handle_later_s": 1},
]
# A create that hangs ends with its deadline: nothing else can be known. So only what may be repeated hangs.
_HANGS = [
    {"match": {"operation": name, "chance": SHARE / 10}, "fault": {"hang": True}}
    for name in ("session.close", "session.detail", "session.list")
]
_LOST_CLOSE = {"match": {"operation": "session.close", "chance": 0.05}, "fault": {"lost": True}}
TARIFF = Tariff(CREDIT)


@dataclass
class Verdict:
    """What came of it."""

    calls: int
    seconds: float
    answers: "Counter[str]" = field(default_factory=Counter)
    sessions: int = 0
    surplus: int = 0
    longest_surplus_s: float = 0.0
    complaints: List[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """How many of the creates that nobody cancelled have a session."""
        wanted = self.calls - self.answers["CANCELLED"]
        return self.answers["opened"] / wanted if wanted else 0.0

    def __str__(self) -> str:
        answers = ", ".join(f"{count} {name}" for name, count in self.answers.most_common())
        return (
            f"{self.calls} creates in {self.seconds:.0f} s: {answers}; {self.share:.2%} of those not cancelled have a"
            f" session; {self.sessions} sessions, {self.surplus} of them surplus, the longest open for"
            f" {self.longest_surplus_s:.1f} s: {'; '.join(self.complaints) or 'as it has to be'}"
        )


def run(calls: int) -> Verdict:
    """One program, its threads, and the books at its end."""
    with tempfile.TemporaryDirectory(prefix="akool-chaos-") as folder:
        options = {
            "credit": CREDIT,
            "log_capacity": 5_000_000,
            "official_avatars_shared": True,
            "busy_after_close_s": 0,
            "close_takes_s": 0,
        }
        simulator = Simulator("--api-key", CANARY_KEY, options=options)
        try:
            chances = [SHARE / len(_KINDS) / (1 - SHARE * n / len(_KINDS)) for n in range(len(_KINDS))]
            rules = [{"match": {"chance": chance}, "fault": fault} for chance, fault in zip(chances, _KINDS)]
            simulator.set_faults(_LOST_CLOSE, *_HANGS, *rules)
            configuration = {
                "environment": False,
                "base_url": simulator.url,
                "api_key": CANARY_KEY,
                "timeout_ms": 20_000,
                "attempt_timeout_ms": 1_000,
                "max_attempts": 6,
                "account": "ledger",
                "reconcile_settle_ms": 1_500,
                "reconcile_window_ms": 5_000,
                "ledger": {"file": str(Path(folder) / "ledger.db")},
            }
            started = time.monotonic()
            process = subprocess.run(
                [str(WORKER), json.dumps(configuration), str(calls), str(THREADS), "1", "cancel", "patient"],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=90 + calls // 4,
            )
            verdict = Verdict(calls, time.monotonic() - started)
            simulator.clear_faults()
            _judge(verdict, process, simulator)
            return verdict
        finally:
            simulator.stop()


def _judge(verdict: Verdict, process: "subprocess.CompletedProcess[str]", simulator: Simulator) -> None:
    lines = [line.split() for line in process.stdout.splitlines() if line]
    opened = {line[1] for line in lines if line[0] == "opened"}
    verdict.answers = Counter({"opened": len(opened)})
    verdict.answers.update(line[1] for line in lines if line[0] == "refused")
    seen, books = simulator.books(), Books.of(simulator.requests(), TARIFF)
    now = seen["now_ms"]
    surplus = [session for session in books.ours if session.id not in opened]
    verdict.sessions, verdict.surplus = len(books.ours), len(surplus)
    verdict.longest_surplus_s = max(((s.ended_at(TARIFF) - s.opened_at) / 1000 for s in surplus), default=0.0)
    difference = books.credit(now) - (seen["credit"] + seen["refund_pending"])
    asked = {line[1] for line in lines if line[0] in ("closed", "open")}
    left = opened - asked
    still_open = books.open_at(now)
    # What the program left open on purpose may run out before it ends.
    never_closed = [session for session in books.never_closed() if session.id not in left]
    checks: Dict[str, bool] = {
        f"the program ended with {process.returncode}: {process.stdout[-300:]}": process.returncode != 0,
        "the client did not settle by itself": ["settled"] not in lines,
        f"{len(still_open)} sessions are open: {[s.id for s in still_open][:5]}": bool(still_open),
        f"{len(never_closed)} sessions were never closed": bool(never_closed),
        f"the credit is off by {difference:.6f}": abs(difference) > 1e-6,
        f"only {verdict.share:.2%} of the creates have a session": verdict.share < 0.99,
        "no surplus session ever came about: nothing is proven": verdict.calls > 100 and not surplus,
        f"{sum(verdict.answers.values())} outcomes": sum(verdict.answers.values()) != verdict.calls,
    }
    verdict.complaints = [text for text, is_wrong in checks.items() if is_wrong]

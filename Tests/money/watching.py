"""Watches very many sessions: what it costs in memory and requests, and how soon a change is noticed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import List

from support.canary import CANARY_KEY
from support.simulator import Simulator

AVATAR = "dvp_Tristan_cloth2_1080P"
_ENDED = 5
_WATCHER = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
from support.akool_client import AkoolClient
from support.akool_library import AkoolLibrary
from support.locations import library_path
settings = json.loads(sys.stdin.readline())
ids = json.loads(sys.stdin.readline())
client = AkoolClient(AkoolLibrary(library_path()), settings)
def memory():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1])
def take(count, seconds):
    found, end = [], time.monotonic() + seconds
    while len(found) < count and time.monotonic() < end:
        event = client.next_event(1000)
        if event and event["type"] == "session.ended":
            found.append((event["id"], time.time()))
    return found
few, rest = ids[:20], ids[20:]
client.call("session.watch", {"ids": few})
time.sleep(3)
before = memory()
client.call("session.watch", {"ids": rest})
print("watching", flush=True)
take(1, 3 + len(ids) * 0.005)
print(json.dumps({"kilobytes": memory() - before}), flush=True)
print(json.dumps(take(int(sys.argv[2]), 120)), flush=True)
"""


@dataclass
class Verdict:
    """What came of it."""

    sessions: int
    kilobytes: int = 0
    requests_per_s: float = 0.0
    delays_s: List[float] = field(default_factory=list)
    complaints: List[str] = field(default_factory=list)

    @property
    def promised_s(self) -> float:
        return 20 + 40 * self.sessions / 10_000

    def __str__(self) -> str:
        return (
            f"{self.sessions} sessions: {self.kilobytes * 1024 / self.sessions:.0f} B each,"
            f" {self.requests_per_s:.1f} requests a second, changes noticed after {max(self.delays_s, default=0):.1f} s"
            f" at most ({self.promised_s:.0f} s promised): {'; '.join(self.complaints) or 'as it has to be'}"
        )


def run(sessions: int) -> Verdict:
    """Ends some of the sessions from AKOOL's side and waits until each was told."""
    verdict = Verdict(sessions)
    options = {"official_avatars_shared": True, "busy_after_close_s": 0, "close_takes_s": 0, "credit": 100_000_000}
    with Simulator("--api-key", CANARY_KEY, options=options) as simulator:
        with ThreadPoolExecutor(8) as pool:
            opened = pool.map(lambda _: simulator.foreign_session(avatar_id=AVATAR, duration=3600), range(sessions))
            ids = [session["_id"] for session in opened]
        # Of younger sessions, which a lagging list may not have yet, the client does not ask for the detail.
        simulator.advance(60)
        settings = {"environment": False, "base_url": simulator.url, "api_key": CANARY_KEY}
        tests = str(Path(__file__).resolve().parents[1])
        watcher = subprocess.Popen(
            [sys.executable, "-c", _WATCHER, tests, str(_ENDED)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        watcher.stdin.write(json.dumps(settings) + "\n" + json.dumps(ids) + "\n")
        watcher.stdin.flush()
        assert watcher.stdout.readline() == "watching\n"
        first, start = simulator.last_request(), time.monotonic()
        verdict.kilobytes = json.loads(watcher.stdout.readline())["kilobytes"]
        ended = {}
        for place in range(_ENDED):
            session = ids[len(ids) * place // _ENDED + 7]
            simulator.end_foreign(session)
            ended[session] = time.time()
        told = dict(json.loads(watcher.stdout.readline()))
        verdict.requests_per_s = (simulator.last_request() - first) / (time.monotonic() - start)
        watcher.communicate(timeout=20)
        verdict.delays_s = [told[session] - at for session, at in ended.items() if session in told]
    checks = {
        f"{len(verdict.delays_s)} of {_ENDED} changes were noticed": len(verdict.delays_s) != _ENDED,
        f"noticed after {max(verdict.delays_s, default=0):.1f} s": max(verdict.delays_s, default=0)
        > verdict.promised_s,
        f"{verdict.requests_per_s:.1f} requests a second": verdict.requests_per_s > 6,
        f"{verdict.kilobytes} KB": verdict.kilobytes * 1024 / sessions > 2048 and sessions >= 10_000,
    }
    verdict.complaints = [text for text, is_wrong in checks.items() if is_wrong]
    return verdict

"""Many calls through bad weather: mixed faults, and an outage of everything with what comes after it."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, List

from support.akool_client import HANG_BOUND_S
from support.akool_library import AkoolLibrary
from support.canary import CANARY_KEY
from support.simulator import Simulator

WORKERS = 32
TIMEOUT_MS = 10_000
AVATAR = "dvp_Tristan_cloth2_1080P"
# The share of requests that meet a fault.
SHARE = 0.3
_PAGE = {"headers": {"content-type": "text/html"}, "body": "<html>Sorry</html>"}
_KINDS: List[Dict[str, Any]] = [
    {"http_status": 500, **_PAGE},
    {"http_status": 502, **_PAGE, "handled": True},
    {"http_status": 503, **_PAGE},
    {"http_status": 200, **_PAGE},
    {"http_status": 200, "body": ""},
    {"akool_code": 1104},
    {"akool_code": 1215},
    {"akool_code": 1218, "handled": True},
    {"data_null": True},
    {"truncate_body": 12},
    {"delay_ms": 200},
    {"reset": "before_handling"},
    {"reset": "after_handling"},
    {"hang": True},
]
# Each slows the client down for seconds: that is what it is for, and would be all that is measured.
_FEW = {"match": {"chance": 0.05, "times": 3}, "fault": {"akool_code": 1005}}
# What a client may spend on repeats, as the documents say it: so much at first, per success, and per repeat.
_BUDGET, _PER_SUCCESS, _PER_REPEAT = 500, 1, 5


@dataclass
class Weather:
    """What came of the calls of one storm."""

    calls: int
    seconds: float
    requests: int
    results: "Counter[str]" = field(default_factory=Counter)
    creates: int = 0
    charged: int = 0
    doubly_charged: int = 0
    unexplained_charges: int = 0
    hung: int = 0

    @property
    def allowed_requests(self) -> int:
        """What the budget allows at most."""
        return self.calls + (_BUDGET + _PER_SUCCESS * self.results["OK"]) // _PER_REPEAT

    @property
    def per_call(self) -> float:
        return self.requests / self.calls

    def __str__(self) -> str:
        results = ", ".join(f"{count} {name}" for name, count in self.results.most_common())
        counts = f"{self.calls} calls, {self.requests} requests ({self.per_call:.3f} a call)"
        return f"{counts}, {self.seconds:.1f} s: {results}"


@dataclass(frozen=True)
class Call:
    operation: str
    parameters: dict


def _mixture(count: int) -> List[Call]:
    """Reads, and one paid create in ten calls."""
    create = Call("session.create", {"avatar_id": AVATAR, "duration": 60})
    reads = [Call("account.credit", {}), Call("avatar.list", {"size": 5}), Call("avatar.detail", {"avatar_id": AVATAR})]
    return [create if n % 10 == 9 else reads[n % 3] for n in range(count)]


class Storm:
    """One client of one simulator, and calls from many threads."""

    def __init__(self, library: AkoolLibrary):
        self._library = library
        options = {"official_avatars_shared": True, "busy_after_close_s": 0}
        self.simulator = Simulator("--api-key", CANARY_KEY, "--credit", "1000000000", options=options)
        configuration = {"environment": False, "api_key": CANARY_KEY, "base_url": self.simulator.url}
        # Silent attempts are given up early and sessions left alone: the books are compared.
        configuration.update(attempt_timeout_ms=500, close_timeout_ms=0)
        # Lost creates are looked for in Tests/money; here they would be most of the time.
        configuration.update(reconcile_settle_ms=200, reconcile_window_ms=1000)
        result, self._client, error = library.client_create(configuration)
        assert result == 0, error

    def __enter__(self) -> "Storm":
        return self

    def __exit__(self, *_: Any) -> None:
        self._library.client_destroy(self._client)
        self.simulator.stop()

    def rain(self) -> None:
        """Faults of all kinds for a share of the requests. The rules are asked one after the other, so each later
        one gets what the earlier ones leave."""
        chances = [SHARE / len(_KINDS) / (1 - SHARE * n / len(_KINDS)) for n in range(len(_KINDS))]
        rules = [{"match": {"chance": chance}, "fault": fault} for chance, fault in zip(chances, _KINDS)]
        self.simulator.set_faults(_FEW, *rules)

    def fail_everything(self, fault: dict) -> None:
        self.simulator.set_faults({"match": {}, "fault": fault})

    def clear_up(self) -> None:
        self.simulator.clear_faults()

    def _requests(self, calls: List[Call], since: int) -> int:
        """Those of the calls themselves: looking for lost creates is no attempt of theirs."""
        names = {call.operation for call in calls}
        return sum(entry.get("operation") in names for entry in self.simulator.requests(since=since))

    def send(self, calls: List[Call]) -> Weather:
        """All of them, from many threads at once."""
        before, first = self.simulator.books(), self.simulator.last_request()
        results: "Counter[str]" = Counter()
        created: List[str] = []
        lost = [0]
        hung = [0]
        lock = threading.Lock()
        left = iter(list(calls))

        def work() -> None:
            while True:
                with lock:
                    call = next(left, None)
                if call is None:
                    return
                start = time.monotonic()
                options = {"timeout_ms": TIMEOUT_MS}
                result, text = self._library.call(self._client, call.operation.encode(), call.parameters, options)
                took = time.monotonic() - start
                reply = json.loads(text or "{}")
                with lock:
                    results[self._library.result_name(result)] += 1
                    hung[0] += took > TIMEOUT_MS / 1000 + HANG_BOUND_S
                    if call.operation == "session.create":
                        if result == 0:
                            created.append(reply["data"]["_id"])
                        elif _may_be_charged(reply):
                            lost[0] += 1

        start = time.monotonic()
        _run(work)
        weather = Weather(len(calls), time.monotonic() - start, self._requests(calls, first), results)
        known = {session["_id"] for session in before["sessions"]}
        opened = [s for s in self.simulator.books()["sessions"] if s["_id"] not in known and s["charged"] > 0]
        weather.creates = sum(call.operation == "session.create" for call in calls)
        weather.charged = len(opened)
        weather.doubly_charged = max(0, len(opened) - weather.creates) + len(created) - len(set(created))
        # Each charge is a session the caller has, or one the caller was told it may have.
        weather.unexplained_charges = max(0, len({s["_id"] for s in opened} - set(created)) - lost[0])
        weather.hung = hung[0]
        return weather


def _may_be_charged(reply: dict) -> bool:
    error = reply.get("error") or {}
    return error.get("code") == "OUTCOME_UNKNOWN" or (error.get("details") or {}).get("outcome") == "unknown"


def _run(work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# The two storms.

OUTAGES: Dict[str, dict] = {
    "HTTP 503": {"http_status": 503, **_PAGE},
    "resets": {"reset": "before_handling"},
    "silence": {"hang": True},
}


def mixed(library: AkoolLibrary, calls: int) -> Weather:
    """Calls of which a share meets a fault."""
    with Storm(library) as storm:
        storm.rain()
        return storm.send(_mixture(calls))


@dataclass(frozen=True)
class Outage:
    """Calls while nothing works, and the first ones after it."""

    during: Weather
    after: Weather


def outage(library: AkoolLibrary, kind: str, calls: int) -> Outage:
    """Nothing works, then everything works again."""
    with Storm(library) as storm:
        assert storm.send(_mixture(100)).results == {"OK": 100}
        storm.fail_everything(OUTAGES[kind])
        reads = [Call("account.credit", {})] * calls
        during = storm.send(reads)
        storm.clear_up()
        return Outage(during, storm.send(_mixture(100)))


def complaints_mixed(weather: Weather) -> List[str]:
    """What is not as it has to be after mixed faults."""
    return _complaints(
        {
            f"{weather.requests} requests, the budget allows {weather.allowed_requests}": weather.requests
            > weather.allowed_requests,
            f"{weather.doubly_charged} creates were charged twice": weather.doubly_charged > 0,
            f"{weather.unexplained_charges} charges the caller was not told of": weather.unexplained_charges > 0,
            f"{weather.hung} calls hung": weather.hung > 0,
            f"{sum(weather.results.values())} outcomes for {weather.calls} calls": sum(weather.results.values())
            != weather.calls,
            "no fault reached a caller": weather.results["OK"] == weather.calls,
            "hardly any call succeeded": weather.results["OK"] < weather.calls / 2,
            "nothing was charged": weather.charged == 0,
        }
    )


def complaints_outage(seen: Outage) -> List[str]:
    """What is not as it has to be after an outage."""
    during, after = seen.during, seen.after
    return _complaints(
        {
            f"{during.per_call:.3f} requests a call during the outage": during.per_call > 1.2,
            f"{during.results['OK']} calls succeeded during the outage": during.results["OK"] > 0,
            f"{during.hung} calls hung": during.hung > 0,
            f"after the outage: {after}": after.results != {"OK": after.calls},
            f"{after.seconds:.1f} s for {after.calls} calls after the outage": after.seconds > HANG_BOUND_S + 3,
        }
    )


def _complaints(found: Dict[str, bool]) -> List[str]:
    return [text for text, is_wrong in found.items() if is_wrong]

"""The faults of the matrix: what the simulator does to requests, and what the client is set to meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List

from support.canary import CANARY_CLIENT_ID, CANARY_CLIENT_SECRET

# Enough for two attempts, their connections and the wait between them, on a busy machine too.
DEADLINE_MS = 3000
# The deadline of calls that can only end by it.
SHORT_DEADLINE_MS = 1500
# Far from both: an answer that is late, but not too late.
DELAY_MS = 300
# The limit of one attempt where a silent attempt is to be given up long before the deadline.
ATTEMPT_LIMIT_MS = 400

# Between two bytes of a reply, which then takes its time but not the deadline.
DRIP_MS = 1
DRIP_DEADLINE_MS = 20_000
# A token can be minted anew, unlike a key.
_RENEWABLE = {"api_key": None, "client_id": CANARY_CLIENT_ID, "client_secret": CANARY_CLIENT_SECRET}

_HTML = {"content-type": "text/html"}
_PAGE = "<html><head><title>Sorry</title></head><body><h1>Something is wrong</h1></body></html>"


@dataclass(frozen=True)
class FaultScript:
    """One fault. Without a `fault` nothing goes wrong: the guard that a call alone is expected rightly."""

    name: str
    fault: Dict[str, Any] = field(default_factory=dict)
    timeout_ms: int = DEADLINE_MS
    configuration: Dict[str, Any] = field(default_factory=dict)
    # How many requests suffer it, one after the other.
    times: int = 1
    # How far the simulator's clock is moved when the call has ended.
    later_s: float = 0

    def rules(self, method: str, path: str) -> List[dict]:
        """For the simulator: the next requests to this endpoint suffer it, later ones do not."""
        if not self.fault:
            return []
        return [{"match": {"method": method, "path": path, "times": self.times}, "fault": self.fault}]


def _page(status: int, **more: Any) -> Dict[str, Any]:
    return {"http_status": status, "headers": _HTML, "body": _PAGE, **more}


_ALL = [
    FaultScript("none"),
    FaultScript("delay within the deadline", {"delay_ms": DELAY_MS}),
    FaultScript("HTTP 500", _page(500)),
    FaultScript("HTTP 502", _page(502)),
    FaultScript("HTTP 503", _page(503)),
    FaultScript("HTTP 429", _page(429)),
    FaultScript("HTTP 502 after handling", _page(502, handled=True)),
    FaultScript("code 1005", {"akool_code": 1005}),
    FaultScript("code 1101", {"akool_code": 1101}),
    FaultScript("token refused once", {"akool_code": 1101}, configuration=_RENEWABLE),
    FaultScript("token refused twice", {"akool_code": 1101}, configuration=_RENEWABLE, times=2),
    FaultScript("code 1104", {"akool_code": 1104}),
    FaultScript("code 1200", {"akool_code": 1200}),
    FaultScript("code 1215", {"akool_code": 1215}),
    FaultScript("not JSON", _page(200)),
    FaultScript("truncated body", {"truncate_body": 12}),
    FaultScript("slow drip", {"drip_ms": DRIP_MS}, timeout_ms=DRIP_DEADLINE_MS),
    FaultScript("reset before handling", {"reset": "before_handling"}),
    FaultScript("reset before handling, twice", {"reset": "before_handling"}, times=2),
    FaultScript("reset before handling, each time", {"reset": "before_handling"}, times=9),
    FaultScript("reset after handling", {"reset": "after_handling"}),
    FaultScript("handled seconds after the reset", {"reset": "before_handling", "handle_later_s": 5}, later_s=6),
    FaultScript("HTTP 503, each time", _page(503), times=9),
    FaultScript("hang until the deadline", {"hang": True}, timeout_ms=SHORT_DEADLINE_MS),
    FaultScript("hang of one attempt", {"hang": True}, configuration={"attempt_timeout_ms": ATTEMPT_LIMIT_MS}),
    FaultScript("data null", {"data_null": True}),
    FaultScript("empty body", {"http_status": 200, "body": ""}),
]

FAULTS: Dict[str, FaultScript] = {script.name: script for script in _ALL}

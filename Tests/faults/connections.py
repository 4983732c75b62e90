"""The kinds of connection a faulty request travels on, and the proof that they are what they are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List

from support.akool_client import AkoolClient
from support.akool_library import AkoolLibrary
from support.canary import CANARY_KEY
from support.simulator import Simulator

# How long the two calls of the proof overlap at least.
_OVERLAP_MS = 400


@dataclass(frozen=True)
class ConnectionKind:
    """Whether TLS, HTTP/2, and whether a harmless call has used the connection before."""

    name: str
    tls: bool
    http2: bool
    reused: bool

    def client(self, library: AkoolLibrary, simulator: Simulator, **more: Any) -> AkoolClient:
        configuration = {
            "environment": False,
            "api_key": CANARY_KEY,
            "base_url": simulator.url,
            "http_version": "auto" if self.http2 else "1.1",
            # What it opened goes with the simulator's next reset.
            "close_timeout_ms": 0,
            **more,
        }
        configuration = {name: value for name, value in configuration.items() if value is not None}
        if simulator.ca_file:
            configuration["ca_file"] = simulator.ca_file
        return AkoolClient(library, configuration)


KINDS: List[ConnectionKind] = [
    ConnectionKind("HTTP/1.1 fresh", tls=False, http2=False, reused=False),
    ConnectionKind("HTTP/1.1 reused", tls=False, http2=False, reused=True),
    ConnectionKind("HTTP/1.1 TLS fresh", tls=True, http2=False, reused=False),
    ConnectionKind("HTTP/1.1 TLS reused", tls=True, http2=False, reused=True),
    ConnectionKind("HTTP/2 fresh", tls=True, http2=True, reused=False),
    ConnectionKind("HTTP/2 reused", tls=True, http2=True, reused=True),
]


def shares_connection(kind: ConnectionKind, library: AkoolLibrary, simulator: Simulator) -> bool:
    """Whether two calls at a time use one connection, which only HTTP/2 can."""
    simulator.reset()
    with kind.client(library, simulator) as client:
        assert client.call("account.credit").ok, "the call before the proof failed"
        simulator.set_faults({"match": {"operation": "avatar.list"}, "fault": {"delay_ms": _OVERLAP_MS}})
        seen = simulator.last_request()
        for request in [client.submit("avatar.list"), client.submit("avatar.list")]:
            assert client.wait(request).ok, "a call of the proof failed"
        used: Dict[Any, int] = {entry["connection"]: entry["n"] for entry in simulator.requests(since=seen)}
        return len(used) == 1

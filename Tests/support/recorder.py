"""Stands between the library and the simulator and keeps every request and every answer as it was sent."""

from __future__ import annotations

import http.client
import threading
from dataclasses import dataclass
from typing import Any, Dict, List
from urllib.parse import urlsplit

from support.raw_connection import RawConnection, ReceivedRequest
from support.raw_server import RawServer

# Headers that concern one connection only.
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


@dataclass(frozen=True)
class Exchange:
    """One request with its answer."""

    request: ReceivedRequest
    status: int
    headers: Dict[str, str]
    body: bytes


class Recorder:
    """A plain HTTP server that hands every request on to `upstream`."""

    def __init__(self, upstream: str):
        self._host = urlsplit(upstream).netloc
        self._exchanges: List[Exchange] = []
        self._lock = threading.Lock()
        self._server = RawServer(default=self._forward)
        self.url = self._server.url

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, *_: Any) -> None:
        self._server.stop()

    def exchanges(self, start: int = 0) -> List[Exchange]:
        """What has passed, admin requests left out."""
        with self._lock:
            recorded = self._exchanges[start:]
        return [exchange for exchange in recorded if not exchange.request.path.startswith("/_simulator/")]

    def _forward(self, connection: RawConnection, request: ReceivedRequest) -> bool:
        upstream = http.client.HTTPConnection(self._host, timeout=30)
        try:
            headers = {name: value for name, value in request.headers.items() if name not in _HOP_BY_HOP}
            upstream.request(request.method, request.target, request.body or None, headers)
            response = upstream.getresponse()
            body = response.read()
            answered = {name.lower(): value for name, value in response.getheaders()}
        finally:
            upstream.close()
        with self._lock:
            self._exchanges.append(Exchange(request, response.status, answered, body))
        kept = {name: value for name, value in answered.items() if name not in _HOP_BY_HOP}
        connection.reply(response.status, body, kept)
        return True

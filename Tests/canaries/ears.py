"""Hears everything that a client says: replies, events, log records, statistics."""

from __future__ import annotations

import json
import threading
from typing import Any, Dict, List

from support.akool_client import AkoolClient, Reply

_EVERYTHING = 4


class Ears:
    """What the clients of a test said, by where it was said."""

    def __init__(self) -> None:
        self._said: Dict[str, List[str]] = {}
        self._lock = threading.Lock()

    def listen(self, client: AkoolClient) -> None:
        client.on_log(_EVERYTHING, lambda record: self.hear("log", record))
        client.on_status(self._hear_event)

    def hear_reply(self, reply: Reply) -> None:
        """What a call was asked for is its own affair; all else in its reply is not."""
        kept = {key: value for key, value in reply.json.items() if key != "data" or not reply.ok}
        self.hear("reply", kept)

    def hear(self, where: str, what: Any) -> None:
        with self._lock:
            self._said.setdefault(where, []).append(what if isinstance(what, str) else json.dumps(what))

    def text(self, where: str) -> str:
        with self._lock:
            return "\n".join(self._said.get(where, []))

    @property
    def everything(self) -> Dict[str, str]:
        with self._lock:
            return {where: "\n".join(lines) for where, lines in self._said.items()}

    def _hear_event(self, event: dict) -> None:
        reply = event.get("reply")
        if reply and "error" not in reply:
            event = {**event, "reply": {key: value for key, value in reply.items() if key != "data"}}
        self.hear("event", event)

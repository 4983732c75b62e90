"""The events of a client, for a loop."""

from __future__ import annotations

import time
from collections import deque
from types import TracebackType
from typing import TYPE_CHECKING, Deque, Iterator, Optional, Type

if TYPE_CHECKING:
    from ._sync import SyncConnection
    from .types import AkoolEvent


class EventStream(Iterator["AkoolEvent"]):
    """The events of a client from the moment it was made. One thread at a time may take them.

    When nobody takes them, the oldest beyond `max_events` are dropped, which a gap in `seq` shows.
    """

    def __init__(self, connection: "SyncConnection", timeout: Optional[float]) -> None:
        self._connection = connection
        self._timeout = timeout
        self._events: Deque["AkoolEvent"] = deque(maxlen=connection.max_events)
        self._is_done = False

    def __iter__(self) -> "EventStream":
        return self

    def __next__(self) -> "AkoolEvent":
        event = self.get(self._timeout)
        if event is None:
            raise StopIteration
        return event

    def get(self, timeout: Optional[float] = None) -> Optional["AkoolEvent"]:
        """The next event; None when none came within `timeout` seconds, or none will come any more."""
        end = None if timeout is None else time.monotonic() + timeout
        while not self._events and not self._is_done:
            left = None if end is None else end - time.monotonic()
            if left is not None and left < 0:
                break
            self._connection.pump_slice(left, lambda: bool(self._events) or self._is_done)
        try:
            return self._events.popleft()
        except IndexError:
            return None

    def close(self) -> None:
        """Takes no more events."""
        self.finish()
        self._events.clear()

    def __enter__(self) -> "EventStream":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], value: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    # For the connection.

    def push(self, event: "AkoolEvent") -> None:
        self._events.append(event)

    def finish(self) -> None:
        """No events come any more. Those that are here can still be taken."""
        self._is_done = True

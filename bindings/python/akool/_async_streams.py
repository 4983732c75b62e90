"""The events of an asynchronous client, for a loop."""

from __future__ import annotations

from asyncio import Future
from collections import deque
from types import TracebackType
from typing import TYPE_CHECKING, AsyncIterator, Deque, Optional, Type

if TYPE_CHECKING:
    from ._aio import AsyncConnection
    from .types import AkoolEvent


class AsyncEventStream(AsyncIterator["AkoolEvent"]):
    """The events of a client from the moment it was made.

    When nobody takes them, the oldest beyond `max_events` are dropped, which a gap in `seq` shows. A task that is
    cancelled while it waits loses no event.
    """

    def __init__(self, connection: "AsyncConnection") -> None:
        self._connection = connection
        self._events: Deque["AkoolEvent"] = deque(maxlen=connection.max_events)
        self._waiting: Deque["Future[None]"] = deque()
        self._is_done = False

    def __aiter__(self) -> "AsyncEventStream":
        return self

    async def __anext__(self) -> "AkoolEvent":
        while not self._events and not self._is_done:
            waiting = self._connection.watch().create_future()
            self._waiting.append(waiting)
            try:
                await waiting
            except BaseException:
                self._wake(1)  # if it was this one's turn, it is the next one's
                raise
        if not self._events:
            raise StopAsyncIteration
        if len(self._events) > 1:
            self._wake(1)
        return self._events.popleft()

    async def aclose(self) -> None:
        """Takes no more events."""
        self.finish()
        self._events.clear()

    async def __aenter__(self) -> "AsyncEventStream":
        return self

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], value: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        await self.aclose()

    # For the connection.

    def push(self, event: "AkoolEvent") -> None:
        self._events.append(event)
        self._wake(1)

    def finish(self) -> None:
        """No events come any more. Those that are here can still be taken."""
        self._is_done = True
        self._wake(len(self._waiting))

    def _wake(self, count: int) -> None:
        while count > 0 and self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done() and not waiting.get_loop().is_closed():
                waiting.set_result(None)
                count -= 1

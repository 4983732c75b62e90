"""What is behind an AsyncClient: requests as futures of the event loop, which watches the library's descriptor."""

from __future__ import annotations

import logging
import weakref
from asyncio import AbstractEventLoop, Future, Task, get_running_loop, shield
from contextvars import Context
from ctypes import byref, c_char_p, c_uint64
from typing import Any, Dict, Mapping, Optional, Set, Union

from . import _lifetime, _native
from ._async_streams import AsyncEventStream
from ._connection import Connection, lost_session
from ._replies import Reply, decode, error_of_reply, error_of_result, texts
from .errors import AkoolError, WrongThreadError

# How many events are handed out in one go, so that other work of the loop gets its turn.
_MAX_EVENTS = 512
OTHER_LOOP = "this AsyncClient belongs to another event loop, which is not closed; make one for each"

Waiting = Optional["Future[Reply]"]


class AsyncConnection(Connection):
    """Belongs to the event loop of its first call; when that loop is closed, to the next one.

    No lock, since everything happens on the loop's thread. The loop knows it weakly: who forgets a client can lose it.
    """

    _title = "akool.AsyncClient"

    def __init__(
        self,
        configuration: Optional[Mapping[str, Any]],
        settings: Dict[str, Any],
        logger: Union[logging.Logger, bool, None],
    ) -> None:
        self._loop: Optional[AbstractEventLoop] = None
        self._fd = -1
        # Request → who waits for it. None: nobody does any more.
        self._pending: Dict[int, Waiting] = {}
        self._told: Set[int] = set()
        self._streams: "weakref.WeakSet[AsyncEventStream]" = weakref.WeakSet()
        self._closing: Optional["Task[Reply]"] = None
        # Used for one call of C after the other.
        self._request, self._out = c_uint64(), c_char_p()
        self._request_at, self._out_at = byref(self._request), byref(self._out)
        super().__init__(configuration, settings, logger)

    # Requests.

    async def perform(
        self, operation: bytes, parameters: Dict[str, Any], options: Optional[Dict[str, Any]] = None
    ) -> Reply:
        loop = get_running_loop()
        if loop is not self._loop:
            self.adopt(loop)
        result = self._submit(operation, parameters, options)
        if result != _native.OK:
            raise self.error(result)
        request = self._request.value
        future: "Future[Reply]" = loop.create_future()
        self._pending[request] = future
        try:
            return await future
        except AkoolError:
            raise
        except BaseException:
            self._abandon(request, future)
            raise

    def _submit(self, operation: bytes, parameters: Dict[str, Any], options: Optional[Dict[str, Any]]) -> int:
        params_json, options_json, is_event = texts(operation, parameters, options)
        result: int = _native.submit(self._handle, operation, params_json, options_json, None, None, self._request_at)
        if is_event and result == _native.OK:
            self._told.add(self._request.value)
        return result

    def _abandon(self, request: int, future: "Future[Reply]") -> None:
        """The caller was cancelled. It is told at once; a session that is opened all the same is closed."""
        if request in self._pending:
            self._pending[request] = None
            future.cancel()
            _native.cancel(self._handle, request)
        elif future.done() and not future.cancelled() and future.exception() is None:
            self._close_lost(future.result())  # the reply came in the same turn of the loop

    def _close_lost(self, reply: Reply) -> None:
        session = lost_session(reply)
        if session is not None:
            self.submit_close(session)

    # The event loop.

    def adopt(self, loop: AbstractEventLoop) -> None:
        """Has the loop watch the library's descriptor."""
        handle = self.check()
        if self._loop is not None and not self._loop.is_closed():
            raise WrongThreadError(OTHER_LOOP)
        for request in self._pending:
            _native.cancel(handle, request)
        self._pending = dict.fromkeys(self._pending)
        self._fd = _native.event_fd(handle)
        # In a context of its own: the loop would keep the variables of the first caller.
        Context().run(loop.add_reader, self._fd, _on_readable, weakref.ref(self))
        self._loop = loop

    def take(self) -> None:
        """Hands out the events that are there. What is left makes the descriptor readable again."""
        next_event, free, handle, out, at = _native.next_event, _native.free, self._handle, self._out, self._out_at
        for _ in range(_MAX_EVENTS):
            if next_event(handle, 0, at) != _native.OK:
                return
            text = out.value
            if text is None:
                return
            free(out)
            event = decode(text.decode())
            if event["type"] == "reply":
                self._settle(event)
            else:
                self._publish(event)

    def _settle(self, event: Dict[str, Any]) -> None:
        request: int = event["request_id"]
        future = self._pending.pop(request, None)
        if future is None or future.done():
            self._close_lost(event["reply"])
        elif event["result"] == _native.OK:
            future.set_result(event["reply"])
        else:
            future.set_exception(error_of_reply(event["reply"]))
        if self._told and request in self._told:
            self._told.remove(request)
            self._publish(event)

    def _publish(self, event: Any) -> None:
        for stream in list(self._streams):
            stream.push(event)

    # Events.

    def events(self) -> AsyncEventStream:
        self.check()
        stream = AsyncEventStream(self)
        self._streams.add(stream)
        return stream

    def watch(self) -> AbstractEventLoop:
        """The loop that watches this client, which is the running one."""
        loop = get_running_loop()
        if loop is not self._loop:
            self.adopt(loop)
        return loop

    # The end.

    async def close(self) -> Reply:
        if self.is_forked:
            return {"closed": 0, "pending": []}  # the parent does that
        if self._closing is None:
            self._closing = get_running_loop().create_task(self._close())
        return await shield(self._closing)

    async def _close(self) -> Reply:
        has_closed = False
        try:
            reply = await self.perform(b"client.close", {})
            has_closed = not reply["data"]["pending"]
            return reply["data"]  # type: ignore[no-any-return]
        finally:
            self._let_go(has_closed)

    def _let_go(self, has_closed: bool) -> None:
        """Ends the native client, which takes no time when its sessions are closed; else it tries once more."""
        handle = self.check()
        self.take()
        if self._loop is not None:
            # The descriptor must leave the loop before it is closed: its number may be used again at once.
            self._loop.remove_reader(self._fd)
        self._handle = None
        if has_closed:
            _lifetime.destroy(handle)
        else:
            _lifetime.destroy_soon(handle)
        for future in self._pending.values():
            if future is not None and not future.done():
                future.set_exception(error_of_result(_native.SHUTTING_DOWN))
        self._pending.clear()
        for stream in list(self._streams):
            stream.finish()

    def _forget(self, handle: int) -> None:
        """The garbage collector may run anywhere, also on another thread."""
        if self._loop is not None and not self._loop.is_closed():
            try:
                self._loop.call_soon_threadsafe(_unwatch, self._loop, self._fd, handle)
                return
            except RuntimeError:
                pass  # closed in the meantime
        _lifetime.destroy_soon(handle)


def _on_readable(connection: "weakref.ref[AsyncConnection]") -> None:
    found = connection()
    if found is not None:
        found.take()


def _unwatch(loop: AbstractEventLoop, fd: int, handle: int) -> None:
    loop.remove_reader(fd)
    _lifetime.destroy_soon(handle)

"""What is behind a Client: requests that threads wait for, and the events that whoever waits hands out."""

from __future__ import annotations

import logging
import threading
import weakref
from collections import deque
from ctypes import byref, c_char_p
from typing import Any, Callable, Deque, Dict, Mapping, Optional, Tuple, Union

from . import _lifetime, _native
from ._call import SLICE_MS, Call
from ._connection import Connection, lost_session
from ._replies import Reply, decode
from ._streams import EventStream

# How many forgotten requests a new one looks at.
_TO_REAP = 16


class SyncConnection(Connection):
    _title = "akool.Client"
    unwatched = b'{"reply":"wait"}'

    def __init__(
        self,
        configuration: Optional[Mapping[str, Any]],
        settings: Dict[str, Any],
        logger: Union[logging.Logger, bool, None],
    ) -> None:
        self._streams: "weakref.WeakSet[EventStream]" = weakref.WeakSet()
        # Requests whose replies may come among the events.
        self._told: "weakref.WeakSet[Call]" = weakref.WeakSet()
        # Requests that nobody waits for: their replies must be taken all the same.
        self._forgotten: Deque[Tuple[int, bool]] = deque()
        self._pump = threading.Lock()
        self._news = threading.Condition()
        self._closing = threading.Lock()
        self._closed: Optional[Reply] = None
        super().__init__(configuration, settings, logger)

    # Requests.

    def submit(self, operation: bytes, parameters: Dict[str, Any], options: Optional[Dict[str, Any]] = None) -> Call:
        call = self._new_call(options)
        call.start(operation, parameters, options)
        return call

    def perform(self, operation: bytes, parameters: Dict[str, Any], options: Optional[Dict[str, Any]] = None) -> Reply:
        """Does a request. One that Ctrl-C, or whatever else is raised here, interrupts is cancelled."""
        call = self._new_call(options or parameters)
        try:
            call.start(operation, parameters, options)
            return call.result()
        except BaseException:
            call.abandon()
            raise

    def _new_call(self, options: Optional[Dict[str, Any]]) -> Call:
        self._reap()
        call = Call(self)
        if options and "reply" in options:  # before it is sent: its reply may be there at once
            with self._news:
                self._told.add(call)
        return call

    def forget(self, request: int, is_abandoned: bool) -> None:
        """Has the reply to a request taken some time. Of one that was abandoned no session shall stay open."""
        if self.is_open:
            self._forgotten.append((request, is_abandoned))

    def close_lost(self, session: str) -> None:
        request = self.submit_close(session)
        if request is not None:
            self.forget(request, False)

    def _reap(self) -> None:
        for _ in range(min(_TO_REAP, len(self._forgotten))):
            try:
                request, is_abandoned = self._forgotten.popleft()
            except IndexError:
                return  # another thread was quicker
            out = c_char_p()
            result = _native.wait(self._handle, request, 0, byref(out))
            text = _native.take(out)
            if text is None and result == _native.TIMEOUT:
                self._forgotten.append((request, is_abandoned))
            elif text is not None and is_abandoned:
                session = lost_session(decode(text))
                if session is not None:
                    self.close_lost(session)

    # Events.

    def events(self, timeout: Optional[float]) -> EventStream:
        self.check()
        if not self._streams:
            self.pump(0, lambda: False)  # what came before is not for this one
        stream = EventStream(self, timeout)
        with self._news:
            self._streams.add(stream)
        return stream

    def pump_slice(self, seconds: Optional[float], is_enough: Callable[[], bool]) -> None:
        left = SLICE_MS if seconds is None else min(SLICE_MS, int(seconds * 1000) + 1)
        self.pump(left, is_enough)

    def pump(self, timeout_ms: int, is_enough: Callable[[], bool]) -> None:
        """Waits so long for events and hands them out, unless another thread does that already."""
        self.refuse_fork()
        if not self._pump.acquire(blocking=False):
            with self._news:
                if not is_enough():
                    self._news.wait(timeout_ms / 1000)
            return
        try:
            while not is_enough() and self._take(timeout_ms):
                timeout_ms = 0
        finally:
            self._pump.release()
            with self._news:
                self._news.notify_all()

    def _take(self, timeout_ms: int) -> bool:
        """Hands out the next event, if there is one."""
        out, result = c_char_p(), _native.OK
        try:
            result = _native.next_event(self._handle, timeout_ms, byref(out))
        finally:  # also when Ctrl-C comes between the two
            text = _native.take(out)
            if text is not None:
                self._publish(decode(text))
        if result in _native.ENDED:
            self._finish_streams()
        elif result != _native.OK:
            raise self.error(result)
        return text is not None

    def _publish(self, event: Any) -> None:
        with self._news:
            streams, told = list(self._streams), list(self._told)
        for call in told:
            if event["type"] == "reply" and event["request_id"] == call.request_id:
                call.settle(event["reply"])
        for stream in streams:
            stream.push(event)

    def _finish_streams(self) -> None:
        with self._news:
            for stream in list(self._streams):
                stream.finish()
            self._news.notify_all()

    # The end.

    def close(self) -> Reply:
        if self.is_forked:
            return {"closed": 0, "pending": []}  # the parent does that
        with self._closing:
            if self._closed is None:
                self._closed = {"closed": 0, "pending": []}
                self._close()
            return self._closed

    def _close(self) -> None:
        handle, has_closed = self.check(), False
        try:
            self._closed = self.perform(b"client.close", {})["data"]
            has_closed = not self._closed["pending"]
        finally:
            with self._pump:  # loops shall have the last events too
                while self._streams and self._take(0):
                    pass
                self._handle = None
            self._finish_streams()
            # This takes no time when the sessions are closed; else it tries once more.
            if has_closed:
                _lifetime.destroy(handle)
            else:
                _lifetime.destroy_soon(handle)

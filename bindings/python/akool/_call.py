"""A request that somebody may wait for."""

from __future__ import annotations

import threading
import time
from ctypes import byref, c_char_p, c_uint64
from typing import TYPE_CHECKING, Any, Dict, Optional

from . import _native
from ._connection import lost_session
from ._replies import Reply, decode, error_of_reply, texts
from .errors import TimeoutError

if TYPE_CHECKING:
    from ._sync import SyncConnection

# Python sees Ctrl-C only between two calls of C: whoever waits does so in slices of this many milliseconds.
SLICE_MS = 100
# How long an interrupted caller stays for the reply to its cancel, which comes at once.
CANCEL_MS = 1000
_WAIT_OPTIONS = b'{"reply":"wait"}'


class Call:
    """A request that was sent with `client.submit`. Any thread may wait for it or cancel it.

    One that is dropped goes on; nobody hears how it ended.
    """

    def __init__(self, connection: "SyncConnection") -> None:
        self._connection = connection
        self._handle: Optional[int] = None
        self._request = c_uint64()
        self._reply: Optional[Reply] = None
        self._failure: Optional[int] = None
        self._lock = threading.Lock()
        self._is_event = False

    @property
    def request_id(self) -> int:
        """The number of the request, which events name."""
        return self._request.value

    def __repr__(self) -> str:
        return f"<akool.Call {self.request_id} {'done' if self._is_known else 'pending'}>"

    def done(self) -> bool:
        """Whether it has ended, well or not."""
        if not self._is_known:
            self._look(0)
        return self._is_known

    def cancel(self) -> None:
        """Ends it early, unless it has ended: `result` raises a RequestCancelledError then.

        What the server has done by then stays done; a session that a cancelled session.create has opened is closed.
        """
        result = _native.cancel(self._handle, self.request_id)
        if result not in (_native.OK, *_native.ENDED):
            raise self._connection.error(result)

    def result(self, timeout: Optional[float] = None) -> Reply:
        """Waits for the reply: its `data` and `meta`, and `raw` with that option. May be called again.

        Args:
            timeout: How long to wait, in seconds. None waits until the request ends, which it does by its own time-out.

        Raises:
            TimeoutError: It has not ended in this time; it goes on. Or its own time-out has passed.
            AkoolError: What else made it fail.
        """
        end = None if timeout is None else time.monotonic() + timeout
        while not self._is_known:
            left = SLICE_MS if end is None else min(SLICE_MS, int((end - time.monotonic()) * 1000))
            self._look(max(0, left))
            if left <= 0 and not self._is_known:
                raise TimeoutError(f"no reply within {timeout} s; the request goes on", retryable=True)
        if self._failure is not None:
            raise self._connection.error(self._failure)
        assert self._reply is not None
        if "error" in self._reply:
            raise error_of_reply(self._reply)
        return self._reply

    # For the client.

    def start(self, operation: bytes, parameters: Dict[str, Any], options: Optional[Dict[str, Any]]) -> None:
        result = self._submit(operation, parameters, options)
        if result != _native.OK:
            raise self._connection.error(result)

    def _submit(self, operation: bytes, parameters: Dict[str, Any], options: Optional[Dict[str, Any]]) -> int:
        params_json, options_json, self._is_event = texts(operation, parameters, options)
        if not self._is_event:
            options_json = _WAIT_OPTIONS if options_json is None else b'{"reply":"wait",' + options_json[1:]
        self._handle = self._connection.check()
        request = byref(self._request)
        result: int = _native.submit(self._handle, operation, params_json, options_json, None, None, request)
        return result

    def settle(self, reply: Reply) -> None:
        """Its reply came among the events."""
        self._reply = reply

    def abandon(self) -> None:
        """Nobody waits for it any more: it is cancelled, and a session that it has opened all the same closed."""
        if not self.request_id or self._failure is not None or not self._connection.is_open:
            return
        if self._reply is None:
            _native.cancel(self._handle, self.request_id)
            self._look(CANCEL_MS)
        session = lost_session(self._reply) if self._reply else None
        if session is not None:
            self._connection.close_lost(session)
        elif not self._is_known:
            self._connection.forget(self.request_id, True)
            self._failure = _native.TIMEOUT

    @property
    def _is_known(self) -> bool:
        return self._reply is not None or self._failure is not None

    def _look(self, timeout_ms: int) -> None:
        """Waits so long for the reply, or for another thread that does."""
        self._connection.refuse_fork()
        if self._is_event:
            self._connection.pump(timeout_ms, lambda: self._is_known)
            return
        if not self._lock.acquire(timeout=timeout_ms / 1000 if timeout_ms else 0):
            return
        try:
            if not self._is_known:
                self._wait(timeout_ms)
        finally:
            self._lock.release()

    def _wait(self, timeout_ms: int) -> None:
        out, result = c_char_p(), _native.TIMEOUT
        try:
            result = _native.wait(self._handle, self.request_id, timeout_ms, byref(out))
        finally:  # also when Ctrl-C comes between the two
            text = _native.take(out)
            if text is not None:
                self._reply = decode(text)
        if text is None and result != _native.TIMEOUT:
            self._failure = _native.SHUTTING_DOWN if result in _native.ENDED else result

    def __del__(self) -> None:
        request = getattr(self, "_request", None)
        if request and request.value and not self._is_known:
            self._connection.forget(request.value, False)

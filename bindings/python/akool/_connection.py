"""What is behind a client of either kind: its native handle, from the beginning to the end."""

from __future__ import annotations

import logging
import warnings
from ctypes import byref, c_char_p, c_uint64, c_void_p
from typing import Any, Dict, Mapping, Optional, Union

from . import _lifetime, _logs, _native
from ._base import AkoolError
from ._replies import Reply, decode, encode, error_of_reply, error_of_result
from .errors import BadHandleError, ForkedError

# As many events as the library itself keeps unless it is told otherwise.
MAX_EVENTS = 1024
CLOSED = "the client is closed; make a new one"
FORKED = "this client was made before a fork and is the parent's; make a new one in the child"


def open_handle(text: bytes) -> Union[int, AkoolError]:
    """A native client, or why there is none."""
    handle, out = c_void_p(), c_char_p()
    result = _native.create(text, byref(handle), byref(out))
    trouble = _native.take(out)
    if result == _native.OK and handle.value:
        return handle.value
    return error_of_reply(decode(trouble)) if trouble else error_of_result(result)


class Connection:
    """Lives as long as anything that belongs to the client does: methods, calls under way, loops over events."""

    _title = "akool client"
    # The options of a request whose reply nobody waits for.
    unwatched: Optional[bytes] = None

    def __init__(
        self,
        configuration: Optional[Mapping[str, Any]],
        settings: Dict[str, Any],
        logger: Union[logging.Logger, bool, None],
    ) -> None:
        self._handle: Optional[int] = None
        self._forks = _lifetime.forks()
        merged = {**(configuration or {}), **settings}
        found = merged.get("max_events")
        self.max_events = found if isinstance(found, int) and found > 0 else MAX_EVENTS
        opened = open_handle(encode(merged, "configuration"))
        # Neither this frame nor its caller's shall show keys in a traceback.
        merged.clear()
        settings.clear()
        del configuration
        if isinstance(opened, AkoolError):
            raise opened
        self._handle = opened
        _lifetime.add(opened)
        told = _logs.chosen(logger)
        if told is not None and not _lifetime.is_exiting():
            self._log_to(opened, told)

    @staticmethod
    def _log_to(handle: int, logger: logging.Logger) -> None:
        level = _logs.native_level(logger)
        if level > 0:
            callback = _logs.callback(logger)
            _lifetime.add(handle, callback)
            _native.set_log_callback(handle, level, callback, None)

    @property
    def is_open(self) -> bool:
        return self._handle is not None and not self.is_forked

    @property
    def is_forked(self) -> bool:
        return self._forks != _lifetime.forks()

    def refuse_fork(self) -> None:
        """To be asked before a lock of Python's is taken: another thread may have held it when the process forked."""
        if self.is_forked:
            raise ForkedError(FORKED)

    def check(self) -> int:
        """The handle, if it can be used."""
        self.refuse_fork()
        if self._handle is None:
            raise BadHandleError(CLOSED)
        return self._handle

    def error(self, result: int) -> AkoolError:
        """The error of a function of this client's."""
        if result == _native.BAD_HANDLE:
            return error_of_result(result, CLOSED)
        return error_of_result(result, FORKED if result == _native.FORKED else None)

    def submit_close(self, session: str) -> Optional[int]:
        """Has a session closed that nobody knows of: it was opened just as its caller stopped waiting."""
        request = c_uint64()
        parameters = encode({"id": session}, "id")
        result = _native.submit(self._handle, b"session.close", parameters, self.unwatched, None, None, byref(request))
        return request.value if result == _native.OK else None

    def __del__(self) -> None:
        handle = getattr(self, "_handle", None)
        if handle is None or self.is_forked or _lifetime.is_exiting():
            return
        warnings.warn(
            f"unclosed {self._title}: use `with`, or call close()", ResourceWarning, stacklevel=2, source=self
        )
        self._forget(handle)

    def _forget(self, handle: int) -> None:
        _lifetime.destroy_soon(handle)


def lost_session(reply: Reply) -> Optional[str]:
    """The session of a reply that nobody waited for any more, if it is one that was opened by it."""
    data = reply.get("data")
    if not isinstance(data, dict) or reply["meta"].get("operation") != "session.create":
        return None
    return str(data["_id"]) if "_id" in data else None

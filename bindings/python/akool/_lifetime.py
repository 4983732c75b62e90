"""The native clients that are open, and what becomes of them at the end of the process and after a fork."""

from __future__ import annotations

import _thread
import atexit
import os
import time
from typing import Dict

from . import _native

# Handle → what must live as long as the native client does: the function that is told its log records.
_open: Dict[int, object] = {}
# Those of which the library is letting go.
_telling: Dict[int, object] = {}
_GONE = object()
_LONGEST_S = 5.0
_forks = 0
_is_exiting = False


def forks() -> int:
    """Grows in each child: what was made before belongs to the parent."""
    return _forks


def is_exiting() -> bool:
    return _is_exiting


def add(handle: int, kept: object = None) -> None:
    _open[handle] = kept


def destroy(handle: int) -> None:
    """Closes the client's sessions within its bound and ends it. May be told twice, by any thread."""
    kept = _open.pop(handle, _GONE)
    if kept is _GONE:
        return
    if kept is not None:
        _telling[handle] = kept  # until the library has let go of it
    result = _native.destroy(handle)
    _telling.pop(handle, None)
    if result == _native.WRONG_THREAD:
        # By the thread that is telling a log record of this client: another one has to do it.
        _open[handle] = kept
        destroy_soon(handle)


def destroy_soon(handle: int) -> None:
    """The same without waiting, for where nobody may wait: the garbage collector, an event loop.

    A bare thread, since threading.Thread takes locks that whoever was interrupted may hold.
    """
    if handle in _open:
        try:
            _thread.start_new_thread(_destroy_silently, (handle,))
        except RuntimeError:
            pass  # the interpreter ends, and the library closes the client when the process does


def _destroy_silently(handle: int) -> None:
    """Nobody waits for this thread, and no record may be told when the interpreter has ended."""
    if _open.get(handle) is not None:
        _native.silence(handle)
    destroy(handle)


def _at_exit() -> None:
    """The library closes its clients, all at once, when the process ends. It must not need the interpreter for that."""
    global _is_exiting
    _is_exiting = True
    for handle, kept in list(_open.items()):
        if kept is not None:
            _native.silence(handle)
    end = time.monotonic() + _LONGEST_S
    while _telling and time.monotonic() < end:  # another thread is closing a client that logs
        time.sleep(0.01)


def _in_child() -> None:
    global _forks
    _forks += 1
    _open.clear()
    _telling.clear()


atexit.register(_at_exit)
os.register_at_fork(after_in_child=_in_child)

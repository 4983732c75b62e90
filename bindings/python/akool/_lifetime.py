"""The native clients that are open, and what becomes of them at the end of the process and after a fork."""

from __future__ import annotations

import _thread
import atexit
import os
from typing import Dict

from . import _native

# Handle → what must live as long as the native client does: the function that is told its log records.
_open: Dict[int, object] = {}
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
    try:
        kept = _open.pop(handle)
    except KeyError:
        return
    if _native.destroy(handle) == _native.WRONG_THREAD:
        # By the thread that is telling a log record of this client: another one has to do it.
        _open[handle] = kept
        destroy_soon(handle)
    del kept  # not before the library has let go of it


def destroy_soon(handle: int) -> None:
    """The same without waiting, for where nobody may wait: the garbage collector, an event loop.

    A bare thread, since threading.Thread takes locks that whoever was interrupted may hold.
    """
    if handle in _open:
        try:
            _thread.start_new_thread(destroy, (handle,))
        except RuntimeError:
            pass  # the interpreter ends: the exit handlers do it


def _at_exit() -> None:
    """All clients begin to close their sessions before the first is waited for. Afterwards no thread of the library's
    needs the interpreter any more.
    """
    global _is_exiting
    _is_exiting = True
    for handle in list(_open):
        _native.submit(handle, b"client.close", None, None, None, None, None)
    for handle in list(_open):
        destroy(handle)


def _in_child() -> None:
    global _forks
    _forks += 1
    _open.clear()


atexit.register(_at_exit)
os.register_at_fork(after_in_child=_in_child)

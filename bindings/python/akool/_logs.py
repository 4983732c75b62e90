"""The library's log records, which hold no secrets, as records of Python's logging."""

from __future__ import annotations

import json
import logging
import os
import threading
from typing import Any, Optional, Union

from . import _native

NAME = "akool"
# The library's levels and Python's.
_LEVELS = {1: logging.ERROR, 2: logging.WARNING, 3: logging.INFO, 4: logging.DEBUG}


# Held while a record is written. Handlers and their streams have locks, and Python renews only some of them in a child:
# one that is forked meanwhile would wait forever.
_writing = threading.RLock()
# A handler that waits for the forking thread must not stop it.
_FORK_PATIENCE_S = 1.0
_forking = threading.local()


def _before_fork() -> None:
    _forking.has_lock = _writing.acquire(timeout=_FORK_PATIENCE_S)


def _after_fork_in_parent() -> None:
    if _forking.has_lock:
        _writing.release()


def _after_fork_in_child() -> None:
    global _writing
    _writing = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)


def chosen(logger: Union[logging.Logger, bool, None]) -> Optional[logging.Logger]:
    """The logger to tell. When nobody names one, the logger `akool` is told if somebody has given it a level."""
    if isinstance(logger, logging.Logger):
        return logger
    own = logging.getLogger(NAME)
    if logger is None:
        return own if own.level != logging.NOTSET else None
    return own if logger else None


def native_level(logger: logging.Logger) -> int:
    """The least important level of the library that a logger lets pass."""
    return max((level for level, python in _LEVELS.items() if logger.isEnabledFor(python)), default=0)


def callback(logger: logging.Logger) -> Any:
    """What the library calls, on its own thread, with each record."""

    def tell(_client: int, level: int, text: bytes, _data: int) -> None:
        record = json.loads(text)
        rest = {name: value for name, value in record.items() if name not in ("at", "level", "message")}
        message = record.get("message", "")
        arguments = (message, json.dumps(rest, ensure_ascii=False)) if rest else (message,)
        with _writing:
            logger.log(
                _LEVELS.get(level, logging.DEBUG),
                " ".join(["%s"] * len(arguments)),
                *arguments,
                extra={"akool": record},
            )

    return _native.LOG_CALLBACK(tell)

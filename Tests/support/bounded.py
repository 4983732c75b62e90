"""Calls that must return: one that does not fails its test instead of stopping the run."""

from __future__ import annotations

import threading
from typing import Any, Callable


class Hung(AssertionError):
    """A call has not returned within its bound; its thread is left behind."""


def bounded(seconds: float, function: Callable[..., Any], *arguments: Any) -> Any:
    """The result of `function(*arguments)`, run on another thread for at most `seconds`."""
    box: list = []

    def run() -> None:
        try:
            box.append((function(*arguments), None))
        except BaseException as error:  # handed to the caller below
            box.append((None, error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if not box:
        raise Hung(f"{getattr(function, '__name__', function)} has not returned after {seconds:.1f} s")
    result, error = box[0]
    if error is not None:
        raise error
    return result

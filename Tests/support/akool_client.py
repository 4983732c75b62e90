"""A client of the library as tests use it: Python values in, `Reply` out, nothing waits for ever."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any, Callable, List, Optional

from support.akool_library import LOG_CALLBACK, STATUS_CALLBACK, AkoolLibrary
from support.bounded import bounded

# A call's own deadline, when a test does not give one.
DEFAULT_TIMEOUT_MS = 10_000
# How much later than its deadline a call may return before it counts as hung.
HANG_BOUND_S = 2.0


@dataclass(frozen=True)
class Reply:
    """A reply: the returned code and the JSON, and how long the caller waited."""

    result: str
    json: Any
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return self.result == "OK"

    @property
    def data(self) -> Any:
        return self.json["data"]

    @property
    def error(self) -> dict:
        return self.json["error"]

    @property
    def meta(self) -> dict:
        return self.json["meta"]

    @property
    def told(self) -> str:
        """All that the reply tells a person."""
        return " ".join(str(self.error.get(key) or "") for key in ("message", "hint"))


class ClientNotCreated(Exception):
    """`akool_client_create` refused; `error` is the JSON it gave."""

    def __init__(self, result: str, reply: Optional[dict]):
        super().__init__(f"{result}: {json.dumps(reply)}")
        self.result = result
        self.reply = Reply(result, reply)


@dataclass
class AkoolClient:
    """One client handle. Close it with `destroy`, or use it in a `with` statement."""

    library: AkoolLibrary
    configuration: Any
    handle: Optional[int] = None
    _callbacks: List[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        result, handle, error = bounded(HANG_BOUND_S + 3, self.library.client_create, self.configuration)
        if result != 0:
            raise ClientNotCreated(self.library.result_name(result), json.loads(error) if error else None)
        self.handle = handle

    def __enter__(self) -> "AkoolClient":
        return self

    def __exit__(self, *_: Any) -> None:
        self.destroy()

    def destroy(self, within_s: float = 10.0) -> str:
        handle, self.handle = self.handle, None
        result = bounded(within_s, self.library.client_destroy, handle)
        self._callbacks.clear()
        return self.library.result_name(result)

    def call(self, operation: str, parameters: Any = None, **options: Any) -> Reply:
        """`akool_call`; fails the test when it outlives its deadline by the hang bound."""
        options.setdefault("timeout_ms", DEFAULT_TIMEOUT_MS)
        limit = options["timeout_ms"] / 1000 + HANG_BOUND_S
        start = time.monotonic()
        result, text = bounded(limit, self.library.call, self.handle, operation.encode(), parameters, options)
        return self._reply(result, text, time.monotonic() - start)

    def submit(self, operation: str, parameters: Any = None, **options: Any) -> int:
        """`akool_submit` without a callback; the reply is kept for `wait`."""
        options.setdefault("timeout_ms", DEFAULT_TIMEOUT_MS)
        options.setdefault("reply", "wait")
        result, request = self.library.submit(self.handle, operation.encode(), parameters, options)
        assert result == 0, f"akool_submit: {self.library.result_name(result)}"
        return request

    def submit_as_is(self, operation: str, parameters: Any, options: Any) -> str:
        """`akool_submit` with whatever is given; the reply, if any, becomes an event."""
        return self.library.result_name(self.library.submit(self.handle, operation.encode(), parameters, options)[0])

    def wait(self, request: int, within_ms: int = DEFAULT_TIMEOUT_MS + 2000) -> Reply:
        start = time.monotonic()
        result, text = bounded(within_ms / 1000 + HANG_BOUND_S, self.library.wait, self.handle, request, within_ms)
        return self._reply(result, text, time.monotonic() - start)

    def cancel(self, request: int) -> str:
        return self.library.result_name(self.library.cancel(self.handle, request))

    def next_event(self, timeout_ms: int = 0) -> Optional[dict]:
        result, text = bounded(timeout_ms / 1000 + HANG_BOUND_S, self.library.next_event, self.handle, timeout_ms)
        assert result == 0, f"akool_client_next_event: {self.library.result_name(result)}"
        return json.loads(text) if text else None

    def waiting_events(self) -> List[dict]:
        """All events that wait now."""
        events = []
        while True:
            event = self.next_event(0)
            if event is None:
                return events
            events.append(event)

    def on_status(self, handler: Callable[[dict], None]) -> None:
        callback = STATUS_CALLBACK(lambda _client, text, _data: handler(json.loads(text)))
        self._callbacks.append(callback)
        assert self.library.set_status_callback(self.handle, callback) == 0

    def on_log(self, level: int, handler: Callable[[dict], None]) -> None:
        callback = LOG_CALLBACK(lambda _client, _level, text, _data: handler(json.loads(text)))
        self._callbacks.append(callback)
        assert self.library.set_log_callback(self.handle, level, callback) == 0

    def _reply(self, result: int, text: Optional[str], seconds: float) -> Reply:
        return Reply(self.library.result_name(result), json.loads(text) if text else None, seconds)

"""What every failed reply owes its reader, and what every call owes the calls beside it."""

from __future__ import annotations

import json
import re
import time
from typing import Any, Iterable, Union

from support.akool_client import HANG_BOUND_S, AkoolClient, Reply

# Longer than any healthy call on loopback takes, even on a loaded machine; far shorter than a stalled one.
UNDISTURBED_S = 1.5
# What is wrong with an argument is also what to do about it, and the caller knows about his own doing.
SELF_EXPLAINING = {"INVALID_ARGUMENT", "CANCELLED", "SHUTTING_DOWN"}


def assert_failed(reply: Reply, code: Union[str, Iterable[str]], *words: str, secrets: Iterable[str] = ()) -> None:
    """The reply failed with this code (or one of these), says why and what to do, and gives no secret away."""
    codes = {code} if isinstance(code, str) else set(code)
    assert reply.result in codes, reply
    assert reply.json is not None, reply
    error = reply.error
    assert error["code"] == reply.result, error
    assert error["message"].strip(), error
    assert reply.result in SELF_EXPLAINING or (error.get("hint") or "").strip(), f"no hint what to do: {error}"
    assert isinstance(error["retryable"], bool), error
    told = reply.told.lower()
    missing = [word for word in words if word.lower() not in told]
    assert not missing, f"{missing} not in: {reply.told}"
    text = json.dumps(reply.json)
    for secret in secrets:
        assert secret not in text, text


def assert_outcome_unknown(reply: Reply, *codes: str, secrets: Iterable[str] = ()) -> None:
    """OUTCOME_UNKNOWN; or one of these codes, with word that the request may have had an effect."""
    assert_failed(reply, ("OUTCOME_UNKNOWN", *codes), secrets=secrets)
    assert reply.error["retryable"] is False, reply.error
    assert re.search("may have been handled|may be open|opens a session", reply.told), reply.told
    if reply.result != "OUTCOME_UNKNOWN":
        assert reply.error["details"]["outcome"] == "unknown", reply.error


def assert_by_deadline(reply: Reply, timeout_ms: int) -> None:
    """The caller had its answer by the deadline, give or take the coarse hang bound."""
    assert reply.seconds <= timeout_ms / 1000 + HANG_BOUND_S, f"{reply.seconds:.2f} s for {timeout_ms} ms: {reply}"


def assert_timed_out(reply: Reply, timeout_ms: int) -> None:
    """TIMEOUT, not before the deadline and not long after it."""
    assert_failed(reply, "TIMEOUT")
    assert reply.seconds >= timeout_ms / 1000 * 0.9, f"gave up after {reply.seconds:.2f} s of {timeout_ms} ms"
    assert_by_deadline(reply, timeout_ms)


def call_beside(
    client: AkoolClient, operation: str, parameters: Any, healthy: str, timeout_ms: int, **options: Any
) -> Reply:
    """The reply of `operation`, while `healthy` is called again and again on the same client and always served."""
    start = time.monotonic()
    request = client.submit(operation, parameters, timeout_ms=timeout_ms, **options)
    while True:
        other = client.call(healthy)
        assert other.ok, f"the other call on the same client failed: {other}"
        assert other.seconds < UNDISTURBED_S, f"the other call took {other.seconds:.2f} s"
        reply = client.wait(request, within_ms=50)
        if reply.json is not None:
            return Reply(reply.result, reply.json, time.monotonic() - start)
        assert reply.result == "TIMEOUT", reply
        elapsed = time.monotonic() - start
        assert elapsed <= timeout_ms / 1000 + HANG_BOUND_S, f"no end after {elapsed:.2f} s of {timeout_ms} ms"

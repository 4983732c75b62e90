"""Python values to the library's JSON and back, and replies to errors."""

from __future__ import annotations

import json
import os
from typing import Any, Dict, Mapping, Optional, Tuple

from ._base import AkoolError
from ._catalogue import OPTIONS
from .errors import BY_CODE, BY_VALUE, InvalidArgumentError

Reply = Dict[str, Any]


def _convert(value: object) -> object:
    """What json does not know by itself: paths, and mappings that are no dict."""
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_convert).encode
_decode = json.JSONDecoder().raw_decode


def decode(text: str) -> Any:
    return _decode(text)[0]


def encode(value: object, what: str) -> bytes:
    """Text for the library; what JSON cannot hold (a cycle, a NaN, bytes) is the caller's mistake."""
    try:
        return _encode(value).encode()
    except UnicodeEncodeError:
        trouble = "half of a surrogate pair"
    except (TypeError, ValueError, RecursionError) as error:
        trouble = str(error)
    # Raised here, so that it does not carry the text along, which may hold secrets.
    raise InvalidArgumentError(f"{what}: {trouble}")


def texts(
    operation: bytes, parameters: Dict[str, Any], options: Optional[Dict[str, Any]]
) -> Tuple[Optional[bytes], Optional[bytes], bool]:
    """Parameters and options as the library takes them, and whether the reply shall be an event as well.

    Without `options` they are among the parameters. Both dicts are emptied: they may hold secrets, and would be in the
    frames of a traceback.
    """
    if options is None:
        if OPTIONS.isdisjoint(parameters):
            options = {}
        else:
            options = {name: parameters.pop(name) for name in OPTIONS if name in parameters}
    is_event = options.pop("reply", None) == "event" if options else False
    try:
        return (
            encode(parameters, operation.decode()) if parameters else None,
            encode(options, "options") if options else None,
            is_event,
        )
    finally:
        parameters.clear()
        options.clear()


def name_of(operation: str) -> bytes:
    if not isinstance(operation, str) or "\0" in operation:
        raise InvalidArgumentError("the name of an operation must be a string")
    return operation.encode(errors="replace")


def error_of_reply(reply: Mapping[str, Any]) -> AkoolError:
    """The error of a failed reply. A library newer than this package may have codes that it does not know."""
    members = reply["error"]
    kind = BY_CODE.get(members["code"], AkoolError)
    return kind(
        members.get("message", ""),
        code=members["code"],
        akool_code=members.get("akool_code"),
        http_status=members.get("http_status"),
        retryable=members.get("retryable", False),
        retry_after_ms=members.get("retry_after_ms"),
        hint=members.get("hint"),
        details=members.get("details"),
        meta=reply.get("meta"),
    )


def error_of_result(value: int, message: Optional[str] = None) -> AkoolError:
    """The error of a function that failed without a reply."""
    kind = BY_VALUE.get(value)
    if kind is None:
        return AkoolError(message or "an unknown result", code=f"RESULT_{value}")
    return kind(message or (kind.__doc__ or kind.code))

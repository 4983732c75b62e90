"""What all errors have in common. The classes, one for each result, are in `errors`, which is generated."""

from __future__ import annotations

from typing import Any, Dict, Mapping, Optional, Tuple, Type


class AkoolError(Exception):
    """What failed. There is a class for each result of the library, and one above them for each kind of trouble.

    Attributes:
        code: The name of the result, as AVATAR_BUSY.
        message: What happened. Like the hint, it holds no secrets.
        akool_code: AKOOL's own number, if it is AKOOL that refused.
        http_status: The HTTP status of the answer that tells of the failure.
        retryable: Whether the same call may succeed later without a change.
        retry_after_ms: How long the service asks to wait, in milliseconds.
        hint: What to do about it.
        details: More for programs: which fields are wrong, which sessions may be meant.
        meta: Operation, attempts and duration; None where there was no request.
    """

    code: str = ""

    def __init__(
        self,
        message: str = "",
        *,
        code: Optional[str] = None,
        akool_code: Optional[int] = None,
        http_status: Optional[int] = None,
        retryable: bool = False,
        retry_after_ms: Optional[int] = None,
        hint: Optional[str] = None,
        details: Any = None,
        meta: Optional[Mapping[str, Any]] = None,
    ) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code
        self.message = message
        self.akool_code = akool_code
        self.http_status = http_status
        self.retryable = retryable
        self.retry_after_ms = retry_after_ms
        self.hint = hint
        self.details = details
        self.meta = meta
        if hint and hasattr(self, "add_note"):  # Python 3.11: tracebacks show it
            self.add_note(hint)

    def __reduce__(self) -> Tuple[Any, ...]:
        names = ("code", "akool_code", "http_status", "retryable", "retry_after_ms", "hint", "details", "meta")
        return _remake, (type(self), self.message, {name: getattr(self, name) for name in names})


def _remake(kind: Type[AkoolError], message: str, members: Dict[str, Any]) -> AkoolError:
    """For pickle and copy, which hand on no arguments by name."""
    return kind(message, **members)

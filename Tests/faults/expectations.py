"""What has to come of every fault, written by hand for each class of operation. Nothing here asks the library.

The reasons are the promises of the README: what is safe is repeated when a repeat can help; what costs money or
would happen twice is never repeated once it may have been handled; nobody is told a wrong outcome.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Optional, Tuple


@dataclass(frozen=True)
class Expectation:
    """The result of one call, how often its endpoint was asked, and how many sessions were charged."""

    result: str
    requests: int = 1
    charges: int = 0
    # Whether the error has to warn that the request may have been handled, whatever its code.
    warns: bool = False


# Classes.

READ = "read"
CLOSE = "close"
LOOK_UP = "create with look-up"
PAID = "paid create"
ONCE = "change, not repeated"
SETTING = "change that may be repeated"

# Operations that their HTTP method would put into a wrong class.
_CLASSES = {
    "avatar.create": LOOK_UP,  # a second one answers 1222, and the first can be looked up
    "knowledge.update": SETTING,  # the second time it is as it was to become
    "knowledge.delete": SETTING,  # the second time it is gone
    "voice.change": PAID,
    "voice.tts": PAID,
    "session.close": CLOSE,  # closing twice changes nothing
    "session.create": PAID,
}


def class_of(operation: str, method: str) -> str:
    """By name; else what reads may be repeated, and nothing is known of anything that changes something."""
    return _CLASSES.get(operation, READ if method == "GET" else ONCE)


# What the classes share.

_SERVED = Expectation("OK")
_REPEATED = Expectation("OK", requests=2)
# A refusal says that nothing was done and that a repeat would be refused too.
_REFUSALS = {
    "code 1101": Expectation("UNAUTHENTICATED"),  # an API key cannot be minted anew
    "token refused twice": Expectation("UNAUTHENTICATED", 2),  # minted anew once, not for ever
    "code 1104": Expectation("QUOTA_EXCEEDED"),
    "code 1200": Expectation("FORBIDDEN"),
    "code 1215": Expectation("AVATAR_BUSY"),
}
# Something answers that is not the service: another attempt would meet it too.
_NOT_UNDERSTOOD = Expectation("BAD_RESPONSE")

_REPEATABLE: Dict[str, Expectation] = {
    "none": _SERVED,
    "delay within the deadline": _SERVED,
    "HTTP 500": _REPEATED,
    "HTTP 502": _REPEATED,
    "HTTP 503": _REPEATED,
    "HTTP 429": _REPEATED,
    "HTTP 502 after handling": _REPEATED,
    "code 1005": _REPEATED,
    "token refused once": _REPEATED,
    **_REFUSALS,
    "not JSON": _NOT_UNDERSTOOD,
    "truncated body": _REPEATED,
    "slow drip": _SERVED,
    "reset before handling": _REPEATED,
    "reset before handling, twice": Expectation("OK", requests=3),
    "reset before handling, each time": Expectation("UNAVAILABLE", requests=3),
    "reset after handling": _REPEATED,
    "handled seconds after the reset": _REPEATED,
    "HTTP 503, each time": Expectation("UNAVAILABLE", requests=3),
    "hang until the deadline": Expectation("TIMEOUT"),
    "hang of one attempt": _REPEATED,
    "data null": _NOT_UNDERSTOOD,
    "empty body": _NOT_UNDERSTOOD,
}


def _never_repeated(price: int) -> Dict[str, Expectation]:
    """For what would happen twice; `price` is the number of charges when it happens."""
    done, not_done = Expectation("OK", 1, price), Expectation("OUTCOME_UNKNOWN", warns=True)
    done_unseen = Expectation("OUTCOME_UNKNOWN", 1, price, warns=True)
    # The service says that it did nothing and will later: the one answer after which a repeat is free.
    slowed_down = Expectation("OK", 2, price)
    # The deadline is the caller's; that the request is out all the same has to be said.
    timed_out = Expectation("TIMEOUT", 1, price, warns=True)
    return {
        "none": done,
        "delay within the deadline": done,
        "HTTP 500": not_done,
        "HTTP 502": not_done,
        "HTTP 503": not_done,
        "HTTP 429": slowed_down,
        "HTTP 502 after handling": done_unseen,
        "code 1005": slowed_down,
        # A refused token means that nothing was done.
        "token refused once": slowed_down,
        **_REFUSALS,
        "not JSON": not_done,
        "truncated body": done_unseen,
        "slow drip": done,
        "reset before handling": not_done,
        "reset before handling, twice": not_done,
        "reset before handling, each time": not_done,
        "reset after handling": done_unseen,
        "handled seconds after the reset": done_unseen,
        "HTTP 503, each time": not_done,
        "hang until the deadline": timed_out,
        "hang of one attempt": timed_out,  # no limit of its own: giving up early would lose the reply
        "data null": done_unseen,
        "empty body": not_done,
    }


TABLE: Dict[str, Dict[str, Expectation]] = {
    READ: _REPEATABLE,
    # What a close answers does not matter: the session's detail tells whether it is over.
    CLOSE: {**_REPEATABLE, "data null": _SERVED},
    LOOK_UP: _REPEATABLE,
    SETTING: _REPEATABLE,
    PAID: _never_repeated(price=1),
    ONCE: _never_repeated(price=0),
}

# Operations that differ from their class, for instance one whose answer has no data.
EXCEPTIONS: Dict[Tuple[str, str], Expectation] = {("knowledge.delete", "data null"): _SERVED}


def expectation(operation: str, method: str, fault: str) -> Optional[Expectation]:
    """None when nobody has said what is expected."""
    return EXCEPTIONS.get((operation, fault)) or TABLE[class_of(operation, method)].get(fault)

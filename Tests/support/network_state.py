"""What the kernel knows about this machine's connections: lets a test wait for a connect to be under way."""

from __future__ import annotations

import time
from typing import Callable

_SYN_SENT = "02"


def connecting_to(port: int) -> int:
    """How many connects to this port of an IPv4 address wait for an answer."""
    with open("/proc/self/net/tcp", encoding="ascii") as table:
        rows = [line.split() for line in table.readlines()[1:]]
    return sum(1 for row in rows if int(row[2].split(":")[1], 16) == port and row[3] == _SYN_SENT)


def wait_until(condition: Callable[[], bool], within_s: float = 5.0) -> None:
    """For facts that cannot be subscribed to; fails when the condition does not come true."""
    end = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.005)

"""What the programs in Python share: so many calls, so many of them under way at a time, and the figures."""

import asyncio
import json
import resource
import sys
import time
import urllib.parse

SESSION = "6698c9d69cf7b0d61d1b6420"
PATH = "/api/open/v4/liveAvatar/session/detail"


def url(base):
    return f"{base}{PATH}?{urllib.parse.urlencode({'id': SESSION})}"


def is_good(session):
    return session["_id"] == SESSION


async def _work(call, count):
    for _ in range(count):
        if not is_good(await call()):
            raise ValueError("this is not the session that was asked for")


async def _calls(call, in_flight, calls):
    shares = [calls // in_flight + (number < calls % in_flight) for number in range(in_flight)]
    await asyncio.gather(*(_work(call, share) for share in shares))


async def measure(call, in_flight, calls, warm_up):
    """Does the calls and prints what they took, as JSON, in the words of the programs in C."""
    await _calls(call, in_flight, warm_up)
    before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    await _calls(call, in_flight, calls)
    seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "calls": calls,
                "failed": 0,
                "seconds": round(seconds, 6),
                "calls_per_s": round(calls / seconds),
                "user_us": round((after.ru_utime - before.ru_utime) * 1e6),
                "system_us": round((after.ru_stime - before.ru_stime) * 1e6),
            }
        )
    )


def run(program):
    """Usage of each program: URL IN_FLIGHT CALLS WARM_UP. `program` is a coroutine function of these."""
    if len(sys.argv) != 5:
        sys.exit(f"usage: {sys.argv[0]} URL IN_FLIGHT CALLS WARM_UP")
    asyncio.run(program(sys.argv[1], *(int(number) for number in sys.argv[2:])))

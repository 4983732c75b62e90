"""What the tests of the Python binding share. Needs no pytest: other versions of Python run some of the tests too."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "bindings" / "python"
sys.path[:0] = [entry for entry in (str(PACKAGE),) if entry not in sys.path]
sys.path[:0] = [entry for entry in (str(REPOSITORY / "Tests"),) if entry not in sys.path]

from support.locations import library_path, simulator_path  # noqa: E402

os.environ.setdefault("AKOOL_LIB", str(library_path()))

import akool  # noqa: E402

AVATAR = "dvp_Tristan_cloth2_1080P"
NOBODY = "6698c9d69cf7b0d61d1b6420"
KEY = "sk-canary-0123456789"
SIMULATED: Dict[str, Any] = {"base_url": "simulator:", "api_key": "simulator", "environment": False}
# Simulated time stands still: what waits for it to pass waits for an hour.
STEPPED: Dict[str, Any] = {**SIMULATED, "simulator": {"time": "stepped"}}
# No test waits longer than this for what should happen at once.
BOUND_S = 60


def in_loop(test: Callable[[], Any]) -> Callable[[], None]:
    """Runs a test in an event loop of its own, and not for ever."""

    @functools.wraps(test)
    def run() -> None:
        asyncio.run(asyncio.wait_for(test(), BOUND_S))

    del run.__wrapped__  # type: ignore[attr-defined]
    return run


@contextlib.contextmanager
def raises(kind: type) -> Iterator[List[Any]]:
    """Expects an exception, which is then in the list."""
    caught: List[Any] = []
    try:
        yield caught
    except kind as error:
        caught.append(error)
    else:
        raise AssertionError(f"{kind.__name__} was not raised")


def until(what: str, holds: Callable[[], Any]) -> Any:
    """Looks until something holds."""
    end = time.monotonic() + BOUND_S
    while time.monotonic() < end:
        found = holds()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"did not happen: {what}")


async def until_async(what: str, holds: Callable[[], Any]) -> Any:
    end = time.monotonic() + BOUND_S
    while time.monotonic() < end:
        found = holds()
        if found:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError(f"did not happen: {what}")


def resources() -> Dict[str, int]:
    """How many threads and descriptors this process has, and the memory it uses, in kilobytes."""
    gc.collect()
    memory = Path("/proc/self/statm").read_text().split()[1]
    counts = {name: len(os.listdir(f"/proc/self/{name}")) for name in ("task", "fd")}
    return {**counts, "memory": int(memory) * os.sysconf("SC_PAGE_SIZE") // 1024}


def is_back(before: Dict[str, int]) -> bool:
    """Whether there are no more threads and descriptors than before."""
    now = resources()
    return now["task"] <= before["task"] and now["fd"] <= before["fd"]


def books(client: "akool.Client") -> List[dict]:
    """The sessions in the simulator's books."""
    return client.request(method="GET", path="/_simulator/books")["sessions"]


def open_sessions(client: "akool.Client") -> List[str]:
    return [session["_id"] for session in books(client) if session["status"] < 3]


def environment(**more: str) -> Dict[str, str]:
    """Nobody's credentials and proxies, but where the things under test are."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AKOOL_") and not name.lower().endswith("_proxy")
    }
    found = {"AKOOL_LIB": str(library_path()), "AKOOL_SIMULATOR_BIN": str(simulator_path())}
    return {**kept, **found, "PYTHONPATH": str(PACKAGE), "PYTHONWARNINGS": "default", **more}


PRELUDE = f"""
import asyncio, os, signal, sys, threading, time
import akool
SIMULATED = {SIMULATED!r}
STEPPED = {STEPPED!r}
AVATAR = {AVATAR!r}
def say(*words):
    print(*words, flush=True)
def new_avatar(client):
    return client.avatar.create(url="https://example.com/me.mp4", avatar_id="mine")["_id"]
"""


def start(source: str, *flags: str, python: Optional[str] = None, **env: str) -> "subprocess.Popen[str]":
    """A program in a process of its own."""
    command = [python or sys.executable, *flags, "-c", PRELUDE + source]
    return subprocess.Popen(
        command,
        env=environment(**env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(source: str, *flags: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """Runs a program to its end, which must come."""
    process = start(source, *flags, **env)
    try:
        stdout, stderr = process.communicate(timeout=BOUND_S)
    finally:
        process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)

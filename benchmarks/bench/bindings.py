"""The bindings beside what their languages have for HTTP: the same calls to the same server, in turns."""

import importlib.util
import os
import shutil
import subprocess
import sys

from . import programs
from .programs import ROOT, ProgramError

IN_FLIGHT = (1, 64)
# Program → where it is, below benchmarks/.
PYTHON = {
    "asyncio libakool": "asyncio_akool.py",
    "asyncio aiohttp": "aiohttp_client.py",
    "asyncio httpx": "httpx_client.py",
}
NODE = {"node libakool": "libakool.mjs", "node fetch": "fetch.mjs"}
# Ours, theirs, and how many times as many calls per second ours is to do with 64 in flight.
PAIRS = (
    ("asyncio libakool", "asyncio aiohttp", 4.0),
    ("asyncio libakool", "asyncio httpx", None),
    ("node libakool", "node fetch", 3.0),
)


def available(problems):
    """The programs that can be run here: name → command. What is missing is a problem."""
    found = {}
    if not programs.library_exists():
        return found
    missing = [name for name in ("aiohttp", "httpx") if not importlib.util.find_spec(name)]
    if missing:
        problems.append(f"{', '.join(missing)} missing: run make bench, whose Python has them")
    else:
        found.update({name: [sys.executable, _path("python", file)] for name, file in PYTHON.items()})
    try:
        found.update({name: [_node(), _path("node", file)] for name, file in NODE.items()})
    except ProgramError as error:
        problems.append(str(error))
    return found


def run(name, command, url, in_flight, calls, warm_up):
    """Runs a program once, with the binding of this tree."""
    environment = {
        **programs.environment(),
        "AKOOL_LIB": str(programs.LIBRARY),
        "PYTHONPATH": str(ROOT / "bindings" / "python"),
        "NODE_NO_WARNINGS": "1",
    }
    return programs.figures(name, [*command, url, str(in_flight), str(calls), str(warm_up)], environment)


def _path(language, file):
    return str(ROOT / "benchmarks" / language / file)


def _node():
    """Node's program, once the addon is built."""
    node = os.environ.get("NODE") or shutil.which("node")
    if not node:
        raise ProgramError("node is missing: apt-get install nodejs libnode-dev")
    built = subprocess.run([str(ROOT / "scripts" / "build_node.sh")], capture_output=True, text=True, check=False)
    if built.returncode != 0:
        raise ProgramError(built.stderr.strip()[:500])
    return node

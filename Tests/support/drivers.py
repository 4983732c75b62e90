"""How the driver of each binding is started."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from typing import Callable, Dict

from support import cpp_programs
from support.driven_client import Driver
from support.locations import REPOSITORY, library_path


def _node() -> Driver:
    running = _module("node_running", "Tests/node/running.py")
    subprocess.run([str(REPOSITORY / "scripts" / "build_node.sh")], check=True, capture_output=True, timeout=300)
    return Driver([running.nodes()["system"], str(running.FOLDER / "driver.mjs")], running.environment())


def _python(kind: str) -> Callable[[], Driver]:
    def start() -> Driver:
        paths = {"PYTHONPATH": str(REPOSITORY / "bindings" / "python"), "AKOOL_LIB": str(library_path())}
        command = [sys.executable, str(REPOSITORY / "Tests" / "python" / "driver.py"), kind]
        return Driver(command, {**os.environ, **paths})

    return start


def _module(name: str, path: str):
    specification = importlib.util.spec_from_file_location(name, REPOSITORY / path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def _cpp() -> Driver:
    return Driver([str(cpp_programs.program(cpp_programs.FOLDER / "driver.cpp"))], cpp_programs.environment())


DRIVERS: Dict[str, Callable[[], Driver]] = {
    "cpp": _cpp,
    "node": _node,
    "python": _python("sync"),
    "asyncio": _python("asyncio"),
}

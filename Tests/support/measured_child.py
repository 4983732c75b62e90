"""A program in a separate process whose memory a test measures or limits: if it dies, the test still ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, List

from support.locations import library_path

_TESTS = Path(__file__).resolve().parents[1]
_PROLOGUE = """
import ctypes, json, os, resource, sys, time
sys.path.insert(0, {tests!r})
from support.akool_client import AkoolClient
from support.akool_library import AkoolLibrary
from support.locations import library_path
library = AkoolLibrary(library_path())

def kilobytes(name):
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(name + ":"))

def reset_peak():
    with open("/proc/self/clear_refs", "w", encoding="ascii") as control:
        control.write("5")

def limit_address_space(megabytes):
    size = kilobytes("VmSize") * 1024 + megabytes * 1048576
    resource.setrlimit(resource.RLIMIT_AS, (size, size))

def tell(**what):
    print(json.dumps(what), flush=True)

"""


@dataclass(frozen=True)
class Ended:
    """The end of a program, and the values that it printed before."""

    status: int
    told: List[dict]
    errors: str

    def value(self, name: str) -> Any:
        """Returns the last value printed under this name; the test fails when there is none."""
        for told in reversed(self.told):
            if name in told:
                return told[name]
        raise AssertionError(f"the program ended with {self.status} and told {self.told}: {self.errors[-500:]}")


def run_child(program: str, within_s: float = 20.0) -> Ended:
    """Runs a program that may use `library`, `kilobytes`, `reset_peak`, `limit_address_space` and `tell`."""
    text = _PROLOGUE.format(tests=str(_TESTS)) + program
    environment = {**os.environ, "AKOOL_LIB": str(library_path())}
    child = subprocess.Popen(
        [sys.executable, "-c", text], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    try:
        output, errors = child.communicate(timeout=within_s)
    except subprocess.TimeoutExpired:
        child.kill()
        output, errors = child.communicate()
        raise AssertionError(f"the program has not ended after {within_s} s and told {output[-500:]}") from None
    return Ended(child.returncode, [json.loads(line) for line in output.splitlines()], errors)

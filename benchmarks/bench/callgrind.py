"""One run of a program under callgrind: instructions between its warm-up and its end, by function."""

import functools
import os
import platform
import re
import shlex
import shutil
import subprocess
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from .programs import ProgramError

RUN_LIMIT_SECONDS = 600
# Every program calls these two around the warm-up and again around the measured calls.
BEGIN, END = "meter_start", "meter_stop"
MEASURED_PART = 2
OPTIONS = (
    "--tool=callgrind",
    "--fair-sched=yes",
    "--separate-threads=no",
    "--compress-pos=no",
    f"--zero-before={BEGIN}",
    f"--dump-after={END}",
)
# Nothing else: a different environment moves the stack, and a proxy or a key in it would be used.
ENVIRONMENT = {
    "LC_ALL": "C",
    "PATH": "/usr/bin:/bin",
    "LD_BIND_NOW": "1",
    "SWIFT_DETERMINISTIC_HASHING": "1",
}


@dataclass
class Profile:
    """Instructions of the measured calls; `functions` has the self cost by (object, function)."""

    total: int
    functions: Counter

    def by_object(self):
        """Self cost by the name of the object file; the program itself is "program"."""
        found = Counter()
        for (path, _), cost in self.functions.items():
            found[os.path.basename(path) if ".so" in path else "program"] += cost
        return found


def measure(command, environment=None):
    """Runs a program of the benchmark under callgrind, with `environment` besides the fixed one."""
    if not shutil.which("valgrind"):
        raise ProgramError("valgrind is missing: apt-get install valgrind")
    with tempfile.TemporaryDirectory(prefix="akool-callgrind-") as directory:
        _run(command, directory, {**ENVIRONMENT, **(environment or {})})
        part = Path(directory) / f"profile.{MEASURED_PART}"
        if not part.exists():
            raise ProgramError(f"{command[0]} did not reach {END} twice")
        return read(part)


def read(path):
    """Reads a profile in callgrind's format."""
    names = {"ob": {}, "fn": {}}
    functions = Counter()
    current = {"ob": "", "fn": ""}
    is_call = False
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            if line[0].isdigit():
                if not is_call:
                    functions[current["ob"], current["fn"]] += int(line.split()[1])
                is_call = False
            elif line.startswith("calls="):
                is_call = True
            else:
                _note_name(line, names, current)
    return Profile(sum(functions.values()), functions)


_NAME = re.compile(r"(c?)(ob|fn)=\((\d+)\)(?: (.*))?")


def _note_name(line, names, current):
    """Keeps the name of an object or function, whose number stands for it later; `c` marks the callee."""
    found = _NAME.match(line)
    if not found:
        return
    callee, kind, number, name = found.groups()
    if name is not None:
        names[kind][number] = name
    if not callee:
        current[kind] = names[kind][number]


def _run(command, directory, environment):
    whole = [*_without_randomisation(), "valgrind", *OPTIONS]
    whole += [f"--callgrind-out-file={directory}/profile", *map(str, command)]
    try:
        done = subprocess.run(
            whole, capture_output=True, text=True, timeout=RUN_LIMIT_SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise ProgramError(f"no end within {RUN_LIMIT_SECONDS} s: {shlex.join(whole)}") from None
    if done.returncode != 0 or '"failed":0,' not in done.stdout:
        lines = (done.stdout + done.stderr).splitlines()
        output = "\n".join(line for line in lines if not line.startswith("=="))[:500]
        raise ProgramError(f"ended with {done.returncode}: {output}: {shlex.join(whole)}")


@functools.cache
def _without_randomisation():
    """Prefix of a command that gets the same addresses in every run; empty where a container forbids it."""
    prefix = ["setarch", platform.machine(), "-R"]
    try:
        done = subprocess.run([*prefix, "true"], capture_output=True, check=False)
    except OSError:
        return []
    return prefix if done.returncode == 0 else []


def version():
    output = subprocess.run(["valgrind", "--version"], capture_output=True, text=True, check=False)
    return output.stdout.strip().removeprefix("valgrind-")


def cpu_seconds():
    """CPU time of the ended child processes."""
    times = os.times()
    return times.children_user + times.children_system

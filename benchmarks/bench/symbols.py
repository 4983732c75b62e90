"""Names of functions in stripped objects, where callgrind has only addresses."""

import bisect
import functools
import os
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

from .programs import LIBRARY, ROOT

# The library before it was stripped, if it was kept: the same code with a symbol table.
UNSTRIPPED = Path(os.environ.get("AKOOL_SYMBOLS", ROOT / "build" / "symbols" / LIBRARY.resolve().name))
_ADDRESS = re.compile(r"0x[0-9a-f]+$")
_NAME_WIDTH = 100


def top(functions, calls, count, within=None):
    """The functions with the highest self cost: (instructions per call, object, name)."""
    by_function = Counter()
    if within:
        functions = {key: cost for key, cost in functions.items() if Path(key[0]).resolve() == within.resolve()}
    for (file, name), cost in functions.items():
        by_function[file, _function(file, name)] += cost
    ranked = by_function.most_common(count)
    names = _demangled([name for (_, name), _ in ranked])
    return [(cost / calls, os.path.basename(file), name) for ((file, _), cost), name in zip(ranked, names)]


def are_known():
    """Returns true if the functions of the library have names."""
    return _unstripped(str(LIBRARY)) is not None


def _function(file, name):
    if not _ADDRESS.match(name):
        return name
    starts, names = _table(file)
    index = bisect.bisect_right(starts, int(name, 16)) - 1
    return names[index] if index >= 0 else f"at {name}"


@functools.cache
def _table(file):
    """Addresses and names of an object's functions; names are addresses if it has no symbols."""
    source = _unstripped(file)
    if source:
        lines = _output(["nm", "--defined-only", source]).splitlines()
        found = [(int(line.split()[0], 16), line.split()[2]) for line in lines if line.split()[1] in "tTwW"]
    else:
        frames = re.findall(r" FDE .* pc=([0-9a-f]+)\.\.", _output(["readelf", "--debug-dump=frames", file]))
        found = [(int(start, 16), f"function at {int(start, 16):#x}") for start in frames]
    found.sort()
    return [start for start, _ in found], [name for _, name in found]


@functools.cache
def _unstripped(file):
    """The library before it was stripped, if its code is the same."""
    if Path(file).resolve() != LIBRARY.resolve():
        return None
    for candidate in (LIBRARY, UNSTRIPPED):
        has_symbols = candidate.exists() and _output(["nm", "--defined-only", str(candidate)])
        if has_symbols and _code(candidate) == _code(LIBRARY):
            return str(candidate)
    return None


def _code(file):
    command = ["objcopy", "--output-target=binary", "--only-section=.text", str(file), "/dev/stdout"]
    return subprocess.run(command, capture_output=True, check=False).stdout


def _demangled(names):
    for program in (shutil.which("swift-demangle") or _beside_swift(), shutil.which("c++filt")):
        option = "--no-params" if program and program.endswith("c++filt") else "--simplified"
        lines = _output([program, option], input="\n".join(names)).splitlines() if program and names else []
        names = lines if len(lines) == len(names) else names
    return [name[:_NAME_WIDTH] for name in names]


def _beside_swift():
    swift = shutil.which("swift")
    program = Path(swift).resolve().parent / "swift-demangle" if swift else None
    return str(program) if program and program.exists() else None


def _output(command, **more):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False, **more).stdout
    except OSError:
        return ""

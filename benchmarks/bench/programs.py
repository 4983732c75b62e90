"""Builds the C programs and runs one of them once."""

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "benchmarks" / "c"
OUTPUT = ROOT / "build" / "benchmarks"
LIBRARY = Path(os.environ.get("AKOOL_LIB", ROOT / "build" / "lib" / "libakool.so")).absolute()
HEADERS = Path(os.environ.get("AKOOL_INCLUDE", ROOT / "include")).absolute()

FLAGS = ["-std=c11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-Werror"]
ON_LIBCURL = ["meter.c", "session.c", "transfer.c"]
RUN_LIMIT_SECONDS = 180


class ProgramError(Exception):
    """A program does not compile, or does not do its calls."""


def library_exists():
    return LIBRARY.exists()


def path(name):
    return str(OUTPUT / name)


def build():
    """Compiles everything; what needs libakool only where it is there."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    packages = shlex.split(_output(["pkg-config", "--cflags", "--libs", "libcurl", "jansson"]))
    _compile("reference", ["reference.c", "work.c", *ON_LIBCURL], packages)
    for name in ("sockets", "handover"):
        _compile(name, [f"{name}.c", *ON_LIBCURL], [*packages, "-pthread"])
    if not library_exists():
        return
    _compile("footprint", ["footprint.c", "meter.c"], [f"-I{HEADERS}", "-ldl"])
    links = _link_directory()
    akool = [f"-I{HEADERS}", f"-L{links}", f"-Wl,-rpath,{links}", "-lakool", "-pthread"]
    _compile("libakool", ["libakool.c", "meter.c"], akool)
    _compile("deadline", ["deadline.c", "meter.c"], akool)


def run(name, *arguments):
    """Runs a program in C and returns its figures."""
    return figures(name, [path(name), *map(str, arguments)], environment())


def figures(name, command, environment):
    """Runs a program and returns the figures it prints. Calls that failed make the run worthless."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=RUN_LIMIT_SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise ProgramError(f"{name} did not end within {RUN_LIMIT_SECONDS} s: {shlex.join(command)}") from None
    if done.returncode != 0:
        raise ProgramError(f"{name} ended with {done.returncode}: {done.stderr.strip()[:500]}: {shlex.join(command)}")
    told = json.loads(done.stdout)
    if told.get("failed"):
        count = f"{told['failed']} of {told['calls']} calls failed"
        raise ProgramError(f"{count}: {done.stderr.strip()[:500]}: {shlex.join(command)}")
    return told


def environment():
    """Without anything that libakool would read, so that a key at hand is never used."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AKOOL_")}


def library_size():
    """The size of the library without symbol tables, whether or not it comes stripped."""
    size, strip = LIBRARY.stat().st_size, shutil.which("strip")
    if not strip:
        return size
    copy = OUTPUT / "stripped.so"
    _output([strip, "-o", str(copy), str(LIBRARY)])
    stripped = copy.stat().st_size
    copy.unlink()
    return min(size, stripped)


def _link_directory():
    """The library under the names that the linker and the loader look for, wherever it lies."""
    directory = OUTPUT / "lib"
    directory.mkdir(exist_ok=True)
    for name in ("libakool.so", "libakool.so.1"):
        own = directory / f"{name}.{os.getpid()}"  # renamed: another benchmark may start at the same time
        own.symlink_to(LIBRARY)
        own.replace(directory / name)
    return directory


def _is_fresh(binary):
    inputs = [*SOURCES.iterdir(), HEADERS / "akool.h"]
    return binary.exists() and all(binary.stat().st_mtime > file.stat().st_mtime for file in inputs if file.exists())


def _compile(name, sources, flags):
    if _is_fresh(OUTPUT / name):
        return
    compiler = os.environ.get("CC", "cc")
    own = OUTPUT / f"{name}.{os.getpid()}"
    _output([compiler, *FLAGS, "-o", str(own), *[str(SOURCES / source) for source in sources], *flags])
    own.replace(OUTPUT / name)


def _output(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise ProgramError(f"{command[0]} cannot be run: {error.strerror}") from None
    if done.returncode != 0:
        raise ProgramError(f"{shlex.join(command)}: {done.stderr.strip()[:2000]}")
    return done.stdout

"""Compiles the C++ tests and examples and runs them, each program once per way of compiling."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Tuple

from support.locations import REPOSITORY, library_path

FOLDER = Path(__file__).resolve().parent
EXAMPLES = REPOSITORY / "examples" / "cpp"
RUN_BOUND_S = 110
COMPILE_BOUND_S = 300
STANDARDS = ("c++17", "c++20", "c++23")
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wshadow", "-Wconversion", "-Wsign-conversion",
            "-Wold-style-cast", "-Wnon-virtual-dtor", "-Woverloaded-virtual")
SANITIZED = ("-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
WITHOUT = ("-fno-exceptions", "-fno-rtti")
_TEST = re.compile(r"^TEST\((\w+)\)", re.MULTILINE)
# The library is not built with the sanitizer: what its runtime keeps to the end counts as lost.
_SUPPRESSED = "leak:libakool.so\n"


def compilers() -> List[str]:
    """g++, and clang++ where there is one (Swift brings it along)."""
    wanted = [os.environ.get("CXX") or "g++", os.environ.get("CLANGXX") or "clang++"]
    return [name for name in dict.fromkeys(wanted) if shutil.which(name)] or wanted[:1]


@lru_cache(maxsize=None)
def _folder() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="akool-cpp-")


def work_folder() -> Path:
    """For what is built; gone with this process."""
    return Path(_folder().name)


def run(command: List[object], **options) -> "subprocess.CompletedProcess[str]":
    options.setdefault("timeout", RUN_BOUND_S)
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)


@lru_cache(maxsize=None)
def compiled(source: Path, flags: Tuple[str, ...] = (), compiler: Optional[str] = None, standard: str = "c++17") -> Path:
    """An object file, from a source that must compile without a warning."""
    made = work_folder() / f"{source.stem}-{len(list(work_folder().iterdir()))}.o"
    outcome = run([compiler or compilers()[0], f"-std={standard}", *WARNINGS, *flags, "-I", REPOSITORY / "include", "-I",
                   FOLDER, "-c", source, "-o", made], timeout=COMPILE_BOUND_S)
    assert outcome.returncode == 0, outcome.stderr[-6000:]
    return made


def linked(objects: List[Path], flags: Tuple[str, ...] = (), compiler: Optional[str] = None) -> Path:
    """A program."""
    library = library_path()
    program = objects[0].with_suffix("")
    outcome = run([compiler or compilers()[0], *flags, *objects, "-o", program, library, f"-Wl,-rpath,{library.parent}",
                   "-pthread"], timeout=COMPILE_BOUND_S)
    assert outcome.returncode == 0, outcome.stderr[-6000:]
    return program


@lru_cache(maxsize=None)
def program(source: Path, flags: Tuple[str, ...] = (), compiler: Optional[str] = None, standard: str = "c++17") -> Path:
    """The program of one source."""
    return linked([compiled(source, flags, compiler, standard)], flags, compiler)


def environment(**more: str) -> Dict[str, str]:
    """Nobody's credentials and proxies; leaks are looked for where the system lets a program do so."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith("AKOOL_") and not name.lower().endswith("_proxy")}
    return {**kept, **_leaks(), **more}


@lru_cache(maxsize=None)
def _leaks() -> Dict[str, str]:
    suppressions = work_folder() / "leaks"
    suppressions.write_text(_SUPPRESSED)
    source = work_folder() / "probe.cpp"
    source.write_text("int main() {}\n")
    probe = program(source, SANITIZED)
    looking = {"LSAN_OPTIONS": f"suppressions={suppressions}:print_suppressions=0", "ASAN_OPTIONS": "detect_leaks=1"}
    # Containers may forbid the tracing that it takes.
    return looking if run([probe], env={**os.environ, **looking}).returncode == 0 else {"ASAN_OPTIONS": "detect_leaks=0"}


def names(source: Path) -> List[str]:
    """The names of the tests in a source."""
    return _TEST.findall(source.read_text(encoding="utf-8"))


def all_tests() -> Iterator[Tuple[str, str]]:
    return ((source.name, name) for source in sorted(FOLDER.glob("test_*.cpp")) for name in names(source))


def flags_of(source: str) -> Tuple[str, ...]:
    return SANITIZED + (WITHOUT if "without_exceptions" in source else ())

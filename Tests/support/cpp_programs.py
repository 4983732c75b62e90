"""Compiles C++ programs that use akool.hpp, each once per way of compiling, and runs them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Dict, Iterable, List, Optional, Tuple

from support.locations import REPOSITORY, library_path

FOLDER = REPOSITORY / "Tests" / "cpp"
EXAMPLES = REPOSITORY / "examples" / "cpp"
RUN_BOUND_S = 110
COMPILE_BOUND_S = 300
WARNINGS = (
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Werror",
    "-Wshadow",
    "-Wconversion",
    "-Wsign-conversion",
    "-Wold-style-cast",
    "-Wnon-virtual-dtor",
    "-Woverloaded-virtual",
)
# Not optimised, with line numbers only, and without what AddressSanitizer sees too: it takes a third of the time.
SANITIZED = (
    "-g1",
    "-O0",
    "-fsanitize=address,undefined",
    "-fno-sanitize=null,alignment,object-size,vptr",
    "-fno-sanitize-recover=all",
)
WITHOUT = ("-fno-exceptions", "-fno-rtti")
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


def run(command: Iterable[object], **options) -> "subprocess.CompletedProcess[str]":
    options.setdefault("timeout", RUN_BOUND_S)
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)


def compiled(
    source: Path, flags: Tuple[str, ...] = (), compiler: Optional[str] = None, standard: str = "c++17"
) -> Path:
    """An object file, from a source that must compile without a warning."""
    return _compiled(source, flags, compiler or compilers()[0], standard)


@lru_cache(maxsize=None)
def _compiled(source: Path, flags: Tuple[str, ...], compiler: str, standard: str) -> Path:
    made = work_folder() / f"{source.stem}-{len(list(work_folder().iterdir()))}.o"
    outcome = run(
        [
            compiler,
            f"-std={standard}",
            *WARNINGS,
            *flags,
            "-I",
            REPOSITORY / "include",
            "-I",
            FOLDER,
            "-c",
            source,
            "-o",
            made,
        ],
        timeout=COMPILE_BOUND_S,
    )
    assert outcome.returncode == 0, outcome.stderr[-6000:]
    return made


def linked(objects: List[Path], flags: Tuple[str, ...] = (), compiler: Optional[str] = None) -> Path:
    """A program."""
    library = library_path()
    program = work_folder() / f"{objects[0].stem}-{len(list(work_folder().iterdir()))}"
    outcome = run(
        [
            compiler or compilers()[0],
            *flags,
            *objects,
            "-o",
            program,
            library,
            f"-Wl,-rpath,{library.parent}",
            "-pthread",
        ],
        timeout=COMPILE_BOUND_S,
    )
    assert outcome.returncode == 0, outcome.stderr[-6000:]
    return program


@lru_cache(maxsize=None)
def program(source: Path, flags: Tuple[str, ...] = (), compiler: Optional[str] = None, standard: str = "c++17") -> Path:
    """The program of one source."""
    return linked([compiled(source, flags, compiler, standard)], flags, compiler)


def environment(**more: str) -> Dict[str, str]:
    """Nobody's credentials and proxies."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AKOOL_") and not name.lower().endswith("_proxy")
    }
    return {**kept, **more}


@lru_cache(maxsize=None)
def looking_for_leaks() -> Dict[str, str]:
    """Has what is lost at the end reported, where the system lets a program trace itself; containers may not."""
    suppressions = work_folder() / "leaks"
    suppressions.write_text(_SUPPRESSED)
    source = work_folder() / "probe.cpp"
    source.write_text("int main() {}\n")
    looking = {"LSAN_OPTIONS": f"suppressions={suppressions}:print_suppressions=0", "ASAN_OPTIONS": "detect_leaks=1"}
    found = run([program(source, SANITIZED)], env={**os.environ, **looking})
    return looking if found.returncode == 0 else {"ASAN_OPTIONS": "detect_leaks=0"}

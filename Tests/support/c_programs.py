"""Compiles C programs, with or without a sanitizer that also watches the strings of the library, and runs them."""

from __future__ import annotations

import os
import queue
import re
import subprocess
import tempfile
import threading
from functools import lru_cache
from pathlib import Path
from typing import Dict, Iterable, List, Optional, Tuple

from support.locations import REPOSITORY, library_path

RUN_BOUND_S = 100
STRICT = ("-Wall", "-Wextra", "-pedantic", "-Werror", "-pthread")
_OWN_STRINGS = REPOSITORY / "Tests" / "c" / "own_strings.c"
_SANITIZED = ("-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer")
# The library is not built with the sanitizer: what its runtime keeps to the end counts as lost.
_SUPPRESSED = "leak:libakool.so\n"
_SANITIZER_STATUS = 77


@lru_cache(maxsize=None)
def _folder() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="akool-c-")


def compile_program(
    sources: Iterable[Path], compiler: str = "gcc", standard: str = "c99", flags: Tuple[str, ...] = ()
) -> Path:
    """A program, of sources that must compile without a warning."""
    program = Path(tempfile.mkdtemp(dir=_folder().name)) / "program"
    library = library_path()
    include = os.environ.get("AKOOL_INCLUDE") or str(REPOSITORY / "include")
    command = [compiler, f"-std={standard}", *STRICT, *flags, "-I", include, *map(str, sources), "-o", str(program)]
    command += [str(library), f"-Wl,-rpath,{library.parent}"]
    outcome = subprocess.run(command, capture_output=True, text=True, timeout=RUN_BOUND_S)
    assert outcome.returncode == 0, outcome.stderr[-6000:]
    return program


@lru_cache(maxsize=None)
def watched_program(*sources: Path) -> Path:
    """The same under AddressSanitizer: what the library hands out and what is leaked is watched, too."""
    wrapped = re.findall(r"__wrap_(akool_\w+)\(|WRAP\((\w+),", _OWN_STRINGS.read_text())
    names = sorted({name for pair in wrapped for name in pair if name})
    flags = _SANITIZED + tuple(f"-Wl,--wrap={name}" for name in names)
    return compile_program([*sources, _OWN_STRINGS], flags=flags)


@lru_cache(maxsize=None)
def _sanitizer_options() -> Dict[str, str]:
    folder = Path(_folder().name)
    (folder / "leaks").write_text(_SUPPRESSED)
    (folder / "probe.c").write_text("int main(void) { return 0; }\n")
    options = f"detect_stack_use_after_return=1:exitcode={_SANITIZER_STATUS}"
    looking = {
        "LSAN_OPTIONS": f"suppressions={folder / 'leaks'}:print_suppressions=0:exitcode={_SANITIZER_STATUS}",
        "ASAN_OPTIONS": f"detect_leaks=1:{options}",
    }
    probe = compile_program([folder / "probe.c"], flags=_SANITIZED)
    # Containers may forbid the tracing that it takes.
    works = subprocess.run([str(probe)], env={**os.environ, **looking}, capture_output=True).returncode == 0
    return looking if works else {"ASAN_OPTIONS": f"detect_leaks=0:{options}"}


def finds_leaks() -> bool:
    return "LSAN_OPTIONS" in _sanitizer_options()


def environment(**more: str) -> Dict[str, str]:
    """Nobody's credentials and proxies."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AKOOL_") and not name.lower().endswith("_proxy")
    }
    return {**kept, **_sanitizer_options(), **more}


class Running:
    """A program that runs. What it prints is kept, and can be waited for line by line."""

    def __init__(self, command: List[object], folder: Path, **variables: str):
        self.output: List[str] = []
        self._lines: "queue.Queue[Optional[str]]" = queue.Queue()
        self.process = subprocess.Popen(
            [str(word) for word in command],
            cwd=str(folder),
            env=environment(**variables),
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.output.append(line)
            self._lines.put(line)
        self._lines.put(None)

    def line(self, pattern: str) -> str:
        """The next line in which this is found, or its first group."""
        while True:
            line = self._lines.get(timeout=RUN_BOUND_S)
            assert line is not None, f"ended without {pattern}:\n{self.text}"
            found = re.search(pattern, line)
            if found:
                return found.group(found.lastindex or 0)

    def end(self, signal: Optional[int] = None) -> int:
        """Its exit status, after a signal if need be."""
        if signal is not None:
            self.process.send_signal(signal)
        status = self.process.wait(RUN_BOUND_S)
        self._reader.join(RUN_BOUND_S)
        self.process.stdout.close()
        return status

    @property
    def text(self) -> str:
        return "".join(self.output)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.end()

"""Compilers, flags and environments of the C tests, for each build of the library."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Dict, List

from support.locations import REPOSITORY, MissingProduct, library_path, simulator_path
from support.simulator import Simulator

FOLDER = REPOSITORY / "Tests" / "c"
COMPILE_BOUND_S = 120
_STRICT = ("-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-O1", "-g", "-pthread")
_SANITIZERS = {"asan": "address", "tsan": "thread"}
# Factor by which everything takes longer than with the release build.
_SLOWNESS = {"lib": 1, "debug": 2, "asan": 4, "tsan": 10}
_VALGRIND_SLOWNESS = 20
_VALGRIND = ("valgrind", "--quiet", "--fair-sched=yes", "--error-exitcode=99", "--leak-check=no", "--num-callers=40")
# Swift keeps marks in the upper bits of pointers to strings and enums, so a leak checker reports everything that lives
# in a global. test_memory.c measures leaks instead.
_ASAN_OPTIONS = "detect_leaks=0:detect_stack_use_after_return=1:strict_string_checks=1"


class DoesNotCompile(Exception):
    """Compiler errors of a program."""


def toolchain_clang() -> str:
    """clang of the Swift toolchain, whose sanitizers the library is built with; else clang of the system."""
    swift = shutil.which("swift")
    clang = Path(swift).resolve().parent / "clang" if swift else None
    return str(clang) if clang and clang.exists() else "clang"


@dataclass(frozen=True)
class Variant:
    """Build of the library, and how its tests run."""

    build: str = "lib"
    is_valgrind: bool = False
    is_whole: bool = False

    @property
    def slowness(self) -> float:
        factor = _VALGRIND_SLOWNESS if self.is_valgrind else _SLOWNESS[self.build]
        return float(os.environ.get("AKOOL_TEST_SLOWNESS", factor))

    @property
    def limit_s(self) -> float:
        """Time limit of a program: many times what it needs, also on a busy machine."""
        limit_s = 120 + 20 * self.slowness
        return limit_s * 10 if self.is_whole and not self.is_valgrind else limit_s


class CBuild:
    """Compiles C programs against a build of the library. Owns the simulators that they use."""

    def __init__(self, variant: Variant):
        self.variant = variant
        self.library = library_path(variant.build)
        self._folder = tempfile.TemporaryDirectory(prefix="akool-c-tests-")
        self._simulators: List[Simulator] = []

    def close(self) -> None:
        for simulator in self._simulators:
            simulator.stop()
        self._folder.cleanup()

    def new_folder(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self._folder.name))

    def compile_test(self, source: Path) -> Path:
        """Compiles a program of cmocka tests."""
        return self.compile(source, *self._support, "-lcmocka")

    def compile(self, source: Path, *more: object) -> Path:
        return self._make(
            source.stem, source, *more, self.library, f"-Wl,-rpath,{self.library.parent}", *self._libraries
        )

    @property
    def runner(self) -> List[str]:
        """Words before each command."""
        if not self.variant.is_valgrind:
            return []
        return [*_VALGRIND, f"--suppressions={FOLDER / 'valgrind.supp'}"]

    def environment(self, source: Path) -> Dict[str, str]:
        """Environment of a program: no credentials and proxies; what its source names is started or compiled."""
        kept = {name: value for name, value in os.environ.items() if _is_kept(name)}
        more = {"AKOOL_TEST_SLOWNESS": str(self.variant.slowness)}
        if not self.variant.is_whole or self.variant.is_valgrind:
            more["AKOOL_TEST_REDUCED"] = "1"
        if self.variant.is_valgrind:
            more["AKOOL_TEST_RACES"] = os.environ.get("AKOOL_TEST_RACES", "1000")
        if self.variant.build == "asan":
            more["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", _ASAN_OPTIONS)
        text = source.read_text(encoding="utf-8")
        if "AKOOL_SIMULATOR_" in text and self.has_simulator:
            more.update(self.simulator_variables)
        if "AKOOL_WHOLE_JOB" in text:
            more["AKOOL_WHOLE_JOB"] = " ".join([*self.runner, str(self._whole_job)])
        return {**kept, **more}

    @property
    def has_simulator(self) -> bool:
        """Whether programs may use simulators. Before a commit they skip what needs one if it was never built."""
        if self.variant.build != "debug":
            return True
        try:
            return simulator_path().exists()
        except MissingProduct:
            return False

    @cached_property
    def simulator_variables(self) -> Dict[str, str]:
        """Addresses of two simulators: one with TLS, one without, whose time runs ten times faster."""
        tls = self._simulate(tls=True)
        plain = self._simulate("--time-scale", "10")
        return {
            "AKOOL_SIMULATOR_URL": tls.url,
            "AKOOL_SIMULATOR_CA": tls.ca_file or "",
            "AKOOL_SIMULATOR_PLAIN_URL": plain.url,
        }

    def _simulate(self, *flags: str, tls: bool = False) -> Simulator:
        self._simulators.append(Simulator("--api-key", "simulator", *flags, tls=tls))
        return self._simulators[-1]

    @cached_property
    def _whole_job(self) -> Path:
        return self.compile(REPOSITORY / "examples" / "c" / "whole_job.c")

    @cached_property
    def _support(self) -> List[Path]:
        return [self._make(f"{name}.o", "-c", FOLDER / f"{name}.c") for name in ("support", "support_process")]

    def _make(self, name: str, *words: object) -> Path:
        made = self.new_folder() / name
        include = os.environ.get("AKOOL_INCLUDE") or REPOSITORY / "include"
        command = [*self._compiler, *_STRICT, f"-I{include}", *words, "-o", made]
        outcome = subprocess.run(
            [str(word) for word in command], capture_output=True, text=True, timeout=COMPILE_BOUND_S
        )
        if outcome.returncode != 0:
            raise DoesNotCompile(outcome.stderr[-6000:])
        return made

    @cached_property
    def _compiler(self) -> List[str]:
        sanitizer = _SANITIZERS.get(self.variant.build)
        if not sanitizer:
            return [os.environ.get("CC") or "gcc"]
        clang = toolchain_clang()
        # gold, the default of some toolchains, warns about every symbol of the sanitizer.
        linker = ["-fuse-ld=lld"] if (Path(clang).parent / "ld.lld").exists() else []
        return [clang, f"-fsanitize={sanitizer}", "-fno-omit-frame-pointer", "-Qunused-arguments", *linker]

    @cached_property
    def _libraries(self) -> List[str]:
        if self.variant.build != "tsan":
            return []
        # The ThreadSanitizer of the Swift toolchain needs libdispatch.
        static = Path(toolchain_clang()).parent.parent / "lib" / "swift_static" / "linux"
        return [f"-L{static}", "-ldispatch", "-lBlocksRuntime", "-lstdc++", "-lm"]


def _is_kept(name: str) -> bool:
    is_setting = name.startswith("AKOOL_") and not name.startswith("AKOOL_TEST_")
    return not is_setting and not name.lower().endswith("_proxy")

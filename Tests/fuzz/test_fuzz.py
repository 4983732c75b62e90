"""Fuzzes the functions that parse bytes from the network: frames of rooms, webhooks, replies.

By default each target gets a few thousand inputs, against build/asan; with `--seconds N` it gets N seconds, against
build/fuzz, whose counters guide libFuzzer. An input that breaks something is kept in build/fuzz-findings: copy it into
the corpus with the fix.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Callable, Dict, List, Optional

import pytest
from support.c_builds import toolchain_clang
from support.locations import REPOSITORY, MissingProduct, library_path

FOLDER = REPOSITORY / "Tests" / "fuzz"
FINDINGS = REPOSITORY / "build" / "fuzz-findings"
TARGETS = ("decode", "webhook", "reply")
REDUCED_RUNS = 3000
# Time for what is not fuzzing: compiling, and reading the corpus.
MARGIN_S = 300
COMPILE_BOUND_S = 120
LIMITS = ("-timeout=25", "-rss_limit_mb=2048", "-max_len=4096", "-print_final_stats=1")
# A leak checker does not find pointers in which Swift keeps marks.
ASAN_OPTIONS = "detect_leaks=0:strict_string_checks=1"
_RUNS = re.compile(r"^stat::number_of_executed_units: *(\d+)$", re.MULTILINE)

# The limits below end what hangs.
pytestmark = pytest.mark.timeout(0)


@pytest.fixture(scope="session")
def seconds(pytestconfig: pytest.Config) -> Optional[int]:
    return pytestconfig.getoption("--seconds")


@pytest.fixture(scope="session")
def fuzzed_library(seconds: Optional[int]) -> Path:
    try:
        return library_path("fuzz" if seconds else "asan")
    except MissingProduct as error:
        pytest.fail(str(error))


@pytest.fixture
def compiled(fuzzed_library: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Compiles a target against the library of the round."""

    def make(target: str) -> Path:
        command: List[object] = [
            toolchain_clang(),
            "-g",
            "-O1",
            "-fsanitize=fuzzer,address",
            "-fuse-ld=lld",
            "-pthread",
        ]
        command += [f"-I{REPOSITORY / 'include'}", FOLDER / f"{target}.c", FOLDER / "fuzz.c", "-o", tmp_path / target]
        command += [fuzzed_library, f"-Wl,-rpath,{fuzzed_library.parent}", "-lcrypto"]
        outcome = run(command, COMPILE_BOUND_S)
        assert outcome.returncode == 0, f"{target} does not compile:\n{outcome.stdout[-6000:]}"
        return tmp_path / target

    return make


def run(command: List[object], limit_s: float, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment: Dict[str, str] = {**variables, **os.environ}
    return subprocess.run(
        [str(word) for word in command],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=limit_s,
    )


@pytest.mark.parametrize("target", TARGETS)
def test_no_input_breaks(target: str, compiled, seconds: Optional[int], tmp_path: Path, record_property) -> None:
    program, corpus = compiled(target), tmp_path / "corpus"
    corpus.mkdir()
    FINDINGS.mkdir(parents=True, exist_ok=True)
    before = set(FINDINGS.iterdir())
    amount = f"-max_total_time={seconds}" if seconds else f"-runs={REDUCED_RUNS}"
    command = [program, amount, *LIMITS, f"-artifact_prefix={FINDINGS}/{target}-", corpus, FOLDER / "corpus" / target]
    outcome = run(command, (seconds or 0) + MARGIN_S, ASAN_OPTIONS=ASAN_OPTIONS)
    kept = sorted(str(file) for file in set(FINDINGS.iterdir()) - before if file.name.startswith(f"{target}-"))
    last_lines = "\n".join(outcome.stdout.splitlines()[-40:])
    assert outcome.returncode == 0, f"exit status {outcome.returncode}; inputs kept: {kept}\n{last_lines}"
    inputs = _RUNS.search(outcome.stdout)
    assert inputs and int(inputs.group(1)) > 0, f"no input was tried:\n{last_lines}"
    record_property("inputs", int(inputs.group(1)))

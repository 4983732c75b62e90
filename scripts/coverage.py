#!/usr/bin/env python3
"""Says which share of the library's lines the tests run, folder by folder.

    scripts/coverage.py [--missed FOLDER] [--minimum FOLDER=PERCENT]...

Two instrumented builds count together: the Swift tests, and a libakool.so that the suites in Python load. Needs what
`make test` needs. `--missed` lists the lines of a folder that nothing ran; `--minimum` fails below a share.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Dict, List, Set, Tuple

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "coverage"
SCRATCH = ".build-coverage"
PYTHON = ROOT / ".venv" / "bin" / "python"
SUITES = ["Tests/network", "Tests/conformance"]
SOURCES = ROOT / "Sources"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--missed", metavar="FOLDER", help="list the lines of a folder that nothing ran")
    parser.add_argument("--minimum", metavar="FOLDER=PERCENT", action="append", default=[])
    parser.add_argument("--report-only", action="store_true", help="of the last run, without running anything")
    options = parser.parse_args()
    if not options.report_only:
        run_swift_tests()
        run_library()
    lines = covered_lines()
    shares = report(lines)
    if options.missed:
        list_missed(lines, options.missed)
    return verdict(shares, options.minimum)


# Running.


def run_swift_tests() -> None:
    """All of them, in a build folder of their own so that the other stays as it is."""
    remove_profiles("swift")
    execute(["swift", "build", "--build-tests", "--enable-code-coverage", "--scratch-path", SCRATCH])
    command = ["swift", "test", "--skip-build", "--enable-code-coverage", "--scratch-path", SCRATCH]
    execute(command, LLVM_PROFILE_FILE=str(WORK / "swift-%p.profraw"))
    for profile in (ROOT / SCRATCH / "debug" / "codecov").glob("*.profraw"):
        profile.rename(WORK / f"swift-{profile.name}")


def run_library() -> None:
    """The suites that go through the library, on an instrumented one."""
    remove_profiles("library")
    execute(["swift", "build", "--product", "akool", "--enable-code-coverage", "--scratch-path", SCRATCH])
    library = ROOT / SCRATCH / "debug" / "libakool.so"
    execute(
        [str(PYTHON), "-m", "pytest", "-q", "-c", "Tests/pytest.ini", *SUITES],
        AKOOL_LIB=str(library),
        LLVM_PROFILE_FILE=str(WORK / "library-%p.profraw"),
    )


def remove_profiles(kind: str) -> None:
    WORK.mkdir(parents=True, exist_ok=True)
    for profile in WORK.glob(f"{kind}-*.profraw"):
        profile.unlink()


def execute(command: List[str], **environment: str) -> None:
    print("+", " ".join(command), flush=True)
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False)
    if done.returncode != 0:
        sys.exit(f"coverage: {command[0]} ended with {done.returncode}")


# Reading.


def covered_lines() -> Dict[Path, Dict[int, bool]]:
    """For each file which of its lines with code were run by any of the two builds."""
    lines: Dict[Path, Dict[int, bool]] = defaultdict(dict)
    debug = ROOT / SCRATCH / "debug"
    for kind, binary in [("swift", debug / "libakoolPackageTests.xctest"), ("library", debug / "libakool.so")]:
        for path, numbers in lines_of(kind, binary).items():
            for number, was_run in numbers.items():
                lines[path][number] = lines[path].get(number, False) or was_run
    return lines


def lines_of(kind: str, binary: Path) -> Dict[Path, Dict[int, bool]]:
    data = WORK / f"{kind}.profdata"
    profiles = sorted(str(profile) for profile in WORK.glob(f"{kind}-*.profraw"))
    if not profiles:
        sys.exit(f"coverage: no profile of {kind}")
    subprocess.run([tool("llvm-profdata"), "merge", "-sparse", *profiles, "-o", str(data)], check=True)
    exported = subprocess.run(
        [tool("llvm-cov"), "export", "-format=lcov", "-instr-profile", str(data), str(binary)],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    ).stdout
    return read_lcov(exported)


def read_lcov(text: str) -> Dict[Path, Dict[int, bool]]:
    files: Dict[Path, Dict[int, bool]] = {}
    current: Dict[int, bool] = {}
    for line in text.splitlines():
        if line.startswith("SF:"):
            path = Path(line[3:])
            current = {} if SOURCES not in path.parents else files.setdefault(path, {})
        elif line.startswith("DA:"):
            number, count = line[3:].split(",")[:2]
            current[int(number)] = current.get(int(number), False) or int(count) > 0
    return files


def tool(name: str) -> str:
    """LLVM's tools come with the Swift toolchain."""
    swift = subprocess.run(["sh", "-c", "command -v swift"], stdout=subprocess.PIPE, check=True, text=True).stdout
    beside = Path(os.path.realpath(swift.strip())).parent / name
    return str(beside) if beside.exists() else name


# Telling.


def report(lines: Dict[Path, Dict[int, bool]]) -> Dict[str, float]:
    folders: Dict[str, Tuple[int, int]] = defaultdict(lambda: (0, 0))
    for path, numbers in lines.items():
        name = str(path.parent.relative_to(SOURCES))
        run, whole = folders[name]
        folders[name] = (run + sum(numbers.values()), whole + len(numbers))
    shares = {name: 100 * run / whole for name, (run, whole) in folders.items() if whole}
    for name in sorted(shares):
        run, whole = folders[name]
        print(f"{name:<40}{run:>6} of {whole:>6} lines {shares[name]:6.1f} %")
    return shares


def list_missed(lines: Dict[Path, Dict[int, bool]], folder: str) -> None:
    for path in sorted(lines):
        if str(path.parent.relative_to(SOURCES)) != folder:
            continue
        text = path.read_text(encoding="utf-8").splitlines()
        missed: Set[int] = {number for number, was_run in lines[path].items() if not was_run}
        for number in sorted(missed):
            print(f"{path.relative_to(ROOT)}:{number}: {text[number - 1]}")


def verdict(shares: Dict[str, float], minimums: List[str]) -> int:
    failures = 0
    for wanted in minimums:
        folder, _, percent = wanted.partition("=")
        if shares.get(folder, 0) < float(percent):
            print(f"coverage: {folder} has {shares.get(folder, 0):.1f} %, wanted are {percent} %")
            failures += 1
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())

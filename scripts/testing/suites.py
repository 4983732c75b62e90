"""The suites of each round, the builds that they need, and what a run of them costs on two cores."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Mapping, Tuple

ROOT = Path(__file__).resolve().parents[2]
LOGS = ROOT / "build" / "test-logs"
_VENV = ROOT / ".venv" / "bin" / "python"
PYTHON = os.environ.get("AKOOL_TEST_PYTHON") or (str(_VENV) if _VENV.exists() else sys.executable)

CPU, WAITING, EXCLUSIVE, BUILD, WHOLE_MODULE = "cpu", "waiting", "exclusive", "build", "whole module"
LOADS: Mapping[str, float] = {CPU: 1.0, WAITING: 0.3, EXCLUSIVE: 1.0, BUILD: 1.6, WHOLE_MODULE: 1.0}
"""Number of cores that a job of each resource class keeps busy. The compiler optimises a whole module in one thread."""

REPORTS = "{reports}"
"""Placeholder in a command for the folder of the suite's JUnit files."""


@dataclass(frozen=True)
class Build:
    """A product that suites need. It is made only when a chosen suite needs it."""

    name: str
    target: str
    expected_s: float
    needs: Tuple[str, ...] = ()
    resource: str = BUILD

    @property
    def command(self) -> Tuple[str, ...]:
        return ("make", "--no-print-directory", self.target)


@dataclass(frozen=True)
class Suite:
    """A command that runs tests and writes JUnit XML into `{reports}`."""

    name: str
    shows: str
    command: Tuple[str, ...]
    needs: Tuple[str, ...] = ()
    resource: str = WAITING
    expected_s: float = 60.0
    limit_s: float = 900.0
    part: int = 0
    """Part of the nightly round."""
    environment: Mapping[str, str] = field(default_factory=dict)
    has_test_times: bool = True
    """Whether the report has the duration of each test. Swift Testing counts the wait for a thread, too."""


def pytest(*arguments: str) -> Tuple[str, ...]:
    return (PYTHON, "-m", "pytest", "-q", "-c", "Tests/pytest.ini", f"--junitxml={REPORTS}/pytest.xml", *arguments)


def swift(*arguments: str) -> Tuple[str, ...]:
    return ("swift", "test", "--skip-build", "--xunit-output", f"{REPORTS}/swift.xml", *arguments)


BUILDS: Dict[str, Build] = {
    build.name: build
    for build in [
        Build("libakool", "build/lib/libakool.so.1", 75, resource=WHOLE_MODULE),
        Build("debug", "build/debug/libakool.so.1", 75),
        Build("akool-simulator", "simulator/.build/built", 240),
        Build("asan", "build/asan/libakool.so.1", 100, resource=WHOLE_MODULE),
        Build("tsan", "build/tsan/libakool.so.1", 100, resource=WHOLE_MODULE),
        Build("fuzzing", "build/fuzz/libakool.so.1", 100, resource=WHOLE_MODULE),
        Build("curl", "build/curl/lib/libcurl.so.4", 60),
        Build("akool", "build/bin/akool", 2, ("libakool",), CPU),
    ]
}

NEWER_CURL: Mapping[str, str] = {"LD_LIBRARY_PATH": str(ROOT / "build/curl/lib")}
"""Environment in which everything runs with the libcurl of scripts/build_curl.sh."""

RACING = ("Tests/c/test_threads.c", "Tests/c/test_races.c", "Tests/c/test_submit_races.c")

TEST: List[Suite] = [
    Suite("lint", "Every language of the tree keeps to its checked-in style.", pytest("Tests/lint"), (), CPU, 30),
    Suite(
        "swift",
        "The core, the simulator and the ABI's own types, in process.",
        swift(),
        ("debug",),
        CPU,
        20,
        has_test_times=False,
    ),
    Suite("abi", "Header, pages and library agree.", pytest("Tests/abi"), ("libakool", "akool"), CPU, 90),
    Suite("generators", "Generated files are up to date.", pytest("Tests/generators"), ("libakool",), CPU, 10),
    Suite(
        "c",
        "Every promise of the header, in C.",
        pytest("Tests/c", "-n3"),
        ("libakool", "akool-simulator"),
        WAITING,
        120,
    ),
    Suite(
        "c-asan",
        "No memory error in C programs and library.",
        pytest("Tests/c", "-n2", "--akool-build=asan"),
        ("asan", "akool-simulator"),
        CPU,
        90,
    ),
    Suite(
        "c-tsan",
        "No data race in the library.",
        pytest(*RACING, "--akool-build=tsan"),
        ("tsan", "akool-simulator"),
        CPU,
        90,
    ),
    Suite("fuzz", "Made-up frames, webhooks and replies break nothing.", pytest("Tests/fuzz"), ("asan",), CPU, 40),
    Suite(
        "conformance",
        "Requests, answers and scenarios follow AKOOL's contract.",
        pytest("Tests/conformance", "-n2"),
        ("libakool", "akool-simulator"),
        WAITING,
        120,
    ),
    Suite(
        "network",
        "Calls keep their promises against servers that misbehave.",
        pytest("Tests/network", "-n4"),
        ("libakool", "akool-simulator"),
        WAITING,
        120,
    ),
    Suite(
        "faults",
        "Each fault has the expected result, requests and charges.",
        pytest("Tests/faults", "-n3", "--dist=loadgroup"),
        ("libakool", "akool-simulator"),
        WAITING,
        90,
    ),
    Suite(
        "network-curl8",
        "The same promises with a newer libcurl.",
        pytest("Tests/network", "-n4"),
        ("libakool", "akool-simulator", "curl"),
        WAITING,
        120,
        environment=NEWER_CURL,
    ),
    Suite(
        "hostile",
        "No outside hangs a call, a destroy or the loop.",
        pytest("Tests/hostile", "-n4"),
        ("libakool", "akool-simulator"),
        CPU,
        90,
    ),
    Suite(
        "injection",
        "The library survives each C call that fails.",
        pytest("Tests/injection", "-n4"),
        ("libakool", "akool-simulator"),
        WAITING,
        120,
    ),
    Suite(
        "lifecycle",
        "Forks and exits at random moments end in order.",
        pytest("Tests/lifecycle"),
        ("libakool", "akool-simulator"),
        CPU,
        40,
    ),
    Suite(
        "complexity",
        "Costs are linear in text from outside.",
        pytest("Tests/complexity"),
        ("libakool", "akool-simulator"),
        CPU,
        60,
    ),
    Suite(
        "secrets",
        "No planted secret leaks.",
        pytest("Tests/canaries", "-n4"),
        ("libakool", "akool-simulator"),
        WAITING,
        60,
    ),
    Suite(
        "money",
        "No session is lost or paid twice.",
        pytest("Tests/money", "-n3"),
        ("libakool", "akool-simulator"),
        WAITING,
        90,
    ),
    Suite(
        "simulator",
        "The simulator over HTTP.",
        pytest("Tests/simulator_http"),
        ("libakool", "akool-simulator"),
        WAITING,
        60,
    ),
    Suite(
        "live",
        "The live check, against the simulator.",
        pytest("Tests/live"),
        ("libakool", "akool-simulator"),
        WAITING,
        30,
    ),
    Suite("node", "The binding for Node.", pytest("Tests/node"), ("libakool", "akool-simulator"), WAITING, 120),
    Suite(
        "python",
        "The binding for Python.",
        pytest("Tests/python", "-n2"),
        ("libakool", "akool-simulator"),
        WAITING,
        120,
    ),
    Suite("cpp", "The C++ header.", pytest("Tests/cpp"), ("libakool", "akool-simulator"), CPU, 120),
    Suite("command", "The program akool.", pytest("Tests/command"), ("akool", "akool-simulator"), WAITING, 60),
    Suite(
        "packages",
        "Each package works in a clean place.",
        pytest("Tests/consumers"),
        ("libakool", "akool"),
        CPU,
        90,
    ),
    Suite("runner", "The test runner counts and schedules.", pytest("Tests/scripts"), (), WAITING, 20),
    Suite("benchmarks", "Cost per call, and that benchmarks run.", pytest("Tests/benchmarks"), ("libakool",), CPU, 90),
]

DEBUG: Mapping[str, str] = {
    "AKOOL_LIB": str(ROOT / "build/debug/libakool.so"),
    "AKOOL_BUILD": str(ROOT / ".build/debug"),
}
"""Environment of pytest for the build that the Swift tests run."""

CHECK: List[Suite] = [
    *(suite for suite in TEST if suite.name in ("lint", "swift", "runner")),
    Suite(
        "c",
        "Every promise of the header, in C.",
        pytest("Tests/c", "-n3", "--akool-build=debug", "--ignore-glob=*.py"),
        ("debug",),
        WAITING,
        100,
        environment=DEBUG,
    ),
    Suite(
        "generators",
        "Generated files are up to date.",
        pytest("Tests/generators", "-k", "checked_in"),
        ("debug",),
        CPU,
        10,
        environment=DEBUG,
    ),
    Suite(
        "simulator",
        "The simulator over HTTP.",
        pytest("Tests/simulator_http"),
        ("debug", "akool-simulator"),
        WAITING,
        60,
        environment=DEBUG,
    ),
]

BINDINGS = ("Tests/python", "Tests/node", "Tests/cpp", "-n2", "--whole")

WHOLE_S = 4800.0
"""Limit of a suite in the nightly round."""


def nightly(part: int, name: str, shows: str, arguments: Tuple[str, ...], needs: Tuple[str, ...], **more) -> Suite:
    """Makes a suite of the nightly round from arguments of pytest."""
    return Suite(name, shows, pytest(*arguments), needs, limit_s=WHOLE_S, part=part, **more)


SERVICE = ("libakool", "akool-simulator")

NIGHTLY: List[Suite] = [
    nightly(1, "c-valgrind", "No invalid read or write.", ("Tests/c", "-n2", "--valgrind"), SERVICE, resource=CPU),
    nightly(
        1,
        "c-asan-whole",
        "No memory error, in whole rounds.",
        ("Tests/c", "--akool-build=asan", "--whole"),
        ("asan", "akool-simulator"),
        resource=CPU,
    ),
    nightly(
        2,
        "c-tsan-whole",
        "No data race, in whole rounds.",
        ("Tests/c", "--akool-build=tsan", "--whole"),
        ("tsan", "akool-simulator"),
        resource=CPU,
    ),
    nightly(2, "races", "Requests race cancels and ends.", ("--whole", *RACING[1:]), SERVICE),
    nightly(2, "fuzz-whole", "libFuzzer finds nothing.", ("Tests/fuzz", "--seconds=600"), ("fuzzing",), resource=CPU),
    nightly(3, "faults-whole", "Every fault with every operation.", ("Tests/faults", "--whole"), SERVICE),
    nightly(
        3,
        "faults-curl8",
        "The same faults with a newer libcurl.",
        ("Tests/faults", "-n3", "--dist=loadgroup"),
        (*SERVICE, "curl"),
        environment=NEWER_CURL,
    ),
    nightly(3, "hostile-whole", "Every way, with both ends.", ("Tests/hostile", "-n4", "--whole"), SERVICE),
    nightly(
        2, "injection-whole", "The library survives each C call that fails.", ("Tests/injection", "--whole"), SERVICE
    ),
    nightly(2, "lifecycle-whole", "1 000 forks and 1 000 exits.", ("Tests/lifecycle", "--whole"), SERVICE),
    nightly(
        3,
        "network-whole",
        "The promises of calls, in whole rounds.",
        ("Tests/network", "-n4", "--whole"),
        SERVICE,
    ),
    nightly(3, "complexity", "Costs are linear in text.", ("Tests/complexity", "--whole"), SERVICE, resource=CPU),
    nightly(3, "secrets-whole", "No form of a secret leaks.", ("Tests/canaries", "-n4", "--whole"), SERVICE),
    nightly(3, "scenarios", "Every scenario in every language.", ("Tests/conformance", "-n2", "--whole"), SERVICE),
    nightly(3, "packages-whole", "Packages in clean systems.", ("Tests/consumers", "--whole"), ("libakool", "akool")),
    nightly(4, "money-whole", "Crashes, chaos and contention.", ("Tests/money", "-n4", "--whole"), SERVICE),
    nightly(4, "bindings", "Python, Node and C++ in whole rounds.", BINDINGS, SERVICE),
]

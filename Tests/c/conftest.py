"""Collects the C tests: a file of pytest for each test_*.c, a test for each test of cmocka.

A program is compiled and run once, when its first test is due. If some of its tests are deselected, each other test
runs alone. `exit_status`, the last test of each program, fails when the program ends otherwise than cmocka ended it,
as it does after a report of a sanitizer or of valgrind.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator, List, Optional, Tuple, Union

import pytest
from support.c_builds import COMPILE_BOUND_S, CBuild, DoesNotCompile, Variant
from support.cmocka import Run, run_tests, test_names
from support.locations import MissingProduct, library_path

_BUILD = pytest.StashKey[CBuild]()
EXIT_STATUS = "exit_status"
# Programs that a build cannot run: ThreadSanitizer does not support threads in a fork.
_UNFIT = {"tsan": ("test_fork.c",)}
# These compile against the release build themselves, or test the runner.
_RELEASE_ONLY = ("test_examples.py", "test_guide.py", "test_reports.py")
_GDB_AND_SIMULATORS_S = 120


def _variant(config: pytest.Config) -> Variant:
    return Variant(config.getoption("--akool-build"), config.getoption("--valgrind"), config.getoption("--whole"))


def _build(config: pytest.Config) -> CBuild:
    if _BUILD not in config.stash:
        config.stash[_BUILD] = CBuild(_variant(config))
        config.add_cleanup(config.stash[_BUILD].close)
    return config.stash[_BUILD]


@pytest.fixture(scope="session")
def c_build(pytestconfig: pytest.Config) -> CBuild:
    return _build(pytestconfig)


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--valgrind") and config.getoption("--akool-build") not in ("lib", "debug"):
        raise pytest.UsageError("--valgrind does not run sanitized programs: leave --akool-build out.")
    # Fail now: workers of xdist have no way to say why they exit.
    try:
        library_path(config.getoption("--akool-build"))
    except MissingProduct as error:
        raise pytest.UsageError(str(error)) from error
    # With xdist's default, each worker would run the program of each of its tests.
    if getattr(config.option, "dist", "no") == "load":
        config.option.dist = "loadfile"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> Optional[bool]:
    variant = _variant(config)
    if variant.is_valgrind and collection_path.suffix == ".py":
        return True
    left_out = _UNFIT.get(variant.build, ()) + (() if variant.build == "lib" else _RELEASE_ONLY)
    return True if collection_path.name in left_out else None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Optional[pytest.Collector]:
    if file_path.suffix == ".c" and file_path.name.startswith("test_"):
        return CFile.from_parent(parent, path=file_path)
    return None


class CFile(pytest.File):
    """A program of cmocka tests."""

    _program: Union[Path, DoesNotCompile, None] = None
    _whole_run: Optional[Run] = None

    def collect(self) -> Iterator[pytest.Item]:
        for name in [*test_names(self.path), EXIT_STATUS]:
            yield CTest.from_parent(self, name=name)

    def result(self, name: str) -> Run:
        """The run of the program in which a test took part."""
        if not self.runs_whole:
            return self._run(AKOOL_TEST_ONLY=name)
        if self._whole_run is None:
            self._whole_run = self._run()
        return self._whole_run

    @property
    def runs_whole(self) -> bool:
        selected = {item.name for item in self.session.items if item.parent is self}
        return selected >= {*test_names(self.path), EXIT_STATUS}

    def _run(self, **more: str) -> Run:
        build = _build(self.config)
        if self._program is None:
            try:
                self._program = build.compile_test(self.path)
            except DoesNotCompile as error:
                self._program = DoesNotCompile("see the first test of this program")
                raise error
        if isinstance(self._program, DoesNotCompile):
            raise self._program
        environment = {**build.environment(self.path), **more}
        return run_tests([*build.runner, self._program], build.new_folder(), environment, build.variant.limit_s)


class CTest(pytest.Item):
    """A test of cmocka, or the end of its program."""

    seconds: Optional[float] = None

    def __init__(self, **more: Any):
        super().__init__(**more)
        limit_s = _variant(self.config).limit_s + 4 * COMPILE_BOUND_S + _GDB_AND_SIMULATORS_S
        self.add_marker(pytest.mark.timeout(limit_s))

    def runtest(self) -> None:
        if self.name == EXIT_STATUS and not self.parent.runs_whole:
            pytest.skip("the tests of this program ran one by one")
        run = self.parent.result(self.name)
        failure = self._judge_end(run) if self.name == EXIT_STATUS else self._judge(run)
        if failure:
            raise CFailure(failure)

    def _judge(self, run: Run) -> Optional[str]:
        self.user_properties += [("figures", line) for line in run.figures(self.name)]
        failure, outcome = run.failure_of(self.name), run.outcomes.get(self.name)
        if outcome:
            self.seconds = outcome.seconds
            if outcome.is_skipped:
                pytest.skip("skipped by the program")
        return failure or (None if self.parent.runs_whole else run.failure_of_ending())

    def _judge_end(self, run: Run) -> Optional[str]:
        self.seconds = run.seconds - sum(outcome.seconds for outcome in run.outcomes.values())
        self.user_properties += [("seconds", round(run.seconds, 2)), ("cpu_seconds", round(run.cpu_seconds, 2))]
        unknown = sorted(set(run.outcomes) - set(test_names(self.path)))
        return f"Not found in the source: {', '.join(unknown)}." if unknown else run.failure_of_ending()

    def repr_failure(self, excinfo: pytest.ExceptionInfo, style: Any = None) -> Any:
        if excinfo.errisinstance((CFailure, MissingProduct)):
            return str(excinfo.value)
        if excinfo.errisinstance(DoesNotCompile):
            return f"The program does not compile: {excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> Tuple[Path, Optional[int], str]:
        return self.path, None, f"{self.path.stem}: {self.name}"


class CFailure(Exception):
    """A failed test. The message is all that is shown."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[Any]:
    """Reports the time of each test, instead of the time of the program with its first test."""
    report = yield
    if call.when == "call" and isinstance(item, CTest) and item.seconds is not None:
        report.duration = max(0.0, item.seconds)
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    programs: List[Tuple[float, float, str]] = []
    figures: List[str] = []
    for report in reports:
        properties = dict(report.user_properties)
        name = report.nodeid.rpartition("/")[2]
        if "cpu_seconds" in properties:
            programs.append((properties["seconds"], properties["cpu_seconds"], name.partition("::")[0]))
        figures += [f"{name}: {value}" for key, value in report.user_properties if key == "figures"]
    if programs:
        terminalreporter.section("C programs: seconds, CPU seconds")
    for seconds, cpu_seconds, name in sorted(programs, reverse=True):
        terminalreporter.write_line(f"{seconds:7.1f} {cpu_seconds:7.1f}  {name}")
    for line in figures:
        terminalreporter.write_line(line)

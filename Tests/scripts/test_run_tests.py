"""Runs the test runner on made-up suites: what it does not count, or takes for success, would stay unseen."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, Tuple

import pytest
from support.locations import REPOSITORY

sys.path.insert(0, str(REPOSITORY / "scripts"))

import run_tests  # noqa: E402
from testing import junit, rounds  # noqa: E402
from testing.schedule import Job, Outcome, Schedule, critical_path  # noqa: E402
from testing.suites import BUILDS, REPORTS, Build, Suite  # noqa: E402

PASSED = '<testcase classname="a" name="good" time="0.1"/>'
FAILED = '<testcase classname="a" name="bad"><failure message="1 != 2&#10;more"/></testcase>'
ERROR = '<testcase classname="a" name="broken"><error>no fixture</error></testcase>'
SKIPPED = '<testcase classname="a" name="later"><skipped/></testcase>'


def suite(name: str, *cases: str, then: str = "", **more) -> Suite:
    """Makes a suite that writes a report with these test cases and then runs a line of Python."""
    xml = f"<testsuites><testsuite name='s'>{''.join(cases)}</testsuite></testsuites>"
    program = f"import pathlib, sys; pathlib.Path(sys.argv[1], 'r.xml').write_text({xml!r}); {then}"
    return Suite(name, "Shows nothing.", (sys.executable, "-c", program, REPORTS), **{"limit_s": 20, **more})


def run(tmp_path: Path, *suites: Suite, builds: Tuple[Build, ...] = ()) -> int:
    named: Dict[str, Build] = {build.name: build for build in builds}
    return run_tests.Run(suites, named, tmp_path, tmp_path / "logs", cores=2).execute()


@pytest.mark.parametrize(
    "suites, closing, status",
    [
        ([suite("a", PASSED, PASSED), suite("b", PASSED)], "3 passed, 0 failed", 0),
        ([suite("a", PASSED, SKIPPED)], "1 passed, 0 failed, 1 skipped", 0),
        ([suite("a", PASSED, FAILED, ERROR, then="sys.exit(1)")], "1 passed, 2 failed", 1),
        ([suite("a", FAILED)], "0 passed, 1 failed", 1),
        ([suite("a", PASSED, then="sys.exit(3)")], "1 passed, 1 failed", 1),
        ([suite("a", PASSED, then="import os; os.abort()")], "1 passed, 1 failed", 1),
        ([suite("a", PASSED, FAILED, then="import os; os.abort()")], "1 passed, 2 failed", 1),
        ([suite("a")], "0 passed, 1 failed", 1),
        ([suite("a", "<testcase"), suite("b", PASSED)], "1 passed, 1 failed", 1),
        ([Suite("a", "Shows nothing.", ("/nonexistent/command",))], "0 passed, 1 failed", 1),
        ([], "0 passed, 1 failed", 1),
    ],
)
def test_closing_line_and_status_follow_reports(tmp_path, capsys, suites, closing, status):
    assert run(tmp_path, *suites) == status
    assert capsys.readouterr().out.rstrip().splitlines()[-1] == closing


def test_failures_are_named_with_their_message(tmp_path, capsys):
    run(tmp_path, suite("a", FAILED, then="sys.exit(1)"))
    assert "FAILED a: a::bad: 1 != 2" in capsys.readouterr().out.splitlines()


def test_old_report_does_not_count(tmp_path, capsys):
    assert run(tmp_path, suite("a", PASSED)) == 0
    silent = Suite("a", "Shows nothing.", (sys.executable, "-c", "pass"))
    assert run(tmp_path, silent) == 1
    assert "ran no test" in capsys.readouterr().out


def test_suite_is_stopped_with_its_children_after_its_limit(tmp_path, capsys):
    hang = "import subprocess; subprocess.run(['sleep', '600'])"
    assert run(tmp_path, suite("a", PASSED, then=hang, limit_s=1), suite("b", PASSED)) == 1
    output = capsys.readouterr().out
    assert "stopped after 1 s" in output and output.rstrip().endswith("2 passed, 1 failed")


def test_durations_and_merged_report_are_written(tmp_path):
    run(tmp_path, suite("a", PASSED), suite("b", PASSED))
    durations = json.loads((tmp_path / "logs" / "durations.json").read_text())
    assert set(durations["jobs"]) == {"a", "b"} and durations["slowest_tests"][0]["s"] == 0.1
    assert durations["critical_path"] and "wall_s" in durations
    assert junit.read(tmp_path / "logs").counts.passed == 2


def test_build_is_made_once_and_only_if_needed(tmp_path):
    (tmp_path / "Makefile").write_text("p:\n\techo p >>made\nq:\n\techo q >>made\n")
    builds = (Build("product", "p", 1), Build("other", "q", 1))
    needs = {"needs": ("product",)}
    assert run(tmp_path, suite("a", PASSED, **needs), suite("b", PASSED, **needs), builds=builds) == 0
    assert (tmp_path / "made").read_text() == "p\n"


def test_failed_build_fails_the_run_and_skips_its_suites(tmp_path, capsys):
    (tmp_path / "Makefile").write_text("p:\n\t@echo why; false\n")
    needy = suite("a", PASSED, needs=("product",))
    assert run(tmp_path, needy, suite("b", PASSED), builds=(Build("product", "p", 1),)) == 1
    output = capsys.readouterr().out
    assert "a: 0 passed, 0 failed" in output and "product failed" in output and "| why" in output
    assert output.rstrip().endswith("1 passed, 2 failed")


# The schedule.


def schedule(tmp_path: Path, *jobs: Job, cores: int = 2) -> List[Outcome]:
    return Schedule(jobs, tmp_path, tmp_path, cores, lambda outcome: None).run()


def job(name: str, seconds: float = 0.05, **more) -> Job:
    return Job(name, ("sleep", str(seconds)), **more)


def overlap(one: Outcome, other: Outcome) -> bool:
    return one.started < other.ended and other.started < one.ended


def test_jobs_share_cores_by_their_load(tmp_path):
    outcomes = schedule(tmp_path, *(job(name, 0.2) for name in "abcd"))
    running = [sum(one.started <= other.started < one.ended for one in outcomes) for other in outcomes]
    assert max(running) == 2


def test_longest_path_starts_first(tmp_path):
    jobs = [job("short", expected_s=1), job("long", expected_s=9), job("build", expected_s=1)]
    jobs.append(job("after", needs=("build",), expected_s=10))
    started = sorted(schedule(tmp_path, *jobs, cores=1), key=lambda outcome: outcome.started)
    assert [o.job.name for o in started] == ["build", "after", "long", "short"]


def test_exclusive_job_runs_alone(tmp_path):
    outcomes = schedule(tmp_path, job("alone", 0.1, is_exclusive=True), *(job(n, 0.1, load=0.1) for n in "ab"))
    (alone,) = [o for o in outcomes if o.job.is_exclusive]
    assert not any(overlap(alone, other) for other in outcomes if other is not alone)


def test_critical_path_follows_what_released_each_job(tmp_path):
    outcomes = schedule(tmp_path, job("a", 0.2), job("b", 0.01), job("c", 0.1, needs=("a",)))
    assert [o.job.name for o in critical_path(outcomes)] == ["a", "c"]


# The rounds.


@pytest.mark.parametrize("name", rounds.ROUNDS)
def test_round_has_suites_with_known_builds_and_existing_folders(name):
    suites = rounds.suites(name)
    names = [one.name for one in suites]
    assert len(names) == len(set(names)) >= 3 and not set(names) & set(BUILDS)
    for one in suites:
        assert set(one.needs) <= set(BUILDS) and one.shows.endswith("."), one
        for part in one.command:
            assert not part.startswith("Tests/") or (REPOSITORY / part).exists(), part


@pytest.mark.parametrize("build", BUILDS.values(), ids=lambda build: build.name)
def test_build_has_a_rule_in_the_makefile(build):
    plan = subprocess.run(["make", "-n", "-B", build.target], cwd=REPOSITORY, capture_output=True, text=True)
    assert plan.returncode == 0 and "Nothing to be done" not in plan.stdout, plan.stdout + plan.stderr


def test_nightly_parts_are_numbered_from_one():
    parts = {one.part for one in rounds.suites("nightly")}
    assert parts == set(range(1, len(parts) + 1))
    assert sum(len(rounds.suites("nightly", part)) for part in parts) == len(rounds.suites("nightly"))

"""A crash, a hang and a wrong exit status of a C program fail the test concerned, with its output."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.c_builds import FOLDER, CBuild
from support.cmocka import Run, run_tests, test_names

PROGRAM = """
#include "{folder}/support.h"
#include <stdlib.h>
#include <unistd.h>
TEST(passes) {{ print_message("figures: 7 of 7\\n"); }}
TEST(fails) {{ assert_int_equal(1, 2); }}
TEST(skips) {{ skip(); }}
TEST(ends) {{ print_message("last words\\n"); {end} }}
int main(void) {{
  const struct CMUnitTest tests[] = {{
      cmocka_unit_test(passes), cmocka_unit_test(fails), cmocka_unit_test(skips),
      cmocka_unit_test(ends),
  }};
  return RUN(tests) + {more};
}}
"""


@pytest.fixture
def run(c_build: CBuild, tmp_path: Path):
    def make(end: str, more: int = 0, limit_s: float = 60) -> Run:
        source = tmp_path / "program.c"
        source.write_text(PROGRAM.format(folder=FOLDER, end=end, more=more))
        assert test_names(source) == ["passes", "fails", "skips", "ends"]
        program = c_build.compile_test(source)
        return run_tests([program], c_build.new_folder(), c_build.environment(source), limit_s)

    return make


def test_each_test_has_its_outcome(run):
    done = run("")
    assert done.ended_as_expected and done.failure_of_ending() is None
    assert done.failure_of("passes") is None and done.figures("passes") == ["7 of 7"]
    assert "0x1 != 0x2" in done.failure_of("fails")
    assert done.outcomes["skips"].is_skipped and done.failure_of("skips") is None


@pytest.mark.parametrize(
    "end, ending", [("abort();", "was ended by SIGABRT"), ("exit(3);", "ended with exit status 3")]
)
def test_program_that_ends_early_fails_its_tests(run, end, ending):
    done = run(end)
    assert done.failure_of("ends") == f"No result: the program {ending} in this test.\nlast words"
    assert done.failure_of("passes") == done.failure_of_ending() == f"No result: the program {ending} in ends."


def test_program_that_hangs_is_stopped_with_backtraces(run):
    failure = run("pause();", limit_s=2).failure_of("ends")
    assert failure.startswith("No result: the program was stopped after 2 s in this test.\nlast words\n")
    assert "pause" in failure or "No backtraces" in failure


def test_exit_status_other_than_the_failed_tests_is_a_failure(run):
    done = run("", more=66)
    assert done.failure_of("ends") is None
    assert done.failure_of_ending().startswith("The program ended with exit status 67.\n")

"""A reduced round of `make bench`: every program runs; its figures are only shown."""

import subprocess
import sys

import pytest
from support.locations import REPOSITORY


@pytest.mark.timeout(600)
def test_every_program_runs_when_round_is_reduced() -> None:
    outcome = subprocess.run([sys.executable, str(REPOSITORY / "benchmarks" / "run.py"), "--quick"], check=False)
    assert outcome.returncode == 0

"""The modules of benchmarks/ for its tests."""

import faulthandler
import sys

import pytest
from support.locations import REPOSITORY

sys.path.insert(0, str(REPOSITORY / "benchmarks"))


@pytest.fixture(autouse=True)
def no_traceback_of_slow_tests() -> None:
    """Cancels pytest's dump of every thread: on a busy machine callgrind takes longer than its limit."""
    faulthandler.cancel_dump_traceback_later()

"""Puts the binding and the tests' helpers where they can be imported."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path[:0] = [entry for entry in (str(Path(__file__).parent),) if entry not in sys.path]

import python_support  # noqa: E402, F401


@pytest.fixture(autouse=True)
def unraisable_is_a_failure(recwarn: pytest.WarningsRecorder) -> None:
    """What goes wrong where nobody can be told, in finalizers and callbacks, fails the test."""
    yield
    ignored = [str(warning.message) for warning in recwarn.list if "Unraisable" in type(warning.message).__name__]
    assert not ignored, ignored

"""The wheel brings everything but the system's libraries."""

import sys

import pytest

from .quickstarts import check, copy, demand, run

# The quick start, and then which library it has loaded.
LOADED = """
import re, runpy
try:
    runpy.run_path("quickstart.py", run_name="__main__")
finally:
    print("loaded:", *sorted(set(re.findall(r"/\\S*libakool\\S*", open("/proc/self/maps").read()))))
"""


@pytest.fixture(scope="module")
def python(packages, tmp_path_factory):
    """The Python of a fresh environment with nothing but the wheel, which was fetched from nowhere."""
    folder = tmp_path_factory.mktemp("wheel")
    demand(sys.executable, "-m", "venv", folder / "venv", folder=folder)
    program = folder / "venv/bin/python"
    demand(program, "-m", "pip", "install", "--no-index", "--disable-pip-version-check", packages.wheel, folder=folder)
    return program


def test_quick_start(python, tmp_path):
    copy("python", "quickstart.py", tmp_path)
    check(run(python, "quickstart.py", folder=tmp_path))


def test_its_own_library_is_loaded(python, tmp_path):
    copy("python", "quickstart.py", tmp_path)
    outcome = run(python, "-c", LOADED, folder=tmp_path)
    (library,) = outcome.stdout.splitlines()[-1].split()[1:]
    assert library.startswith(str(python.parents[1])), outcome.stdout + outcome.stderr


def test_nothing_else_is_installed(python, tmp_path):
    listed = demand(python, "-m", "pip", "list", "--format", "freeze", "--disable-pip-version-check", folder=tmp_path)
    assert {line.split("==")[0] for line in listed.splitlines()} <= {"libakool", "pip", "setuptools", "wheel"}

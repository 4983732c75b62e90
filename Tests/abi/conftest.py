"""What the tests of the C interface share: where things are, and how to compile C."""

import json
import subprocess
import sys

import pytest

from .header import Header
from .places import BUILD, HEADER, LIBRARY, ROOT


def run(*command, **options):
    """Runs a command and fails the test with its output when it fails."""
    outcome = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=120, **options)
    assert outcome.returncode == 0, f"{command}\n{outcome.stdout}{outcome.stderr}"
    return outcome.stdout


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def library():
    assert LIBRARY.is_file(), f"{LIBRARY} is not there: make lib, or set AKOOL_LIB"
    return LIBRARY


@pytest.fixture(scope="session")
def build():
    assert BUILD.is_dir(), f"{BUILD} is not there: make lib, or set AKOOL_BUILD"
    return BUILD


@pytest.fixture(scope="session")
def header():
    return Header(HEADER.read_text())


@pytest.fixture(scope="session")
def catalogue(root, library):
    program = "import json, sys, generate_header; print(json.dumps(generate_header.Library(sys.argv[1]).catalogue))"
    outcome = subprocess.run(
        [sys.executable, "-c", program, str(library)], cwd=root / "scripts", capture_output=True, text=True, timeout=60
    )
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)


@pytest.fixture
def run_command():
    return run


@pytest.fixture
def compile_program(tmp_path, library):
    """Compiles C or C++ text to a program that is linked with the library, and returns its path."""

    def compile_text(text, suffix=".c", options=()):
        source, program = tmp_path / f"program{suffix}", tmp_path / "program"
        source.write_text(text)
        compiler = "g++" if suffix == ".cpp" else "gcc"
        run(
            compiler,
            "-Wall",
            "-Wextra",
            "-Werror",
            "-pthread",
            *options,
            "-I",
            ROOT / "include",
            source,
            "-o",
            program,
            library,
            f"-Wl,-rpath,{library.parent}",
        )
        return program

    return compile_text

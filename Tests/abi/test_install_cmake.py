"""find_package(akool) finds what was installed, wherever that is now, and only if its version will do."""

import os
import re
import shutil
import subprocess

import pytest

from .test_install import PROGRAM, install

PROJECT = """
cmake_minimum_required(VERSION 3.16)
project(consumer LANGUAGES C CXX)
find_package(akool 0.1 REQUIRED)
add_executable(in_c program.c)
add_executable(in_cpp program.cpp)
target_link_libraries(in_c PRIVATE akool::akool)
target_link_libraries(in_cpp PRIVATE akool::akool)
"""

# Without a language CMake looks for no compiler, which makes it quick.
QUESTION = """
cmake_minimum_required(VERSION 3.16)
project(question LANGUAGES NONE)
find_package(akool {version})
message(STATUS "found: ${{akool_FOUND}} ${{akool_VERSION}}")
"""


def cmake(*arguments):
    environment = {"PATH": os.environ["PATH"]}
    command = ["cmake", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100)


def build_and_run(prefix, folder):
    """Builds the program in both languages by what is in `prefix`, and runs it."""
    folder.mkdir()
    (folder / "CMakeLists.txt").write_text(PROJECT)
    for name in ("program.c", "program.cpp"):
        (folder / name).write_text(PROGRAM)
    for arguments in (
        ["-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={prefix}"],
        ["--build", folder / "build"],
    ):
        outcome = cmake(*arguments)
        assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    for name in ("in_c", "in_cpp"):
        outcome = subprocess.run([folder / "build" / name], env={}, capture_output=True, text=True, timeout=60)
        assert outcome.stdout == 'it "works"\n', outcome


def ask(prefix, folder, version=""):
    """What CMake says about find_package(akool `version`)."""
    folder.mkdir()
    (folder / "CMakeLists.txt").write_text(QUESTION.format(version=version))
    outcome = cmake("-S", folder, "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout + outcome.stderr


@pytest.fixture(scope="module")
def prefix(root, library, tmp_path_factory):
    folder = tmp_path_factory.mktemp("cmake") / "prefix"
    outcome = install(root, library, PREFIX=folder)
    assert outcome.returncode == 0, outcome.stderr
    return folder


def test_programs_need_only_find_package(prefix, tmp_path):
    build_and_run(prefix, tmp_path / "consumer")


def test_prefix_may_be_moved(prefix, tmp_path):
    shutil.copytree(prefix, tmp_path / "moved", symlinks=True)
    build_and_run(tmp_path / "moved", tmp_path / "consumer")


def test_headers_are_found_from_a_folder_for_the_architecture(root, library, tmp_path):
    """As Debian has it, with /lib as a link to /usr/lib."""
    outcome = install(root, library, PREFIX="/usr", LIBDIR="/usr/lib/x86_64-linux-gnu", DESTDIR=tmp_path / "system")
    assert outcome.returncode == 0, outcome.stderr
    (tmp_path / "system/lib").symlink_to("usr/lib")
    config = tmp_path / "system/lib/x86_64-linux-gnu/cmake/akool"
    assert (config / "akool-config.cmake").exists()
    build_and_run(config, tmp_path / "consumer")


# The versions below are told by the current one: M, N and P are its parts, V is all of it.
WILL_DO = ["", "M", "M.N", "V", "M.N.0", "V EXACT", "M.0.0...V", "M.N...<{M+1}"]
WILL_NOT_DO = ["M.N.{P+1}", "M.{N+1}", "{M+1}", "{M+1}.0.0", "V.1 EXACT", "0...<V", "{M+1}...{M+2}"]


def spelled(version, header):
    numbers = {
        name: header.constants[f"AKOOL_VERSION_{part}"]
        for name, part in (("M", "MAJOR"), ("N", "MINOR"), ("P", "PATCH"))
    }
    version = re.sub(r"{(\w)\+(\d)}", lambda match: str(int(numbers[match[1]]) + int(match[2])), version)
    return re.sub(r"[MNP]\b", lambda match: numbers[match[0]], version.replace("V", "M.N.P"))


@pytest.mark.parametrize("version", WILL_DO)
def test_versions_that_will_do(prefix, header, tmp_path, version):
    said = ask(prefix, tmp_path / "question", spelled(version, header))
    assert f"found: 1 {spelled('V', header)}\n" in said


@pytest.mark.parametrize("version", WILL_NOT_DO)
def test_versions_that_will_not_do(prefix, header, tmp_path, version):
    said = ask(prefix, tmp_path / "question", spelled(version, header))
    assert "found: 0 \n" in said and f"version: {spelled('V', header)}\n" in said


@pytest.mark.parametrize("missing", ["lib/libakool.so.1", "include/akool.h"])
def test_says_what_is_missing(prefix, tmp_path, missing):
    shutil.copytree(prefix, tmp_path / "broken", symlinks=True)
    (tmp_path / "broken" / missing).unlink()
    said = " ".join(ask(tmp_path / "broken", tmp_path / "question", "0.1").split())
    assert "found: 0" in said
    assert "Install it again" in said and str(tmp_path / "broken" / missing) in said

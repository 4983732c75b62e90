"""The quick starts as a user has them: copied out of the repository, built by what is installed, and run."""

import os
import shutil
import subprocess
from dataclasses import dataclass

from support.locations import REPOSITORY

CMAKE_PROJECT = """\
cmake_minimum_required(VERSION 3.16)
project(quickstart LANGUAGES C CXX)
find_package(akool 0.1 REQUIRED)

add_executable(in_c quickstart.c)
target_link_libraries(in_c PRIVATE akool::akool)

add_executable(in_cpp quickstart.cpp)
target_compile_features(in_cpp PRIVATE cxx_std_17)
target_link_libraries(in_cpp PRIVATE akool::akool)
"""


@dataclass(frozen=True)
class Language:
    """A language whose quick start is compiled."""

    folder: str
    source: str
    compiler: str
    standard: str


C = Language("c", "quickstart.c", "gcc", "-std=c99")
CPP = Language("cpp", "quickstart.cpp", "g++", "-std=c++17")
COMPILED = (C, CPP)


def environment(folder, **more):
    """That of somebody who has nothing of ours: no key, no library path, a home of their own."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", **more}


def copy(language, name, folder):
    """Copies one example out of the repository, to where nothing of the repository can be found from it."""
    folder.mkdir(parents=True, exist_ok=True)
    return shutil.copy(REPOSITORY / "examples" / language / name, folder / name)


def run(*command, folder, timeout=100, **more):
    command = [str(part) for part in command]
    return subprocess.run(
        command, cwd=folder, env=environment(folder, **more), capture_output=True, text=True, timeout=timeout
    )


def demand(*command, folder, **more):
    """Runs what has to succeed, and returns what it said."""
    outcome = run(*command, folder=folder, **more)
    assert outcome.returncode == 0, f"{command}\n{outcome.stdout}{outcome.stderr}"
    return outcome.stdout


def build_with_pkg_config(language, folder, **pkg_config):
    """Compiles a quick start in `folder` by what pkg-config says, and returns the program."""
    copy(language.folder, language.source, folder)
    flags = demand("pkg-config", "--cflags", "--libs", "akool", folder=folder, **pkg_config).split()
    demand(
        language.compiler,
        language.standard,
        "-Wall",
        "-Wextra",
        "-Werror",
        language.source,
        "-o",
        "quickstart",
        *flags,
        folder=folder,
    )
    return folder / "quickstart"


def build_with_cmake(folder, *definitions):
    """Compiles the quick starts in C and C++ in `folder` by find_package, and returns the programs."""
    for language in COMPILED:
        copy(language.folder, language.source, folder)
    (folder / "CMakeLists.txt").write_text(CMAKE_PROJECT, encoding="utf-8")
    demand("cmake", "-S", ".", "-B", "build", *definitions, folder=folder)
    demand("cmake", "--build", "build", folder=folder)
    return [folder / "build/in_c", folder / "build/in_cpp"]


def check(outcome):
    """A quick start that met nobody's account says so first, does its whole job and ends well."""
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert outcome.stdout.startswith("SIMULATED: "), outcome.stdout
    assert "SIMULATED-" in outcome.stdout, "no credentials of a simulated room: " + outcome.stdout


def check_program(program, folder, place, **more):
    """Runs a quick start, which must take the library from `place`."""
    loaded = demand("ldd", program, folder=folder, **more)
    assert f"libakool.so.1 => {place}" in loaded, loaded
    check(run(program, folder=folder, **more))

"""The shared library is one that any program can carry."""

import os
import re
import subprocess
import sys

import pytest

NEEDED = {
    "libcurl.so.4",
    "libjansson.so.4",
    "libsqlite3.so.0",
    "libcrypto.so.3",
    "libstdc++.so.6",
    "libgcc_s.so.1",
    "libm.so.6",
    "libc.so.6",
    "ld-linux-x86-64.so.2",
}


@pytest.fixture
def dynamic(library, run_command):
    """The dynamic section, as pairs of tag and value."""
    text = run_command("readelf", "-dW", library)
    return re.findall(r"^ 0x[0-9a-f]+ \((\w+)\)\s+(.*)$", text, re.MULTILINE)


def values(dynamic, tag):
    return [value for name, value in dynamic if name == tag]


def bracketed(entries):
    return [re.search(r"\[(.*)\]", value).group(1) for value in entries]


def exports(library, run_command):
    return [line.split()[-1] for line in run_command("nm", "-D", "--defined-only", library).splitlines()]


def test_exports_exactly_the_functions_of_the_header(library, header, run_command):
    names = [symbol.split("@")[0] for symbol in exports(library, run_command)]
    assert sorted(names) == sorted(function.name for function in header.functions)


def test_every_export_has_its_version(library, run_command):
    assert all(symbol.endswith("@@AKOOL_1") for symbol in exports(library, run_command))


def test_soname(dynamic):
    assert bracketed(values(dynamic, "SONAME")) == ["libakool.so.1"]


def test_needs_only_what_it_may(dynamic):
    assert set(bracketed(values(dynamic, "NEEDED"))) <= NEEDED
    assert {"libcurl.so.4", "libjansson.so.4"} <= set(bracketed(values(dynamic, "NEEDED")))


def test_is_hardened(dynamic, library, run_command):
    flags = " ".join(values(dynamic, "FLAGS") + values(dynamic, "FLAGS_1"))
    assert "BIND_NOW" in flags and "NOW" in flags.split() and "NODELETE" in flags
    assert not values(dynamic, "TEXTREL") and "TEXTREL" not in flags
    segments = run_command("readelf", "-lW", library)
    assert "GNU_RELRO" in segments
    assert re.search(r"GNU_STACK.* RW ", segments)
    assert not re.search(r"LOAD.* RWE ", segments)


def test_looks_for_libraries_where_the_system_does(dynamic):
    assert not values(dynamic, "RUNPATH") and not values(dynamic, "RPATH")


def test_is_stripped_and_small(library, run_command):
    sections = run_command("readelf", "-SW", library)
    assert ".symtab" not in sections and ".debug_" not in sections
    assert library.stat().st_size <= 8_000_000


def test_carries_no_regular_expressions(library):
    """String.contains(String), split(separator: String), replacing and the like draw in 1.6 MB of them."""
    assert b"_RegexParser" not in library.read_bytes()


def test_names_no_path_of_the_machine_that_built_it(library, root):
    assert str(root).encode() + b"/" not in library.read_bytes()


LOAD = """
import ctypes, os, sys
def handlers():
    return [line for line in open("/proc/self/status") if line.startswith("SigCgt")]
def threads():
    return len(os.listdir("/proc/self/task"))
before = handlers(), threads(), dict(os.environ)
library = ctypes.CDLL(sys.argv[1])
library.akool_version.restype = ctypes.c_char_p
assert library.akool_version().count(b".") == 2
assert (handlers(), threads(), dict(os.environ)) == before
assert not [line for line in open("/proc/self/maps") if "/swift" in line]
"""


def test_loads_without_swift_and_touches_nothing(library):
    outcome = subprocess.run(
        [sys.executable, "-c", LOAD, str(library)],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert outcome.returncode == 0, outcome.stderr


UNLOAD = """
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
int main(int count, char **arguments) {
  int round;
  (void)count;
  for (round = 0; round < 50; round++) {
    void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    const char *(*version)(void);
    if (!library) return puts(dlerror()), 1;
    *(void **)&version = dlsym(library, "akool_version");
    if (!strchr(version(), '.')) return 1;
    dlclose(library);
    if (!strchr(version(), '.')) return 1;
  }
  return 0;
}
"""


def test_stays_when_it_is_unloaded(library, tmp_path, run_command):
    (tmp_path / "unload.c").write_text(UNLOAD)
    run_command("gcc", "-o", tmp_path / "unload", tmp_path / "unload.c", "-ldl")
    run_command(tmp_path / "unload", library, env={**os.environ, "LD_BIND_NOW": "1"})

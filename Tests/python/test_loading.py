"""Which library is loaded, and what is said when none can be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import akool
import pytest
from python_support import PACKAGE, environment
from support.locations import library_path

LIBRARIES = ["libcurl.so.4", "libjansson.so.4", "libsqlite3.so.0", "libcrypto.so.3"]
INSTALL = "apt-get install -y libcurl4 libjansson4 libsqlite3-0 libssl3"
PROGRAM = "import akool; print(akool.version()); print(akool._native._find())"


def load(program: str = PROGRAM, **env: object) -> "subprocess.CompletedProcess[str]":
    """Imports the package in a process of its own. An environment value of None takes a variable out."""
    merged = {**environment(), **env}
    kept = {name: str(value) for name, value in merged.items() if value is not None}
    return subprocess.run([sys.executable, "-c", program], env=kept, capture_output=True, text=True, timeout=60)


def trouble(**env: object) -> str:
    result = load(**env)
    assert result.returncode == 1 and "ImportError" in result.stderr, result
    return result.stderr


def compile_library(folder: Path, name: str, source: str, *flags: str) -> Path:
    path = folder / name
    command = ["gcc", "-shared", "-fPIC", "-x", "c", "-", "-o", str(path), f"-Wl,-soname,{name}", *flags]
    subprocess.run(command, input=source, text=True, check=True, timeout=60)
    return path


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package, for libraries to be put into."""
    shutil.copytree(PACKAGE / "akool", tmp_path / "akool", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_the_named_library_is_loaded(tmp_path):
    copy = tmp_path / "copy.so"
    shutil.copy(library_path(), copy)
    assert load(AKOOL_LIB=copy).stdout.split() == [akool.version(), str(copy)]
    relative = os.path.relpath(copy)
    assert load(AKOOL_LIB=relative).stdout.split() == [akool.version(), str(copy)]


def test_the_packages_library_goes_before_the_named_one(package):
    bundled = package / "akool" / "libakool.so.1"
    shutil.copy(library_path(), bundled)
    result = load(AKOOL_LIB="/nonexistent.so", PYTHONPATH=package)
    assert result.stdout.split() == [akool.version(), str(bundled)], result


def test_else_the_systems_library_is_loaded(tmp_path):
    (tmp_path / "libakool.so.1").symlink_to(library_path())
    result = load(AKOOL_LIB=None, LD_LIBRARY_PATH=tmp_path)
    assert result.stdout.split() == [akool.version(), "libakool.so.1"], result


def test_no_library():
    for env in ({"AKOOL_LIB": None}, {"AKOOL_LIB": "/nonexistent/libakool.so.1"}):
        text = trouble(**env)
        assert "Install the wheel" in text and "AKOOL_LIB" in text


@pytest.mark.parametrize("missing", LIBRARIES)
def test_a_missing_system_library_names_the_packages(tmp_path, missing):
    """The loader looks for a library of a name that nobody has, in place of the real one."""
    text = library_path().read_bytes()
    other = missing[:-1] + "9"
    assert missing.encode() + b"\0" in text
    broken = tmp_path / "libbroken.so"
    broken.write_bytes(text.replace(missing.encode() + b"\0", other.encode() + b"\0"))
    said = trouble(AKOOL_LIB=broken)
    assert f"{other}: cannot open shared object file" in said and f"{other} is not installed. Run: {INSTALL}" in said


def test_the_advice_for_each_missing_library():
    from akool._native import _advice

    for name in LIBRARIES:
        said = _advice(f"{name}: cannot open shared object file: No such file or directory")
        assert said == f"{name} is not installed. Run: {INSTALL}"
    assert "Debian 12" in _advice("/lib/libc.so.6: version `GLIBC_2.99' not found (required by /x/libakool.so.1)")
    assert "OpenSSL" in _advice("/conda/libcurl.so.4: version `CURL_OPENSSL_4' not found (required by libakool.so.1)")
    assert "older" in _advice("/x/libakool.so.1: undefined symbol: curl_easy_new_thing")


def test_a_libcurl_of_another_flavour_is_refused(tmp_path):
    """As where somebody else's libcurl comes first in the loader's path."""
    compile_library(tmp_path, "libcurl.so.4", "int curl_global_init(long flags) { return (int)flags; }")
    said = trouble(LD_LIBRARY_PATH=tmp_path)
    assert "libcurl" in said and "Debian 12" in said, said


def test_something_else_is_no_libakool(tmp_path):
    said = trouble(AKOOL_LIB=compile_library(tmp_path, "libother.so", "int other;"))
    assert "is not libakool, or one too old: it has no akool_" in said
    text = tmp_path / "text.so"
    text.write_text("no library at all")
    assert "cannot be loaded" in trouble(AKOOL_LIB=text)


@pytest.mark.parametrize(
    "version, fits", [("0.1.0", True), ("0.1.9", True), ("0.2.0", True), ("0.0.9", False), ("1.0.0", False)]
)
def test_the_version_must_fit(tmp_path, version, fits):
    from akool._native import _SIGNATURES

    functions = "".join(f"void *{name}(void) {{ return 0; }}\n" for name in _SIGNATURES if name != "akool_version")
    source = f'const char *akool_version(void) {{ return "{version}"; }}\n{functions}'
    library = compile_library(tmp_path, "libakool.so.1", source, "-fno-builtin", "-w")
    if fits:
        assert load(AKOOL_LIB=library).stdout.split()[0] == version
    else:
        assert f"this package is for libakool {akool.__version__}; {library} is {version}" in trouble(AKOOL_LIB=library)


def test_another_platform_is_told(package):
    program = "import platform; platform.machine = lambda: 'aarch64'\nimport akool"
    result = load(program)
    assert "ImportError: libakool does not run on linux aarch64" in result.stderr


def test_importing_is_quick_and_starts_nothing():
    program = """import threading, os, sys
import akool
print(threading.active_count(), len(os.listdir('/proc/self/task')), 'akool.types' in sys.modules)
"""
    assert load(program).stdout.split() == ["1", "1", "False"]


def test_another_allocator_can_be_preloaded():
    allocator = Path("/usr/lib/x86_64-linux-gnu/libjemalloc.so.2")
    if not allocator.exists():
        pytest.skip("no libjemalloc2")
    program = """import akool
with akool.Client(base_url='simulator:', environment=False, api_key='simulator') as client:
    print(client.account.credit())
"""
    result = load(program, LD_PRELOAD=allocator)
    assert (result.returncode, result.stdout) == (0, "{'credit': 6000}\n"), result

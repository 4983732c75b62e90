"""What is installed is all that a program needs."""

import os
import subprocess

import pytest

PROGRAM = """
#include <akool.h>
#include <stdio.h>
#include <string.h>
int main(void) {
  char *json, *value;
  if (strcmp(AKOOL_VERSION, akool_version()) != 0) return 1;
  if (akool_json_quote("it \\"works\\"", &json) != AKOOL_OK) return 2;
  if (akool_json_get(json, "", &value) != AKOOL_OK) return 3;
  puts(value);
  akool_string_free(value);
  akool_string_free(json);
  return 0;
}
"""


def install(root, library, **variables):
    assert library == (root / "build/lib/libakool.so.1").resolve(), "install.sh takes the library from build/lib"
    environment = {**os.environ, **{name: str(value) for name, value in variables.items()}}
    return subprocess.run(
        [str(root / "scripts/install.sh")], env=environment, capture_output=True, text=True, timeout=60
    )


def build_with_pkg_config(prefix, folder, compiler, suffix, run_command):
    environment = {"PATH": os.environ["PATH"], "PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig")}
    flags = run_command("pkg-config", "--cflags", "--libs", "akool", env=environment).split()
    source = folder / f"program{suffix}"
    source.write_text(PROGRAM)
    run_command(compiler, source, "-o", folder / "program", *flags)
    return folder / "program"


@pytest.mark.parametrize("compiler, suffix", [("gcc", ".c"), ("g++", ".cpp"), ("clang", ".c")])
def test_program_needs_only_pkg_config(root, library, tmp_path, run_command, compiler, suffix):
    prefix = tmp_path / "prefix"
    outcome = install(root, library, PREFIX=prefix)
    assert outcome.returncode == 0, outcome.stderr
    program = build_with_pkg_config(prefix, tmp_path, compiler, suffix, run_command)
    assert run_command(program, env={}) == 'it "works"\n'


def test_installs_what_it_says(root, library, tmp_path):
    prefix = tmp_path / "prefix"
    install(root, library, PREFIX=prefix)
    found = {str(path.relative_to(prefix)) for path in prefix.rglob("*") if not path.is_dir()}
    assert found == {
        "bin/akool",
        *(f"include/{header.name}" for header in (root / "include").iterdir()),
        "lib/cmake/akool/akool-config-version.cmake",
        "lib/cmake/akool/akool-config.cmake",
        "lib/libakool.so",
        "lib/libakool.so.1",
        "lib/pkgconfig/akool.pc",
        "share/man/man1/akool.1",
    }
    assert "include/akool.h" in found
    assert os.readlink(prefix / "lib/libakool.so") == "libakool.so.1"


def test_the_installed_program_finds_its_library(root, library, tmp_path, run_command):
    prefix = tmp_path / "elsewhere"
    install(root, library, PREFIX=prefix)
    assert run_command(prefix / "bin/akool", "--simulator", "credit", env={}) == "6000.00\n"


def test_version_is_that_of_the_header(root, library, header, tmp_path, run_command):
    install(root, library, PREFIX=tmp_path)
    version = run_command("pkg-config", "--modversion", tmp_path / "lib/pkgconfig/akool.pc").strip()
    assert f'"{version}"' == header.constants["AKOOL_VERSION"]


def test_destdir_is_in_no_file(root, library, tmp_path):
    outcome = install(root, library, PREFIX="/usr", LIBDIR="/usr/lib/x86_64-linux-gnu", DESTDIR=tmp_path)
    assert outcome.returncode == 0, outcome.stderr
    text = (tmp_path / "usr/lib/x86_64-linux-gnu/pkgconfig/akool.pc").read_text()
    assert "rpath" not in text and "@" not in text
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or str(tmp_path).encode() not in path.read_bytes(), path
    assert "libdir=/usr/lib/x86_64-linux-gnu" in text


def test_a_relocatable_prefix_works_wherever_it_is(root, library, tmp_path, run_command):
    outcome = install(root, library, PREFIX=tmp_path / "built", RELOCATABLE=1)
    assert outcome.returncode == 0, outcome.stderr
    (tmp_path / "built").rename(tmp_path / "moved")
    program = build_with_pkg_config(tmp_path / "moved", tmp_path, "gcc", ".c", run_command)
    assert run_command(program, env={}) == 'it "works"\n'
    for path in (tmp_path / "moved").rglob("*"):
        assert not path.is_file() or str(tmp_path / "built").encode() not in path.read_bytes(), path


def test_a_relocatable_prefix_is_whole(root, library, tmp_path):
    outcome = install(root, library, PREFIX="/usr", LIBDIR="/usr/lib64", DESTDIR=tmp_path, RELOCATABLE=1)
    assert outcome.returncode == 2 and "RELOCATABLE" in outcome.stderr
    assert not list(tmp_path.iterdir())


def test_installing_again_replaces(root, library, tmp_path):
    install(root, library, PREFIX=tmp_path)
    (tmp_path / "include/akool.h").write_text("old")
    assert install(root, library, PREFIX=tmp_path).returncode == 0
    assert (tmp_path / "include/akool.h").read_text() == (root / "include/akool.h").read_text()


@pytest.mark.parametrize("prefix", ["relative/path", "/with blank"])
def test_refuses_paths_that_cannot_work(root, library, tmp_path, prefix):
    outcome = install(root, library, PREFIX=prefix, DESTDIR=tmp_path)
    assert outcome.returncode == 2 and "PREFIX" in outcome.stderr
    assert not list(tmp_path.iterdir())

"""The Debian packages: what they hold, what they ask for, and that they are enough to build a program with."""

import re
import subprocess

import pytest
from support.locations import REPOSITORY, library_path

from .packages import DEBS, HEADER, IS_FULL, VERSION, make
from .quickstarts import COMPILED, build_with_cmake, build_with_pkg_config, check_program, demand

MULTIARCH = "usr/lib/x86_64-linux-gnu"
CONTENT = {
    "libakool1": {f"{MULTIARCH}/libakool.so.1"},
    "libakool-dev": {
        *(f"usr/include/{header.name}" for header in HEADER.parent.iterdir()),
        f"{MULTIARCH}/libakool.so",
        f"{MULTIARCH}/pkgconfig/akool.pc",
        f"{MULTIARCH}/cmake/akool/akool-config.cmake",
        f"{MULTIARCH}/cmake/akool/akool-config-version.cmake",
    },
    "akool": {"usr/bin/akool", "usr/share/man/man1/akool.1.gz"},
}


def ask(*command):
    """What a command that only tells something says."""
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout


def field(package, name):
    return ask("dpkg-deb", "-f", package, name).strip()


def functions_of_header():
    return set(re.findall(r"^AKOOL_API [^;(]*?(akool_\w+)\(", HEADER.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.fixture(scope="module")
def system(packages, tmp_path_factory):
    """All three, unpacked into one folder."""
    folder = tmp_path_factory.mktemp("unpacked")
    for name in DEBS:
        ask("dpkg-deb", "-x", packages.deb(name), folder)
    return folder


@pytest.mark.nightly
def test_lintian_is_content(packages):
    files = [str(packages.deb(name)) for name in DEBS]
    if "make_deb.sh" in packages.said:  # which asks lintian itself
        assert "lintian has neither errors nor warnings" in packages.said["make_deb.sh"]
    else:
        outcome = subprocess.run(["lintian", "--allow-root", *files], capture_output=True, text=True)
        assert outcome.stdout == "", outcome.stdout


@pytest.mark.parametrize("name", DEBS)
def test_content(packages, name):
    listed = ask("dpkg-deb", "-c", packages.deb(name)).splitlines()
    assert all(line.split()[1] == "root/root" for line in listed)
    files = {line.split(" ./", 1)[1].split(" -> ")[0] for line in listed if not line.startswith("d")}
    documents = {file for file in files if file.startswith(f"usr/share/doc/{name}/")}
    assert files - documents == CONTENT[name]
    assert {f"usr/share/doc/{name}/{file}" for file in ("copyright", "changelog.gz")} <= documents


def test_what_they_ask_for(packages):
    library, development, program = (packages.deb(name) for name in DEBS)
    wanted = dict(re.findall(r"([\w+.-]+) \(>= ([^)]+)\)", field(library, "Depends")))
    assert {"libc6", "libcurl4", "libjansson4", "libsqlite3-0", "libssl3", "libstdc++6"} <= set(wanted)
    assert wanted["libcurl4"] == "7.87" and wanted["libc6"] == "2.36"
    assert field(development, "Depends") == f"libakool1 (= {VERSION})"
    assert "libakool1 (>= 0.1)" in field(program, "Depends")
    assert [field(package, "Multi-Arch") for package in (library, development, program)] == ["same", "same", "foreign"]
    assert {field(package, "Version") for package in (library, development, program)} == {VERSION}


def test_symbols_are_those_of_the_header(packages):
    text = ask("dpkg-deb", "-I", packages.deb("libakool1"), "symbols")
    assert text.startswith("libakool.so.1 libakool1 #MINVER#\n")
    assert set(re.findall(r"^ (\w+)@AKOOL_1 [\d.]+$", text, re.MULTILINE)) == functions_of_header()
    assert "activate-noawait ldconfig" in ask("dpkg-deb", "-I", packages.deb("libakool1"), "triggers")


@pytest.mark.parametrize("file", [f"{MULTIARCH}/libakool.so.1", "usr/bin/akool"])
def test_is_hardened_and_looks_nowhere_for_libraries(system, file):
    dynamic = ask("readelf", "-dW", system / file)
    assert "RPATH" not in dynamic and "RUNPATH" not in dynamic
    assert "BIND_NOW" in dynamic or re.search(r"FLAGS_1.*\bNOW\b", dynamic)
    headers = ask("readelf", "-lW", system / file)
    assert "GNU_RELRO" in headers and re.search(r"GNU_STACK .* RW ", headers)


def test_is_the_library_that_was_built(system):
    assert (system / MULTIARCH / "libakool.so.1").read_bytes() == library_path().read_bytes()


@pytest.mark.parametrize("language", COMPILED, ids=lambda language: language.folder)
def test_quick_start_by_pkg_config(system, tmp_path, language):
    program = build_with_pkg_config(
        language, tmp_path, PKG_CONFIG_LIBDIR=str(system / MULTIARCH / "pkgconfig"), PKG_CONFIG_SYSROOT_DIR=str(system)
    )
    check_program(program, tmp_path, system, LD_LIBRARY_PATH=str(system / MULTIARCH))


def test_quick_starts_by_cmake(system, tmp_path):
    for program in build_with_cmake(tmp_path, f"-DCMAKE_PREFIX_PATH={system / 'usr'}"):
        check_program(program, tmp_path, system)


def test_program(system, tmp_path):
    said = demand(
        system / "usr/bin/akool", "--simulator", "credit", folder=tmp_path, LD_LIBRARY_PATH=str(system / MULTIARCH)
    )
    assert said == "6000.00\n"


@pytest.mark.parametrize(
    "added, removed", [("akool_surprise", None), (None, "akool_client_event_fd")][: 2 if IS_FULL else 1]
)
def test_a_library_that_is_not_that_of_the_header_is_refused(tmp_path, added, removed):
    """A stand-in, which has the header's functions but for one."""
    names = (functions_of_header() | {added}) - {removed, None}
    (tmp_path / "stand_in.c").write_text("".join(f"void {name}(void) {{}}\n" for name in names))
    library = tmp_path / "libakool.so.1"
    demand(
        "gcc",
        "-shared",
        "-fPIC",
        "stand_in.c",
        "-o",
        library,
        "-Wl,-soname,libakool.so.1",
        f"-Wl,--version-script={REPOSITORY / 'scripts/libakool.map'}",
        folder=tmp_path,
    )
    outcome = make("make_deb.sh", tmp_path / "dist", AKOOL_LIB=str(library), LINTIAN="")
    assert outcome.returncode == 1 and not (tmp_path / "dist").exists()
    assert (added or removed) in outcome.stderr, outcome.stderr


def test_changelog_is_one(packages, tmp_path):
    demand(REPOSITORY / "scripts/generate_debian.py", tmp_path / "debian", "--epoch", "1800000000", folder=tmp_path)
    outcome = subprocess.run(
        ["dpkg-parsechangelog", "-l", str(tmp_path / "debian/changelog"), "--all"], capture_output=True, text=True
    )
    assert outcome.returncode == 0 and outcome.stderr == "", outcome.stderr
    assert f"Version: {VERSION}" in outcome.stdout and "Timestamp: 1800000000" in outcome.stdout
    assert len(re.findall(r"^   \* ", outcome.stdout, re.MULTILINE)) == len(
        re.findall(r"^- ", (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    )

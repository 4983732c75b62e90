"""Installs the packages on fresh systems: this machine's release and the later ones they are for. Needs a mirror."""

import re
import shlex
import subprocess

import pytest

from . import debian_root
from .debian_root import Root, scratch
from .packages import DEBS, VERSION
from .quickstarts import CMAKE_PROJECT, COMPILED, build_with_pkg_config, check, copy

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.timeout(2400),
    pytest.mark.skipif(bool(debian_root.why_not()), reason=debian_root.why_not() or "-"),
]
MULTIARCH = "usr/lib/x86_64-linux-gnu"
# What the wheel says is missing comes with the line that installs it.
APT_LINE = re.compile(r"apt(?:-get)? install (?:-y )?([a-z0-9 .+-]+)")


@pytest.fixture(scope="module", params=debian_root.releases())
def pristine(request):
    with scratch(request.param) as folder:
        yield Root.bootstrap(request.param, folder)


@pytest.fixture
def root(pristine):
    """A system that no test has touched."""
    with scratch("root") as folder:
        yield pristine.copy(folder)


@pytest.fixture(scope="module")
def programs(packages, tmp_path_factory):
    """The quick starts in C and C++, compiled here with the content of libakool-dev."""
    system = tmp_path_factory.mktemp("development")
    for name in DEBS:
        subprocess.run(["dpkg-deb", "-x", str(packages.deb(name)), str(system)], check=True)
    places = {"PKG_CONFIG_LIBDIR": str(system / MULTIARCH / "pkgconfig"), "PKG_CONFIG_SYSROOT_DIR": str(system)}
    built = []
    for language in COMPILED:
        program = build_with_pkg_config(language, tmp_path_factory.mktemp(language.folder), **places)
        built.append(program.rename(program.with_name(f"quickstart_{language.folder}")))
    return built


def bring_debs(root, packages, *names):
    return root.bring(*(packages.deb(name) for name in names), to="packages")


def test_dpkg_refuses_what_would_not_run(root, packages):
    outcome = root.run("dpkg", "-i", *bring_debs(root, packages, "libakool1"))
    assert outcome.returncode != 0, outcome.stdout
    assert re.search(r"libakool1(:amd64)? depends on libcurl4 \(>= 7\.87\)", outcome.stderr), outcome.stderr


def test_programs_need_libakool1_alone(root, packages, programs):
    installed = root.bring(*programs)
    missing = root.run(installed[0])
    assert missing.returncode == 127 and "libakool.so.1: cannot open shared object file" in missing.stderr

    root.install(*bring_debs(root, packages, "libakool1"))
    assert not (root.folder / "usr/include/akool.h").exists() and not (root.folder / "usr/bin/gcc").exists()
    for program in installed:
        check(root.run(program))

    root.demand("dpkg", "--purge", "libakool1")
    assert "libakool" not in root.demand("ldconfig", "-p")
    assert not [path for path in (root.folder / "usr").rglob("*akool*")]
    assert root.run(installed[0]).returncode == 127


def test_dpkg_verifies_what_is_installed(root, packages):
    root.install(*bring_debs(root, packages, *DEBS))
    assert root.demand("dpkg", "--verify", *DEBS) == ""
    assert root.demand("dpkg", "--audit") == ""


def test_quick_starts_are_built_inside(root, packages):
    compilers = ["gcc", "g++", "libc6-dev", "pkg-config", "cmake", "make"]
    root.install(*bring_debs(root, packages, "libakool1", "libakool-dev"), *compilers)
    assert root.demand("pkg-config", "--modversion", "akool") == f"{VERSION}\n"
    for language in COMPILED:
        folder = f"/root/{language.folder}"
        copy(language.folder, language.source, root.folder / folder[1:])
        compile_line = f"{language.compiler} {language.standard} -Wall -Wextra -Werror {language.source} -o quickstart"
        root.demand("sh", "-c", f"{compile_line} $(pkg-config --cflags --libs akool)", directory=folder)
        check(root.run("./quickstart", directory=folder))

    folder = root.folder / "root/project"
    for language in COMPILED:
        copy(language.folder, language.source, folder)
    (folder / "CMakeLists.txt").write_text(CMAKE_PROJECT, encoding="utf-8")
    root.demand("cmake", "-S", ".", "-B", "build", directory="/root/project")
    root.demand("cmake", "--build", "build", directory="/root/project")
    for program in ("build/in_c", "build/in_cpp"):
        check(root.run(program, directory="/root/project"))


def test_program(root, packages):
    root.install(*bring_debs(root, packages, "akool", "libakool1"))
    assert root.demand("akool", "--version") == f"{VERSION}\n"
    assert root.demand("akool", "--simulator", "credit") == "6000.00\n"


def test_wheel_says_that_libcurl_is_missing(root, packages):
    """And what it says to do about it is what helps."""
    root.install("python3-venv", "libjansson4")
    (wheel,) = root.bring(packages.wheel)
    root.demand("python3", "-m", "venv", "/root/venv")
    root.demand("/root/venv/bin/pip", "install", "--no-index", wheel)
    copy("python", "quickstart.py", root.folder / "root")

    outcome = root.run("/root/venv/bin/python", "quickstart.py")
    assert outcome.returncode == 1 and "libcurl.so.4" in outcome.stderr, outcome.stderr
    assert outcome.stderr.splitlines()[-1].startswith("ImportError: "), outcome.stderr
    advice = APT_LINE.search(outcome.stderr)
    assert advice and "libcurl4" in advice.group(1), outcome.stderr

    root.install(*shlex.split(advice.group(1).rstrip(".")))
    check(root.run("/root/venv/bin/python", "quickstart.py"))

"""What `make install` installs, and the archive of it, are all that programs in C and C++ need."""

import os
import shutil
import tarfile

import pytest
from support.locations import REPOSITORY

from .packages import IS_FULL
from .quickstarts import COMPILED, build_with_cmake, build_with_pkg_config, check_program, demand


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A prefix that `scripts/install.sh` made, as `make install` runs it."""
    folder = tmp_path_factory.mktemp("installed")
    demand(REPOSITORY / "scripts/install.sh", folder=folder, PREFIX=str(folder / "prefix"))
    return folder / "prefix"


@pytest.fixture(scope="module")
def unpacked(packages, tmp_path_factory):
    """The archive, unpacked and moved to where it was never meant to be."""
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(packages.tarball) as archive:
        archive.extractall(folder)
    (content,) = folder.iterdir()
    return shutil.move(content, folder / "anywhere")


@pytest.fixture(params=["installed", "unpacked"] if IS_FULL else ["installed"])
def prefix(request):
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("language", COMPILED, ids=lambda language: language.folder)
def test_quick_start_by_pkg_config(prefix, tmp_path, language):
    program = build_with_pkg_config(language, tmp_path, PKG_CONFIG_PATH=str(prefix / "lib/pkgconfig"))
    check_program(program, tmp_path, prefix)


def test_quick_starts_by_cmake(prefix, tmp_path):
    for program in build_with_cmake(tmp_path, f"-DCMAKE_PREFIX_PATH={prefix}"):
        check_program(program, tmp_path, prefix)


def test_program_of_the_archive(unpacked, tmp_path):
    assert demand(unpacked / "bin/akool", "--simulator", "credit", folder=tmp_path) == "6000.00\n"


def test_the_archive_tells_nothing_of_who_made_it(packages):
    with tarfile.open(packages.tarball) as archive:
        members = archive.getmembers()
        texts = [archive.extractfile(member).read() for member in members if member.isfile()]
    assert {(member.uid, member.gid, member.uname, member.gname) for member in members} == {(0, 0, "", "")}
    assert len({member.mtime for member in members}) == 1
    assert len({member.name.split("/")[0] for member in members}) == 1
    assert not any(os.fsencode(REPOSITORY) + b"/" in text for text in texts)

"""Makes each package twice and compares the bytes."""

import pytest

from .packages import DEBS, make


@pytest.mark.nightly
@pytest.mark.parametrize(
    "script, find",
    [
        ("make_wheel.sh", lambda packages: [packages.wheel]),
        ("make_npm.sh", lambda packages: [packages.npm]),
        ("make_deb.sh", lambda packages: [packages.deb(name) for name in DEBS]),
        ("make_tarball.sh", lambda packages: [packages.tarball]),
    ],
)
def test_same_bytes(packages, tmp_path, script, find):
    first = find(packages)
    outcome = make(script, tmp_path, LINTIAN="")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(file.name for file in first)
    for package in first:
        assert (tmp_path / package.name).read_bytes() == package.read_bytes(), package.name

"""Made again, the packages that promise it are the same, byte for byte.

Makes everything twice: `make consumer-test` runs it, `make test` does not.
"""

from .packages import DEBS, make


def test_debian_packages(packages, tmp_path):
    first = [packages.deb(name) for name in DEBS]
    outcome = make("make_deb.sh", tmp_path, LINTIAN="")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    for package in first:
        assert (tmp_path / package.name).read_bytes() == package.read_bytes(), package.name


def test_archive(packages, tmp_path):
    first = packages.tarball
    outcome = make("make_tarball.sh", tmp_path)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert (tmp_path / first.name).read_bytes() == first.read_bytes()

"""What the tests of the packages share."""

import pytest

from .packages import Packages


@pytest.fixture(scope="session")
def packages(tmp_path_factory, pytestconfig):
    return Packages(tmp_path_factory.mktemp("dist"), pytestconfig.getoption("--whole"))

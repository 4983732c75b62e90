"""What all Python tests share: the loaded library, clients, simulators, certificates."""

from __future__ import annotations

import os
from typing import Any, Callable, Iterator, List

import pytest
from support.akool_client import AkoolClient
from support.akool_library import AkoolLibrary
from support.canary import CANARY_KEY
from support.certificates import Authority
from support.locations import MissingProduct, library_path
from support.simulator import Simulator


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--whole", action="store_true", help="run the nightly rounds of tests that repeat something")
    parser.addoption("--rounds", type=int, help="number of rounds of tests that repeat something")
    builds = ("lib", "debug", "asan", "tsan")
    parser.addoption("--akool-build", choices=builds, default="lib", help="build of the library, for Tests/c")
    parser.addoption("--valgrind", action="store_true", help="run the C programs under valgrind")
    parser.addoption("--seconds", type=int, help="fuzz each target for so long, against build/fuzz")


def pytest_collection_modifyitems(config: pytest.Config, items: List[pytest.Item]) -> None:
    """Leaves tests of the nightly round out of the others."""
    if config.getoption("--whole"):
        return
    nightly = [item for item in items if item.get_closest_marker("nightly")]
    if nightly:
        config.hook.pytest_deselected(items=nightly)
        items[:] = [item for item in items if item not in nightly]


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """Returns a function that chooses between the numbers of rounds in `make test` and in `make nightly`."""

    def choose(reduced: int, whole: int) -> int:
        return request.config.getoption("--rounds") or (whole if request.config.getoption("--whole") else reduced)

    return choose


@pytest.fixture(scope="session")
def library() -> AkoolLibrary:
    try:
        return AkoolLibrary(library_path())
    except MissingProduct as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees, or spends with, the credentials and proxies of whoever runs it."""
    for name in list(os.environ):
        is_ours = name.startswith("AKOOL_") and name not in ("AKOOL_LIB", "AKOOL_SIMULATOR_BIN")
        if is_ours or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def make_client(library: AkoolLibrary) -> Iterator[Callable[..., AkoolClient]]:
    """Makes clients that are destroyed after the test. Without a base URL there is no network to reach."""
    clients = []

    def make(base_url: str, **configuration: Any) -> AkoolClient:
        configuration = {"environment": False, "api_key": CANARY_KEY, "base_url": base_url, **configuration}
        client = AkoolClient(library, {key: value for key, value in configuration.items() if value is not None})
        clients.append(client)
        return client

    yield make
    for client in clients:
        if client.handle is not None:
            client.destroy()


@pytest.fixture
def make_simulator() -> Iterator[Callable[..., Simulator]]:
    """Starts simulators, which know the tests' key unless told otherwise, and are stopped after the test."""
    started = []

    def make(*flags: str, **more: Any) -> Simulator:
        if not {"--api-key", "--client-id"} & set(flags):
            flags += ("--api-key", CANARY_KEY)
        try:
            simulator = Simulator(*flags, **more)
        except MissingProduct as error:
            pytest.fail(str(error), pytrace=False)
        started.append(simulator)
        return simulator

    yield make
    for simulator in started:
        simulator.stop()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))

"""A simulator for each protocol, shared by the tests of a module and as new for each of them."""

from __future__ import annotations

from typing import Callable, Iterator

import pytest
from simulator_http.peers import HTTP1, PROTOCOLS, Peer, open_peer
from support.canary import CANARY_KEY
from support.locations import MissingProduct
from support.simulator import Simulator


@pytest.fixture(scope="module", params=PROTOCOLS)
def protocol(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def _shared_simulator(protocol: str) -> Iterator[Simulator]:
    try:
        with Simulator("--stepped", "--api-key", CANARY_KEY, tls=protocol != HTTP1) as simulator:
            yield simulator
    except MissingProduct as error:
        pytest.exit(str(error), returncode=3)


@pytest.fixture
def simulator(_shared_simulator: Simulator) -> Simulator:
    _shared_simulator.reset()
    return _shared_simulator


@pytest.fixture
def open_connection(simulator: Simulator, protocol: str) -> Iterator[Callable[[], Peer]]:
    peers = []

    def make() -> Peer:
        peers.append(open_peer(simulator, protocol))
        return peers[-1]

    yield make
    for peer in peers:
        peer.socket.close()


@pytest.fixture
def peer(open_connection: Callable[[], Peer]) -> Peer:
    return open_connection()

"""Without TLS credentials stay on this machine, whatever leads elsewhere."""

from __future__ import annotations

import pytest
from support.akool_client import AkoolClient, ClientNotCreated
from support.canary import CANARY_KEY
from support.endpoints import CREDIT
from support.misbehaviours import CREDIT as CREDIT_REPLY
from support.misbehaviours import answers
from support.proxy_server import ProxyServer
from support.raw_server import RawServer


@pytest.fixture
def server():
    with RawServer(routes={CREDIT: answers(CREDIT_REPLY)}) as running:
        yield running


@pytest.fixture
def proxy(server):
    with ProxyServer(server.port) as running:
        yield running


def refusal(library, url: str, **configuration) -> str:
    with pytest.raises(ClientNotCreated) as refused:
        AkoolClient(library, {"environment": False, "api_key": CANARY_KEY, "base_url": url, **configuration})
    return str(refused.value)


def test_proxy_for_plain_http_is_refused(library, server, proxy):
    assert "in the clear to a proxy" in refusal(library, server.url, proxy=proxy.url)
    assert proxy.asked == []


def test_proxy_of_the_environment_is_not_asked_for_plain_http(make_client, server, proxy, monkeypatch):
    for variable in ("http_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(variable, proxy.url)
    assert make_client(server.url, environment=True).call("account.credit").ok
    assert proxy.asked == []


def test_exception_from_the_proxy_is_enough(make_client, server, proxy):
    assert make_client(server.url, proxy=proxy.url, no_proxy="127.0.0.1").call("account.credit").ok
    assert proxy.asked == []


@pytest.mark.parametrize("address", ["192.0.2.1", "127.0.0.1,192.0.2.1", "[2001:db8::1]"])
def test_fixed_address_elsewhere_is_refused(library, address, server):
    url = f"http://localhost:{server.port}"
    assert "in the clear to another host" in refusal(library, url, resolve=[f"localhost:{server.port}:{address}"])


def test_all_of_it_is_allowed_on_request(make_client, server, proxy):
    client = make_client(server.url, proxy=proxy.url, allow_insecure_http=True)
    assert client.call("account.credit").ok
    assert proxy.asked

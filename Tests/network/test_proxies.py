"""Proxies come from the configuration, or from the environment as it was when the client was created."""

from __future__ import annotations

import ctypes
import os
import re

import pytest
from support.canary import CANARY_KEY
from support.endpoints import CREDIT
from support.expectations import assert_failed
from support.locations import REPOSITORY
from support.misbehaviours import CREDIT as CREDIT_REPLY
from support.misbehaviours import answers
from support.proxy_server import ProxyServer
from support.raw_server import RawServer, closed_port

ROUTES = {CREDIT: answers(CREDIT_REPLY)}


@pytest.fixture
def server(authority):
    with RawServer(routes=ROUTES, identity=authority.server()) as running:
        yield running


@pytest.fixture
def proxy(server):
    with ProxyServer(server.port) as running:
        yield running


@pytest.fixture
def connect(make_client, server, authority):
    """A client for the server; the environment is read unless told otherwise."""

    def make(**configuration):
        configuration = {"environment": True, "ca_file": str(authority.ca_file), **configuration}
        return make_client(server.url, **configuration)

    return make


def test_explicit_proxy_tunnels_and_never_sees_the_key(connect, server, proxy):
    reply = connect(proxy=proxy.url).call("account.credit")
    assert reply.ok, reply
    assert proxy.asked == [f"127.0.0.1:{server.port}"]
    assert all("x-api-key" not in headers for headers in proxy.headers)
    assert server.requests[0].headers["x-api-key"] == CANARY_KEY


def test_explicit_proxy_for_plain_http(make_client):
    with RawServer(routes=ROUTES) as plain, ProxyServer(plain.port) as proxy:
        reply = make_client(plain.url, proxy=proxy.url, allow_insecure_http=True).call("account.credit")
        assert reply.ok, reply
        assert proxy.asked in ([f"{plain.url}{CREDIT}"], [f"127.0.0.1:{plain.port}"])


def test_paid_create_through_a_proxy_goes_out_once(connect, server, proxy):
    path = "/api/open/v4/liveAvatar/session/create"
    server.route(path, answers(b"", 502))
    client = connect(proxy=proxy.url)
    assert client.call("account.credit").ok
    assert not client.call("session.create", {"avatar_id": "a", "duration": 60}).ok
    assert server.count(path) == 1


def test_dead_proxy_is_named(connect, server):
    port = closed_port()
    reply = connect(proxy=f"http://127.0.0.1:{port}").call("account.credit", timeout_ms=4000)
    assert_failed(reply, "UNAVAILABLE")
    assert "proxy" in reply.told.lower() or str(port) in reply.told, reply.told
    assert server.requests == []


def test_refusing_proxy_is_no_answer_of_the_service(connect, server):
    """The proxy's own 403 page is not AKOOL's."""
    with RawServer(default=answers(b"<html>forbidden</html>", 403)) as refusing:
        reply = connect(proxy=refusing.url).call("account.credit", timeout_ms=4000, max_attempts=1)
        assert_failed(reply, "UNAVAILABLE", "proxy", secrets=[CANARY_KEY])
        assert server.requests == []


def test_no_proxy_goes_straight(connect, proxy):
    reply = connect(proxy=proxy.url, no_proxy="127.0.0.1").call("account.credit")
    assert reply.ok, reply
    assert proxy.asked == []


@pytest.mark.parametrize("variable", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
def test_environment_is_read_at_create(variable, connect, server, proxy, monkeypatch):
    monkeypatch.setenv(variable, proxy.url)
    client = connect()
    monkeypatch.delenv(variable)
    reply = client.call("account.credit")
    assert reply.ok, reply
    assert proxy.asked == [f"127.0.0.1:{server.port}"]


def test_environment_is_not_read_afterwards(connect, proxy, monkeypatch):
    client = connect()
    for variable in ("https_proxy", "HTTPS_PROXY", "all_proxy", "http_proxy"):
        monkeypatch.setenv(variable, proxy.url)
    reply = client.call("account.credit")
    assert reply.ok, reply
    assert proxy.asked == []


@pytest.mark.parametrize("variable", ["no_proxy", "NO_PROXY"])
def test_environment_no_proxy_is_honoured(variable, connect, proxy, monkeypatch):
    monkeypatch.setenv("https_proxy", proxy.url)
    monkeypatch.setenv(variable, "127.0.0.1")
    reply = connect().call("account.credit")
    assert reply.ok, reply
    assert proxy.asked == []


def test_explicit_empty_proxy_overrides_the_environment(connect, proxy, monkeypatch):
    monkeypatch.setenv("https_proxy", proxy.url)
    reply = connect(proxy="").call("account.credit")
    assert reply.ok, reply
    assert proxy.asked == []


def test_environment_can_be_left_out(connect, proxy, monkeypatch):
    monkeypatch.setenv("https_proxy", proxy.url)
    reply = connect(environment=False).call("account.credit")
    assert reply.ok, reply
    assert proxy.asked == []


def test_the_upper_case_http_proxy_of_cgi_is_ignored(make_client, monkeypatch):
    """A web server hands a visitor's `Proxy:` header on as HTTP_PROXY."""
    with RawServer(routes=ROUTES) as plain, ProxyServer(plain.port) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        reply = make_client(plain.url, environment=True).call("account.credit")
        assert reply.ok, reply
        assert proxy.asked == []


# The variables of curl and others, in the spellings in which a host may have them.
VARIABLES = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"]


@pytest.fixture(scope="module")
def documented(library):
    """The variables that each document names: the description of the configuration, and the manual of C."""
    described = library.describe()["configuration"]["properties"]
    texts = {
        "akool_describe": described["proxy"]["description"] + described["no_proxy"]["description"],
        "docs/c.md": (REPOSITORY / "docs" / "c.md").read_text(),
    }
    return {name: set(re.findall(r"\b\w+_proxy\b", text, re.IGNORECASE)) for name, text in texts.items()}


def is_honoured(variable, scheme, make_client, monkeypatch, authority) -> bool:
    """Returns true if a variable that names a proxy, or an exception from it, decides about a call to loopback."""
    identity = authority.server() if scheme == "https" else None
    with RawServer(routes=ROUTES, identity=identity) as server, ProxyServer(server.port) as proxy:
        is_exception = variable.lower() == "no_proxy"
        monkeypatch.setenv(variable, "127.0.0.1" if is_exception else proxy.url)
        more = {"proxy": proxy.url} if is_exception else {}
        if scheme == "http":
            more["allow_insecure_http"] = True
        client = make_client(server.url, environment=True, ca_file=str(authority.ca_file), **more)
        reply = client.call("account.credit")
        assert reply.ok, reply
        return (proxy.asked == []) == is_exception


@pytest.mark.parametrize("document", ["akool_describe", "docs/c.md"])
@pytest.mark.parametrize("variable", VARIABLES)
def test_proxy_variable_is_honoured_when_it_is_documented(
    variable, document, documented, make_client, monkeypatch, authority
):
    """A name in capitals stands for both spellings, but for HTTP_PROXY: curl reads that in small letters only."""
    names = documented[document]
    is_documented = variable in names or variable.upper() in names and variable.upper() != "HTTP_PROXY"
    if is_documented:
        scheme = "http" if variable.lower() == "http_proxy" else "https"
        assert is_honoured(variable, scheme, make_client, monkeypatch, authority), f"{document} names {variable}"


@pytest.mark.parametrize("document", ["akool_describe", "docs/c.md"])
@pytest.mark.parametrize("variable", VARIABLES)
def test_proxy_variable_is_documented_when_it_is_honoured(
    variable, document, documented, make_client, monkeypatch, authority
):
    honoured = [s for s in ("http", "https") if is_honoured(variable, s, make_client, monkeypatch, authority)]
    if honoured:
        assert {variable, variable.upper()} & documented[document], f"{document} does not name {variable}: {honoured}"


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy"])
def test_https_proxy_is_not_used_when_the_service_is_plain_http(variable, make_client, monkeypatch, authority):
    """Documented, and the same with curl. The key would travel in the clear."""
    assert not is_honoured(variable, "http", make_client, monkeypatch, authority)


def test_the_environment_of_these_tests_is_what_c_sees(monkeypatch):
    """Guards the tests above: Python's `os.environ` is the C environment."""
    getenv = ctypes.CDLL(None).getenv
    getenv.restype = ctypes.c_char_p
    monkeypatch.setitem(os.environ, "AKOOL_TEST_PROBE", "seen")
    assert getenv(b"AKOOL_TEST_PROBE") == b"seen"

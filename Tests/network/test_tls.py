"""Certificates are always checked, and a refused server never sees a request, let alone a key."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from support import misbehaviours
from support.akool_client import ClientNotCreated
from support.canary import CANARY_KEY
from support.certificates import Authority
from support.endpoints import CREDIT
from support.expectations import assert_failed
from support.misbehaviours import answers
from support.raw_server import RawServer

HEALTHY = {CREDIT: answers(misbehaviours.CREDIT)}


@pytest.mark.parametrize("fault", ["expired", "not_yet_valid", "wrong_host", "self_signed"])
def test_bad_certificate_is_refused(fault, make_client, authority):
    with RawServer(routes=HEALTHY, identity=getattr(authority, fault)()) as server:
        reply = make_client(server.url, ca_file=str(authority.ca_file)).call("account.credit", timeout_ms=5000)
        assert_failed(reply, "UNAVAILABLE", "certificate", secrets=[CANARY_KEY])
        assert server.requests == []


def test_unknown_authority_is_refused(make_client, authority, tmp_path):
    with RawServer(routes=HEALTHY, identity=authority.server()) as server:
        other = Authority(tmp_path, "another authority")
        for trusted in (None, str(other.ca_file)):
            reply = make_client(server.url, ca_file=trusted).call("account.credit", timeout_ms=5000)
            assert_failed(reply, "UNAVAILABLE", "certificate")
        assert server.requests == []


@pytest.mark.parametrize("way", ["ca_file", "ca_path", "ca_blob"])
def test_own_authority_can_be_trusted(way, make_client, authority, tmp_path):
    if way == "ca_path":
        if shutil.which("openssl") is None:
            pytest.skip("a CA directory needs the openssl command")
        shutil.copy(authority.ca_file, tmp_path / "authority.pem")
        subprocess.run(["openssl", "rehash", str(tmp_path)], check=True)
    values = {"ca_file": str(authority.ca_file), "ca_path": str(tmp_path), "ca_blob": authority.ca_file.read_text()}
    with RawServer(routes=HEALTHY, identity=authority.server()) as server:
        reply = make_client(server.url, **{way: values[way]}).call("account.credit", timeout_ms=5000)
        assert reply.ok, reply
        assert server.requests[0].headers["x-api-key"] == CANARY_KEY


def test_missing_authority_file_is_an_error_that_names_it(make_client, authority):
    """At once, or at the first call: never as if the server were at fault."""
    with RawServer(routes=HEALTHY, identity=authority.server()) as server:
        try:
            reply = make_client(server.url, ca_file="/nonexistent/authority.pem").call("account.credit")
        except ClientNotCreated as refused:
            reply = refused.reply
    assert_failed(reply, ("INVALID_ARGUMENT", "LOCAL_IO"), "ca_file", "/nonexistent/authority.pem")


def test_server_without_tls_is_refused(make_client):
    def answers_plainly(connection):
        connection.read_some()
        connection.reply(400, b"plain HTTP request expected")

    with RawServer(routes=HEALTHY, first_connections=[answers_plainly] * 3) as server:
        reply = make_client(server.url.replace("http:", "https:")).call("account.credit", timeout_ms=5000)
        assert_failed(reply, "UNAVAILABLE", secrets=[CANARY_KEY])
        assert server.requests == []


def test_handshake_that_never_ends_does_not_hold_up_others(make_client, authority):
    """The second call must not wait to learn whether the first connection can be shared."""
    first = [misbehaviours.on_connect_silent]
    with RawServer(routes=HEALTHY, identity=authority.server(), first_connections=first) as server:
        client = make_client(server.url, ca_file=str(authority.ca_file))
        hung = client.submit("account.credit", {}, timeout_ms=3000, max_attempts=1)
        server.wait_for(lambda seen: seen.connections >= 1)
        other = client.call("account.credit", timeout_ms=2500, max_attempts=1)
        assert other.ok, other
        assert other.seconds < 1.5, other
        assert_failed(client.wait(hung), "TIMEOUT")


@pytest.mark.parametrize("key", ["verify", "insecure", "verify_peer", "ssl_verify", "allow_insecure_tls"])
def test_there_is_no_switch_that_turns_verification_off(key, make_client):
    with pytest.raises(ClientNotCreated) as refused:
        make_client("https://127.0.0.1:1", **{key: False})
    assert_failed(refused.value.reply, "INVALID_ARGUMENT", key)


@pytest.mark.parametrize("url", ["http://192.0.2.1", "http://example.com", "http://127.0.0.1.example.com"])
def test_plain_http_is_for_loopback_only(url, make_client):
    with pytest.raises(ClientNotCreated) as refused:
        make_client(url)
    assert_failed(refused.value.reply, "INVALID_ARGUMENT", "base_url", "allow_insecure_http", secrets=[CANARY_KEY])


@pytest.mark.parametrize("url", ["ftp://127.0.0.1", "file:///etc/passwd", "127.0.0.1:80", "", "https://", "gopher://x"])
def test_other_base_urls_are_refused(url, make_client):
    with pytest.raises(ClientNotCreated) as refused:
        make_client(url)
    assert_failed(refused.value.reply, "INVALID_ARGUMENT", "base_url")

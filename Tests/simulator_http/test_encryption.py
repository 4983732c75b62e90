"""The throw-away authority: trusted only when asked for, gone afterwards."""

from __future__ import annotations

import ssl
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from simulator_http.peers import KEY, connect, connect_tls, open_peer
from support.endpoints import CREDIT


def test_printed_authority_vouches_for_the_server(make_simulator):
    simulator = make_simulator(tls=True)
    assert simulator.url.startswith("https://127.0.0.1:")
    with closing(connect_tls(simulator.url, simulator.ca_file)) as sock:
        assert sock.tls.getpeercert()["subject"] == ((("commonName", "akool-simulator"),),)


def test_nobody_else_vouches_for_it(make_simulator):
    simulator, other = make_simulator(tls=True), make_simulator(tls=True)
    for authority in (None, other.ca_file):
        context = ssl.create_default_context(cafile=authority)
        with connect(simulator.url) as sock, pytest.raises(ssl.SSLCertVerificationError):
            context.wrap_socket(sock, server_hostname="127.0.0.1")


@pytest.mark.parametrize(
    "offered, chosen",
    [(["h2", "http/1.1"], "h2"), (["http/1.1"], "http/1.1"), ([], None)],
    ids=["both", "http/1.1", "none"],
)
def test_protocol_is_negotiated(offered, chosen, make_simulator):
    simulator = make_simulator(tls=True)
    with closing(connect_tls(simulator.url, simulator.ca_file, *offered)) as sock:
        assert sock.tls.selected_alpn_protocol() == chosen
    with open_peer(simulator, "h2" if "h2" in offered else "http/1.1 over TLS") as peer:
        assert peer.request("GET", CREDIT, **KEY).json["code"] == 1000


@pytest.mark.parametrize("name, accepted", [("localhost", True), ("akool.test", True), ("elsewhere.test", False)])
def test_certificate_is_for_the_names_that_were_asked_for(name, accepted, make_simulator):
    simulator = make_simulator("--tls-name", "akool.test", tls=True)
    context = ssl.create_default_context(cafile=simulator.ca_file)
    port = urlsplit(simulator.url).port
    with connect(f"https://127.0.0.1:{port}") as sock:
        if accepted:
            context.wrap_socket(sock, server_hostname=name).close()
        else:
            with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
                context.wrap_socket(sock, server_hostname=name)


def test_files_are_private_and_go_with_the_simulator(make_simulator):
    simulator = make_simulator(tls=True)
    folder = Path(simulator.ca_file).parent
    assert folder.stat().st_mode & 0o077 == 0
    assert "ca.key" not in [file.name for file in folder.iterdir()], "the authority could sign more"
    simulator.stop()
    assert not folder.exists()


def test_plain_http_is_not_spoken_beside_it(make_simulator):
    simulator = make_simulator(tls=True)
    with connect(simulator.url) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\nhost: simulator\r\n\r\n")
        assert not sock.recv(4096).startswith(b"HTTP/")

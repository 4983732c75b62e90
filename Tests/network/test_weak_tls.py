"""TLS that would hold the I/O thread is not agreed to; certificates come from files only."""

from __future__ import annotations

import datetime
import ipaddress
import os
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from support.akool_client import AkoolClient, ClientNotCreated
from support.endpoints import CREDIT
from support.expectations import assert_failed
from support.misbehaviours import CREDIT as CREDIT_REPLY
from support.misbehaviours import answers
from support.raw_server import RawServer

# A well-known group (RFC 7919, ffdhe2048), as `openssl genpkey -genparam -algorithm DH` writes it.
GROUP = """-----BEGIN DH PARAMETERS-----
MIIBDAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAgICAOE=
-----END DH PARAMETERS-----
"""


class RSAIdentity:
    """A self-signed certificate with an RSA key, which finite-field Diffie-Hellman needs."""

    def __init__(self, folder, ciphers: str):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "rsa")])
        now = datetime.datetime.now(datetime.timezone.utc)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
            .sign(key, hashes.SHA256())
        )
        self._file, self._group, self._ciphers = folder / "rsa.pem", folder / "group.pem", ciphers
        self.ca_file = folder / "ca.pem"
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        plain = serialization.PrivateFormat.PKCS8
        self._file.write_bytes(key.private_bytes(serialization.Encoding.PEM, plain, serialization.NoEncryption()) + pem)
        self._group.write_text(GROUP)
        self.ca_file.write_bytes(pem)

    def server_context(self, *_protocols: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self._file)
        context.load_dh_params(str(self._group))
        context.set_ciphers(self._ciphers)
        return context


@pytest.mark.parametrize("ciphers, is_agreed", [("ECDHE+AESGCM", True), ("DHE+AESGCM", False)])
def test_group_of_the_servers_choice_is_not_agreed_to(ciphers, is_agreed, make_client, tmp_path):
    """OpenSSL takes a second for a group of 10 000 bits."""
    identity = RSAIdentity(tmp_path, ciphers)
    with RawServer(routes={CREDIT: answers(CREDIT_REPLY)}, identity=identity) as server:
        reply = make_client(server.url, ca_file=str(identity.ca_file), max_attempts=1).call("account.credit")
    if is_agreed:
        assert reply.ok, reply
    else:
        assert_failed(reply, "UNAVAILABLE")
        assert server.requests == []


@pytest.mark.parametrize("key, path", [("ca_file", "pipe"), ("ca_file", "."), ("ca_path", "file")])
def test_certificates_that_are_no_file_are_refused(key, path, library, tmp_path):
    """Opening a pipe waits for its other end: on the I/O thread, for ever."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_text("")
    with pytest.raises(ClientNotCreated) as refused:
        AkoolClient(library, {"api_key": "k", "environment": False, key: str(tmp_path / path)})
    assert f"{key}: " in str(refused.value) and "is not a" in str(refused.value)

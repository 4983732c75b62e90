"""Throw-away certificates, good and bad, made anew for every run."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Identity:
    """A certificate and its key in one PEM file."""

    pem: Path

    def server_context(self, *protocols: str) -> ssl.SSLContext:
        """A context for a server that offers these ALPN protocols."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pem)
        if protocols:
            context.set_alpn_protocols(list(protocols))
        return context


class Authority:
    """A certificate authority of its own; `ca_file` is what a client has to trust."""

    def __init__(self, folder: Path, name: str = "akool tests"):
        self._folder = folder
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._certificate = self._build(self._name, self._key, [], -DAY, 30 * DAY, is_authority=True)
        self.ca_file = folder / f"{name.replace(' ', '-')}.pem"
        self.ca_file.write_bytes(_pem(self._certificate))

    def server(self, *hosts: str) -> Identity:
        """A good certificate; for 127.0.0.1 and localhost when no hosts are given."""
        return self._issue("good", list(hosts) or ["127.0.0.1", "localhost"], -DAY, 30 * DAY)

    def expired(self) -> Identity:
        return self._issue("expired", ["127.0.0.1", "localhost"], -3 * DAY, -DAY)

    def not_yet_valid(self) -> Identity:
        return self._issue("early", ["127.0.0.1", "localhost"], DAY, 3 * DAY)

    def wrong_host(self) -> Identity:
        return self._issue("other-host", ["elsewhere.example"], -DAY, 30 * DAY)

    def self_signed(self) -> Identity:
        """Right in every way, but signed by nobody else."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "self-signed")])
        certificate = self._build(name, key, ["127.0.0.1", "localhost"], -DAY, 30 * DAY, signer=key, issuer=name)
        return self._write("self-signed", certificate, key)

    def _issue(self, label: str, hosts: List[str], begins: datetime.timedelta, ends: datetime.timedelta) -> Identity:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
        return self._write(label + "-" + hosts[0], self._build(name, key, hosts, begins, ends), key)

    def _build(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        hosts: List[str],
        begins: datetime.timedelta,
        ends: datetime.timedelta,
        is_authority: bool = False,
        signer: Optional[ec.EllipticCurvePrivateKey] = None,
        issuer: Optional[x509.Name] = None,
    ) -> x509.Certificate:
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer or self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + begins)
            .not_valid_after(now + ends)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        if hosts:
            names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
            usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
            builder = builder.add_extension(names, critical=False).add_extension(usage, critical=False)
        return builder.sign(signer or self._key, hashes.SHA256())

    def _write(self, label: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Identity:
        path = self._folder / f"{label}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(private + _pem(certificate))
        return Identity(path)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)

"""A certificate authority for tests of TLS."""

import datetime as dt
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """Signs certificates; all files lie in one folder.

    Args:
        identifiers: Whether certificates carry key identifiers (RFC 5280, 4.2.1.1 and 4.2.1.2), as those of
            clusters do that are not old.
        ends: When certificates for servers and clients end, from now: OpenSSL takes no other clock's time.

    Attributes:
        bundle: PEM file of the authority itself.
    """

    def __init__(
        self, folder: Path, *, identifiers: bool = True, ends: dt.timedelta = dt.timedelta(days=1)
    ) -> None:
        self._folder = folder
        self._identifiers = identifiers
        self._ends = ends
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("eksdns test authority")
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        certificate = self._signed(self._name, self._key.public_key(), constraints, dt.timedelta(days=1))
        self.bundle = folder / "authority.pem"
        self.bundle.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def server(self, host: str = "localhost", *, asks_for_certificate: bool = False) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self._issue(host))
        if asks_for_certificate:
            context.load_verify_locations(self.bundle)
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def server_files(self, host: str = "localhost", ends: dt.timedelta | None = None) -> tuple[str, str]:
        """Certificate and key files, for a server that is another process."""
        return self._issue(host, ends)

    def client(self) -> tuple[str, str]:
        """Certificate and key files."""
        return self._issue("client")

    def _issue(self, host: str, ends: dt.timedelta | None = None) -> tuple[str, str]:
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        certificate = self._signed(_name(host), key.public_key(), names, ends or self._ends)
        files = self._folder / f"{host}.pem", self._folder / f"{host}.key"
        files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        files[1].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return str(files[0]), str(files[1])

    def _signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePublicKey,
        extension: x509.ExtensionType,
        ends: dt.timedelta,
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=2))
            .not_valid_after(now + ends)
            .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        )
        if self._identifiers:
            issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
            builder = builder.add_extension(issuer, critical=False)
            builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            is_authority = isinstance(extension, x509.BasicConstraints)
            builder = builder.add_extension(_usage(is_authority=is_authority), critical=True)
        return builder.sign(self._key, hashes.SHA256())


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_encipherment=False,
        content_commitment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])

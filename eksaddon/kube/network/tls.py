"""TLS to Kubernetes endpoints: verifies chain and host name, with the cluster's CA only."""

import base64
import binascii
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass
from weakref import WeakValueDictionary

import httpx2

_EXPIRED, _NOT_YET_VALID = 10, 9
_OTHER_HOST = frozenset({62, 64})
_OTHER_AUTHORITY = frozenset({7, 18, 19, 20, 21, 30})
"""Codes of X509_verify_cert_error_string(3) for chains that do not lead to the cluster's CA."""

_contexts: WeakValueDictionary[str, ssl.SSLContext] = WeakValueDictionary()
"""By CA, while a transport uses them."""


def tls_context(authority: str) -> ssl.SSLContext:
    """Create a context that trusts one CA; none if `authority` is empty.

    Not `ssl.create_default_context`: since Python 3.13 it sets VERIFY_X509_STRICT, which rejects CAs without
    key identifiers. Clusters created on Kubernetes 1.16 or earlier have such CAs, and some later clusters
    too.

    Args:
        authority: PEM certificates in base64, as returned by DescribeCluster.

    Raises:
        ssl.SSLError: Invalid certificates.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # verifies the chain and the host name
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    if authority:
        try:
            context.load_verify_locations(cadata=base64.b64decode(authority, validate=True).decode("ascii"))
        except (binascii.Error, ValueError) as error:
            raise ssl.SSLError("certificate authority data cannot be read") from error
    return context


def shared_context(authority: str) -> ssl.SSLContext:
    """A context of `tls_context`, the same one for all that use it at a time."""
    found = _contexts.get(authority)
    if found is None:
        found = _contexts[authority] = tls_context(authority)
    return found


def transport(endpoint: str, authority: str) -> httpx2.BaseTransport:
    """Create a transport for one endpoint, with the environment's proxy for it.

    Args:
        authority: See `tls_context`.

    Raises:
        ssl.SSLError: Invalid certificates.
        httpx2.ProxyError: The proxy's URL is invalid.
    """
    return httpx2.HTTPTransport(verify=shared_context(authority), proxy=_proxy(endpoint), trust_env=False)


def _proxy(endpoint: str) -> httpx2.Proxy | None:
    """Choose a proxy like botocore does for the AWS API."""
    parts = urlsplit(endpoint)
    proxies = {} if proxy_bypass(parts.netloc) else getproxies()
    found = proxies.get(parts.scheme) or proxies.get("all")
    try:
        return httpx2.Proxy(found if "://" in found else f"http://{found}") if found else None
    except (ValueError, httpx2.InvalidURL) as error:
        raise httpx2.ProxyError(f"the proxy's URL is not valid: {error}") from error


def refusal(error: Exception) -> tuple[str, str] | None:
    """Reason and hint of a TLS error; None for other errors."""
    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError(verify_code=code, verify_message=message):
                return _unverified(code, message)
            case ssl.SSLError(reason=reason):
                return (
                    f"no TLS connection to the Kubernetes API ({reason or 'TLS failed'})",
                    "check for a proxy or a firewall that responds instead of the API",
                )
    return None


def _unverified(code: int, message: str) -> tuple[str, str]:
    if code == _EXPIRED:
        return (
            "the Kubernetes API's certificate has expired",
            "check this machine's clock; EKS renews the certificate by itself",
        )
    if code == _NOT_YET_VALID:
        return "the Kubernetes API's certificate is not valid yet", "check this machine's clock"
    if code in _OTHER_HOST:
        return (
            "the Kubernetes API's certificate is for another host name",
            "check what the endpoint's name resolves to here",
        )
    if code in _OTHER_AUTHORITY:
        return (
            "the Kubernetes API's certificate is not signed by the cluster's authority",
            "a proxy that decrypts TLS may respond instead of the API: exclude the endpoint in NO_PROXY",
        )
    return (
        f"the Kubernetes API's certificate is not valid ({message})",
        "check which server responds at the endpoint",
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__

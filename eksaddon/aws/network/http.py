"""One connection pool and one TLS context for all clients.

botocore creates a pool for every client and loads the whole CA bundle for every new connection, 14 ms of
CPU each, which is thousands of times in a fleet. Here all clients share one pool for each host, and the
bundle is loaded once.
"""

import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from os import PathLike
from socket import IPPROTO_TCP, TCP_NODELAY
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies

from eksaddon.aws.network.gated import gated_pools
from eksaddon.aws.settings import Settings
from eksaddon.frozen import dataclass
from eksaddon.ports import Gate

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse

Verify = bool | str
"""True for the default CAs, False for no verification, or the path of a CA bundle."""

Password = Callable[[], str | bytes | bytearray] | str | bytes | bytearray

Transport = Callable[["AWSPreparedRequest"], "AWSResponse | None"]
"""Sends a signed request; None leaves it to another handler of `before-send`."""


class OnceContext(ssl.SSLContext):
    """A TLS context that loads each certificate file once, regardless of the number of connections."""

    def __init__(self, _protocol: int) -> None:
        self._lock = threading.Lock()
        self._loaded: set[tuple[object, ...]] = set()

    def load_verify_locations(
        self,
        cafile: str | bytes | PathLike[str] | PathLike[bytes] | None = None,
        capath: str | bytes | PathLike[str] | PathLike[bytes] | None = None,
        cadata: "str | Buffer | None" = None,
    ) -> None:
        with self._lock:
            if ("authorities", cafile, capath, cadata) not in self._loaded:
                super().load_verify_locations(cafile, capath, cadata)
                self._loaded.add(("authorities", cafile, capath, cadata))

    def load_cert_chain(
        self,
        certfile: str | bytes | PathLike[str] | PathLike[bytes],
        keyfile: str | bytes | PathLike[str] | PathLike[bytes] | None = None,
        password: Password | None = None,
    ) -> None:
        with self._lock:
            if ("own", certfile, keyfile) not in self._loaded:
                super().load_cert_chain(certfile, keyfile, password)
                self._loaded.add(("own", certfile, keyfile))


def tls_context() -> OnceContext:
    """Create a context like botocore's; urllib3 checks the host name."""
    context = OnceContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_TICKET
    context.post_handshake_auth = True
    return context


class HostSession(URLLib3Session):
    """botocore's HTTP session with a given TLS context and a gate."""

    def __init__(
        self,
        context: OnceContext,
        settings: Settings,
        *,
        verify: Verify,
        proxies: Mapping[str, str],
        gate: Gate | None = None,
    ) -> None:
        self._context = context
        super().__init__(
            verify=verify,  # type: ignore[arg-type]  # the stubs are narrower than the code
            proxies=dict(proxies),
            timeout=(settings.connect_timeout, settings.read_timeout),  # type: ignore[arg-type]  # as above
            max_pool_connections=settings.connections,
            socket_options=[(IPPROTO_TCP, TCP_NODELAY, 1)],  # type: ignore[list-item]  # as above
            client_cert=settings.client_cert,
            proxies_config=dict(settings.proxies_config or {}),
        )
        if gate is not None:
            # If botocore renames these, requests are still rejected at their start (`transport`).
            self._pool_classes_by_scheme = gated_pools(gate)
            self._manager.pool_classes_by_scheme = self._pool_classes_by_scheme  # type: ignore[attr-defined]  # not in the stubs

    def _get_pool_manager_kwargs(self, **extra: object) -> dict[str, object]:
        # If botocore renames this method, each connection loads the bundle again: slow, but safe.
        options: dict[str, object] = super()._get_pool_manager_kwargs(**extra)  # type: ignore[misc]  # not in the stubs
        return {**options, "ssl_context": self._context}


@dataclass(frozen=True, slots=True)
class _Key:
    scheme: str
    host: str
    verify: Verify


class HttpPool:
    """Keeps one session for each host, because urllib3 caches the pools of ten hosts only."""

    def __init__(self, settings: Settings, gate: Gate | None = None) -> None:
        self._settings = settings
        self._gate = gate
        self._lock = threading.Lock()
        self._sessions: dict[_Key, HostSession] = {}
        self._contexts: dict[Verify, OnceContext] = {}

    def transport(self, verify: Verify) -> Transport:
        def send(request: "AWSPreparedRequest") -> "AWSResponse":
            with self._gate.passing() if self._gate else nullcontext():
                return self._session(request.url, verify).send(request)

        return send

    def close(self) -> None:
        with self._lock:
            sessions, self._sessions = self._sessions, {}
        for session in sessions.values():
            session.close()

    def _session(self, url: str, verify: Verify) -> HostSession:
        scheme, host = urlsplit(url)[:2]
        key = _Key(scheme, host, verify)
        found = self._sessions.get(key)
        if found is not None:
            return found
        with self._lock:
            if key not in self._sessions:
                self._sessions[key] = self._open(url, verify)
            return self._sessions[key]

    def _open(self, url: str, verify: Verify) -> HostSession:
        context = self._contexts.setdefault(verify, tls_context())
        proxies = self._settings.proxies
        if proxies is None:
            proxies = get_environ_proxies(url)
        return HostSession(context, self._settings, verify=verify, proxies=proxies, gate=self._gate)

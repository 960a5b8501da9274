"""Connections to one cluster's API server, used until the token expires."""

from collections.abc import Callable
from dataclasses import field
from functools import cached_property
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx2
from lightkube import Client
from lightkube.config.kubeconfig import SingleConfig
from lightkube.config.models import Cluster, Context, User

from eksaddon.domain.cause import Trouble
from eksaddon.domain.workload import NotChecked
from eksaddon.frozen import dataclass
from eksaddon.kube import gathering
from eksaddon.kube.network.gated import GatedTransport
from eksaddon.kube.network.reader import Reader
from eksaddon.kube.network.renewed import RenewedToken
from eksaddon.kube.network.replies import CheckedReplies
from eksaddon.kube.network.tls import transport
from eksaddon.kube.network.traced import TracedTransport
from eksaddon.kube.prepared import prepare
from eksaddon.kube.troubles import FAULTS, not_checked
from eksaddon.ports import Gate, Reach
from eksaddon.ports.trace import Trace
from eksaddon.regex import regex

CONNECT_SECONDS, READ_SECONDS = 5.0, 20.0
TIMEOUT = httpx2.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)

_VERSION = regex(r"([0-9]{1,5})\.([0-9]{1,5})")


class Line:
    """One token over one transport; thread-safe.

    Attributes:
        reader: For reads, which are most requests.
        made_at: Seconds since the epoch.
        version: Of the API server.
    """

    def __init__(self, carrier: httpx2.BaseTransport, reach: Reach, token: str, made_at: float) -> None:
        self._carrier = carrier
        self._reach = reach
        self._token = token
        self.made_at = made_at
        self.reader = Reader(carrier, reach, token, TIMEOUT)
        self.version = (0, 0)

    @cached_property
    def client(self) -> Client:
        """The client library's, for everything but reads; made when it is first used."""
        config = SingleConfig(
            context_name="eks",
            context=Context(cluster="eks", user="eks"),
            # TLS is verified by the transport; given the CA, the library would load it in vain.
            cluster=Cluster(server=self._reach.endpoint, insecure=True),
            user=User(token=self._token),
        )
        made = Client(config, timeout=TIMEOUT, transport=self._carrier)
        if self._reach.agent:
            gathering.http_of(made).headers["user-agent"] = self._reach.agent
        return made

    def close(self) -> None:
        self._carrier.close()


@dataclass(frozen=True, slots=True)
class Lines:
    """Opens lines.

    Attributes:
        now: Seconds since the epoch.
        transport: Sends all requests instead of the network.
        gate: Checked by every request; None to allow all.
        trace: Receives every request; None for no trace.
        repeated: Runs a request until it succeeds or a repetition is useless.
    """

    now: Callable[[], float]
    repeated: Callable[[Callable[[], tuple[int, int]]], tuple[int, int]]
    transport: httpx2.BaseTransport | None = None
    gate: Gate | None = None
    trace: Trace | None = field(default=None)

    def open(self, reach: Reach | Trouble) -> Line | NotChecked:
        if isinstance(reach, Trouble):
            return NotChecked(f"could not look up the cluster's API endpoint: {reach}", reach.hint)
        if not is_url(reach.endpoint):
            return NotChecked(
                "the cluster's API endpoint is not a valid URL", "check `aws eks describe-cluster`"
            )
        token = reach.token()
        if isinstance(token, Trouble):
            return NotChecked(f"could not create a token for the Kubernetes API: {token}", token.hint)
        if self.transport is None and not is_safe(reach.endpoint, reach.authority):
            return NotChecked(
                "the cluster's API endpoint has no https URL or no certificate authority, so no "
                "token is sent",
                "DescribeCluster must return an https endpoint and a certificate authority",
            )
        prepare()
        try:
            line = Line(self._carrier(reach), reach, token, self.now())
        except FAULTS as error:
            return not_checked(error)
        return self._with_version(line, reach.version)

    def _with_version(self, line: Line, known: str) -> Line | NotChecked:
        """Add the version that EKS returned; without one, ask the server."""
        if found := _VERSION.fullmatch(known):
            line.version = int(found[1]), int(found[2])
            return line
        try:
            line.version = self.repeated(lambda: gathering.server_version(line.reader))
        except FAULTS as error:
            line.close()
            return not_checked(error)
        return line

    def _carrier(self, reach: Reach) -> httpx2.BaseTransport:
        network = self.transport or transport(reach.endpoint, reach.authority)
        carrier: httpx2.BaseTransport = CheckedReplies(network, self.now)
        if self.trace is not None:
            carrier = TracedTransport(carrier, self.trace)
        carrier = RenewedToken(carrier, reach.token, self.now(), self.now)
        return carrier if self.gate is None else GatedTransport(carrier, self.gate)


def is_url(endpoint: str) -> bool:
    """Whether an HTTP client can send requests to an endpoint."""
    try:
        return bool(urlsplit(endpoint).hostname and httpx2.URL(endpoint).host)
    except (ValueError, httpx2.InvalidURL):
        return False


def is_safe(endpoint: str, authority: str) -> bool:
    """Whether a token may be sent to an endpoint: TLS with the cluster's own CA, or this machine."""
    parts = urlsplit(endpoint)
    if parts.scheme == "https":
        return bool(authority)
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"

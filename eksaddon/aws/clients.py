"""Creates SDK clients, and caches one EKS client for each account and region."""

import gc
import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, InvalidConfigError
from botocore.session import Session

from eksaddon.aws.calls import Line
from eksaddon.aws.complete_reply import complete
from eksaddon.aws.network.http import HttpPool, Transport, Verify
from eksaddon.aws.network.sends import watch_sends
from eksaddon.aws.network.traced import traced
from eksaddon.aws.sessions import Sessions
from eksaddon.aws.settings import Settings
from eksaddon.domain.cause import Trouble
from eksaddon.domain.target import Scope
from eksaddon.ports.trace import Trace

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from botocore.client import BaseClient
    from mypy_boto3_eks import EKSClient

Service = Literal["eks", "sts", "organizations", "account", "iam", "ec2"]


GARBAGE = 300
"""Clients that are dropped before their memory is freed, 45 MiB; freeing it takes 0.15 s of CPU."""


class ClientFactory:
    """Creates clients that use given credentials and one shared connection pool.

    Args:
        transport: Sends the requests instead of the pool, such as an in-process simulator.
        trace: Receives every request; None for no trace.
    """

    def __init__(
        self,
        sessions: Sessions,
        settings: Settings,
        pool: HttpPool,
        transport: Transport | None = None,
        trace: Trace | None = None,
    ) -> None:
        self._sessions = sessions
        self._settings = settings
        self._pool = pool
        self._transport = transport
        self._trace = trace
        self._lock = threading.Lock()

    def make(
        self, service: Service, *, profile: str, credentials: Credentials, region: str, attempts: int = 0
    ) -> "BaseClient":
        """Create a client; serialised, because botocore does not guarantee that this is thread-safe.

        Args:
            attempts: Maximum requests for one call; 0 for the default of the settings.

        Raises:
            BotoCoreError: Invalid configuration, profile, region or endpoint.
        """
        session = self._sessions.of(profile)
        with self._lock, session.lending(credentials):
            try:
                user = self._sessions.user_settings(profile)
                config = self._settings.config(attempts=attempts, user=user)
                client: BaseClient = session.create_client(service, region_name=region, config=config)
            except BotoCoreError:
                raise
            except ValueError as error:  # an endpoint URL or a number in the configuration
                raise InvalidConfigError(error_msg=str(error)) from error
        transport = complete(self._transport or self._pool.transport(_verify(session)))
        client.meta.events.register_last("before-send", _handler(transport))  # type: ignore[arg-type]  # a reply is an answer
        watch_sends(client)
        traced(client, self._trace)
        return client


def _verify(session: Session) -> Verify:
    bundle = session.get_config_variable("ca_bundle")
    return str(bundle or os.environ.get("REQUESTS_CA_BUNDLE", "")) or True


def _handler(transport: Transport) -> Callable[..., "AWSResponse | None"]:
    def send(request: "AWSPreparedRequest", **_: object) -> "AWSResponse | None":
        return transport(request)

    return send


class EksClients:
    """One client for each account and region: the unit that AWS throttles and adaptive retries slow down."""

    def __init__(self, connect: "Callable[[Scope], Line[EKSClient] | Trouble]") -> None:
        self._connect = connect
        self._lock = threading.Lock()
        self._lines: dict[Scope, Line[EKSClient]] = {}
        self._garbage = 0

    def of(self, scope: Scope) -> "Line[EKSClient] | Trouble":
        """Look up the client of a scope; created at first use."""
        found = self._lines.get(scope)
        if found is not None:
            return found
        with self._lock:
            line = self._lines.get(scope) or self._connect(scope)
            if not isinstance(line, Trouble):
                self._lines[scope] = line
            return line

    def release(self, scope: Scope) -> None:
        """Drop a scope's client to free 0.15 MiB; a later call creates a new one.

        A client is a cycle of references, which the garbage collector finds late among values that live long.
        """
        with self._lock:
            if self._lines.pop(scope, None) is None:
                return
            self._garbage += 1
            if self._garbage < GARBAGE:
                return
            self._garbage = 0
        gc.collect()

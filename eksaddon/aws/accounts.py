"""Resolves the credentials of an account and creates clients with them."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, assert_never

from botocore.credentials import Credentials, ReadOnlyCredentials

from eksaddon.aws.calls import Line
from eksaddon.aws.clients import ClientFactory, Service
from eksaddon.aws.credentials import RoleCredentials, SessionKeys
from eksaddon.aws.errors import SDK_ERRORS, translate
from eksaddon.aws.sessions import Sessions
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.target import Access, AssumedRole, CurrentCredentials, ProfileCredentials
from eksaddon.frozen import dataclass

if TYPE_CHECKING:
    from mypy_boto3_sts import STSClient
    from mypy_boto3_sts.type_defs import AssumeRoleRequestTypeDef

_NOT_ASSUMABLE = frozenset({Cause.DENIED, Cause.INVALID, Cause.NOT_FOUND})


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain of roles that starts with a profile's credentials; without roles, these credentials only."""

    profile: str = ""
    arns: tuple[str, ...] = ()
    external_id: str = ""

    @property
    def before(self) -> "Chain":
        return Chain(self.profile, self.arns[:-1])

    @property
    def partition(self) -> str:
        """Partition of the last role's ARN; empty without roles."""
        return self.arns[-1].split(":")[1] if self.arns and ":" in self.arns[-1] else ""


def chain_of(access: Access) -> Chain:
    match access:
        case CurrentCredentials():
            return Chain()
        case ProfileCredentials(profile=profile):
            return Chain(profile)
        case AssumedRole(arns=arns, external_id=external_id, profile=profile):
            return Chain(profile, arns, external_id)
        case _:
            assert_never(access)


class Accounts:
    """Resolves credentials, each once for all regions and threads.

    Args:
        session_name: RoleSessionName, which CloudTrail shows.
        now: Seconds since the epoch.
    """

    def __init__(
        self, sessions: Sessions, clients: ClientFactory, *, session_name: str, now: Callable[[], float]
    ) -> None:
        self._sessions = sessions
        self._clients = clients
        self._session_name = session_name
        self._now = now
        self._lock = threading.RLock()
        self._roles: dict[Chain, RoleCredentials] = {}
        self._sts: dict[tuple[Chain, str], Line[STSClient]] = {}

    def open(
        self, service: Service, access: Access, *, region: str = "", attempts: int = 0
    ) -> Line[Any] | Trouble:
        """Create a client for an account; a role is assumed at its first request.

        Args:
            region: Empty for the home region of global calls.
            attempts: Maximum requests for one call; 0 for the default of the settings.
        """
        try:
            return self._line(service, chain_of(access), region, attempts)
        except SDK_ERRORS as error:
            return translate(error, operation="", region=region)

    def keys(self, access: Access) -> ReadOnlyCredentials | Trouble:
        """Current keys, for signatures made outside of the SDK's clients."""
        try:
            return self._credentials(chain_of(access)).get_frozen_credentials()
        except SDK_ERRORS as error:
            return translate(error, operation="")

    def region_of(self, access: Access) -> str:
        try:
            return self._sessions.region(chain_of(access).profile)
        except SDK_ERRORS:
            return ""

    def _line(self, service: Service, chain: Chain, region: str = "", attempts: int = 0) -> Line[Any]:
        credentials = self._credentials(chain)
        region = region or self._sessions.home(chain.profile, chain.partition)
        client = self._clients.make(
            service, profile=chain.profile, credentials=credentials, region=region, attempts=attempts
        )
        return Line(client, credentials, region)

    def _credentials(self, chain: Chain) -> Credentials:
        if not chain.arns:
            return self._sessions.base(chain.profile)
        with self._lock:
            if chain not in self._roles:
                self._credentials(chain.before)
                self._roles[chain] = RoleCredentials(lambda: self._assume(chain), self._now)
            return self._roles[chain]

    def _assume(self, chain: Chain) -> SessionKeys | Trouble:
        arn = chain.arns[-1]
        parameters: AssumeRoleRequestTypeDef = {"RoleArn": arn, "RoleSessionName": self._session_name}
        if chain.external_id:
            parameters["ExternalId"] = chain.external_id
        line = self._sts_line(chain)
        reply = line.call("AssumeRole", lambda sts: sts.assume_role(**parameters))
        return _assume_role_trouble(reply, arn) if isinstance(reply, Trouble) else read_keys(reply, arn)

    def _sts_line(self, chain: Chain) -> "Line[STSClient]":
        """The STS client shared by all roles with the same base credentials and partition."""
        key = chain.before, chain.partition
        with self._lock:
            if key not in self._sts:
                region = self._sessions.home(chain.profile, chain.partition)
                self._sts[key] = self._line("sts", chain.before, region)
            return self._sts[key]


def read_keys(reply: Mapping[str, object], arn: str) -> SessionKeys | Trouble:
    """Read the response of AssumeRole."""
    match reply:
        case {
            "Credentials": {
                "AccessKeyId": str(key),
                "SecretAccessKey": str(secret),
                "SessionToken": str(token),
                "Expiration": datetime() as expires,
            }
        }:
            return SessionKeys(ReadOnlyCredentials(key, secret, token), expires.timestamp())
        case _:
            return Trouble(
                Cause.UNREADABLE, f"AssumeRole of {arn} returned no credentials", operation="AssumeRole"
            )


def _assume_role_trouble(trouble: Trouble, arn: str) -> Trouble:
    """AWS returns the same error for a missing role, a missing trust and a wrong external id."""
    cause = Cause.ROLE_NOT_ASSUMABLE if trouble.cause in _NOT_ASSUMABLE else trouble.cause
    message = f"cannot assume {arn}: {trouble.message}"
    return Trouble(cause, message, trouble.code, "AssumeRole", trouble.action)

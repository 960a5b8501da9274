"""How an account is entered: which credentials sign for it, and the lines that are opened with them."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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

if TYPE_CHECKING:
    from mypy_boto3_sts import STSClient
    from mypy_boto3_sts.type_defs import AssumeRoleRequestTypeDef

_NOT_ASSUMABLE = frozenset({Cause.DENIED, Cause.INVALID, Cause.NOT_FOUND})


@dataclass(frozen=True, slots=True)
class Chain:
    """Roles assumed one with the other, beginning with a profile's credentials; without roles those alone."""

    profile: str = ""
    arns: tuple[str, ...] = ()
    external_id: str = ""

    @property
    def before(self) -> "Chain":
        return Chain(self.profile, self.arns[:-1])

    @property
    def partition(self) -> str:
        """Of the last role's ARN; empty where there is none."""
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
    """Finds or fetches credentials, each once for all regions and threads.

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
        """A new client that signs for an account; a role is assumed at the first request it signs.

        Args:
            region: Empty for the home of calls that belong to no region.
            attempts: Requests for one call; 0 for the settings'.
        """
        try:
            return self._line(service, chain_of(access), region, attempts)
        except SDK_ERRORS as error:
            return translate(error, operation="", region=region)

    def keys(self, access: Access) -> ReadOnlyCredentials | Trouble:
        """Keys in force now, for those who sign something of their own."""
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
        wanted: AssumeRoleRequestTypeDef = {"RoleArn": arn, "RoleSessionName": self._session_name}
        if chain.external_id:
            wanted["ExternalId"] = chain.external_id
        line = self._sts_line(chain)
        reply = line.ask("AssumeRole", lambda sts: sts.assume_role(**wanted))
        return _refusal(reply, arn) if isinstance(reply, Trouble) else read_keys(reply, arn)

    def _sts_line(self, chain: Chain) -> "Line[STSClient]":
        """One client for all roles that are assumed with the same credentials in the same partition."""
        key = chain.before, chain.partition
        with self._lock:
            if key not in self._sts:
                region = self._sessions.home(chain.profile, chain.partition)
                self._sts[key] = self._line("sts", chain.before, region)
            return self._sts[key]


def read_keys(reply: Mapping[str, object], arn: str) -> SessionKeys | Trouble:
    """Read AssumeRole's answer."""
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


def _refusal(trouble: Trouble, arn: str) -> Trouble:
    """AWS says the same of a role that is missing, does not trust us, or wants another external id."""
    cause = Cause.ROLE_NOT_ASSUMABLE if trouble.cause in _NOT_ASSUMABLE else trouble.cause
    message = f"cannot assume {arn}: {trouble.message}"
    return Trouble(cause, message, trouble.code, "AssumeRole", trouble.action)

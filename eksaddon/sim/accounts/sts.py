"""AWS STS: AssumeRole and GetCallerIdentity."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from eksaddon.domain.json import JsonObject
from eksaddon.regex import regex
from eksaddon.sim.api.identities import Account, Caller, Role, covers
from eksaddon.sim.api.keys import KeyRing
from eksaddon.sim.api.request import ApiRequest
from eksaddon.sim.http.messages import RefusalError

_ARN = regex(r"arn:(?P<partition>aws[a-z-]*):iam::(?P<account>\d{12}):role/(?P<name>[\w+=,.@/-]+)")
_SESSION_NAME = regex(r"[\w+=,.@-]{2,64}")

_SHORTEST = 900
_LONGEST = 43200
_LONGEST_CHAINED = 3600
"""Seconds (source: IAM user guide, role chaining)."""


class Sts:
    """Implements the operations.

    Args:
        accounts: By id.
    """

    def __init__(self, accounts: Mapping[str, Account], ring: KeyRing) -> None:
        self._accounts = accounts
        self._ring = ring
        self.operations: Mapping[str, Callable[[ApiRequest], JsonObject]] = {
            "AssumeRole": self.assume_role,
            "GetCallerIdentity": self.get_caller_identity,
        }

    def get_caller_identity(self, request: ApiRequest) -> JsonObject:
        caller = request.caller
        return {"UserId": caller.user_id, "Account": caller.account.id, "Arn": caller.arn}

    def assume_role(self, request: ApiRequest) -> JsonObject:
        arn, name = request.text("RoleArn"), request.text("RoleSessionName")
        found = _ARN.fullmatch(arn)
        if found is None:
            raise _invalid(f"{arn} is invalid")
        if not _SESSION_NAME.fullmatch(name):
            raise _invalid(
                f"Value '{name}' at 'roleSessionName' failed to satisfy constraint: "
                "Member must satisfy regular expression pattern: [\\w+=,.@-]*"
            )
        account, role = self._role(request, found["account"], found["name"].rsplit("/", 1)[-1])
        expires = request.now + _seconds(request, role)
        session = Caller(
            account,
            f"arn:{found['partition']}:sts::{account.id}:assumed-role/{role.name}/{name}",
            f"AROASIMULATEDROLE000:{name}",
            expires,
            role.denies,
        )
        keys = self._ring.issue(session)
        return {
            "Credentials": {
                "AccessKeyId": keys.access_key,
                "SecretAccessKey": keys.secret_key,
                "SessionToken": keys.token,
                "Expiration": iso(expires),
            },
            "AssumedRoleUser": {"AssumedRoleId": session.user_id, "Arn": session.arn},
        }

    def _role(self, request: ApiRequest, account_id: str, name: str) -> tuple[Account, Role]:
        """Find a role; AWS returns the same error for a missing role and a missing trust."""
        account = self._accounts.get(account_id)
        role = account.roles.get(name) if account is not None else None
        if account is None or role is None or not _trusts(role, request):
            raise RefusalError(
                403,
                "AccessDenied",
                f"User: {request.caller.arn} is not authorized to perform: sts:AssumeRole "
                f"on resource: {request.text('RoleArn')}",
            )
        return account, role


def _trusts(role: Role, request: ApiRequest) -> bool:
    return covers(role.trusts, request.caller.arn) and role.external_id in ("", request.text("ExternalId"))


def _seconds(request: ApiRequest, role: Role) -> int:
    chained = request.caller.is_session
    longest = _LONGEST_CHAINED if chained else _LONGEST
    requested = request.params.get("DurationSeconds")
    if requested is None:
        return 3600
    try:
        seconds = int(str(requested))
    except ValueError:
        seconds = 0
    if chained and seconds > longest:
        raise _invalid(
            "The requested DurationSeconds exceeds the 1 hour session limit "
            "for roles assumed by role chaining"
        )
    if seconds > role.max_seconds:
        raise _invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
    if not _SHORTEST <= seconds <= longest:
        raise _invalid(
            f"Value '{requested}' at 'durationSeconds' failed to satisfy constraint: "
            f"Member must have value greater than or equal to {_SHORTEST}"
        )
    return seconds


def _invalid(message: str) -> RefusalError:
    return RefusalError(400, "ValidationError", message)


def iso(seconds: float) -> str:
    """Format seconds since the epoch as a UTC time."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

"""Accounts, the roles in them, and who calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from eksaddon.domain.geography import OPT_IN

EVERYBODY: tuple[str, ...] = ("*",)

NO_ROLES: "Mapping[str, Role]" = {}


@dataclass(frozen=True, slots=True)
class Role:
    """A role that may be assumed.

    Attributes:
        trusts: Globs over the caller's ARN; `EVERYBODY` for all.
        denies: Globs over IAM actions, as `eks:UpdateAddon`, that its policy does not allow.
        max_seconds: The longest session.
    """

    name: str
    external_id: str = ""
    trusts: tuple[str, ...] = EVERYBODY
    denies: tuple[str, ...] = ()
    max_seconds: int = 3600


@dataclass(frozen=True, slots=True)
class Account:
    """An AWS account.

    Attributes:
        id: Twelve digits.
        status: In its organization.
        unit: Path of its organizational unit, `/` for the root; empty outside of the organization.
        regions: Where its clusters are; those of them that are opt-in are enabled.
        guardrails: Globs over IAM actions that a service control policy denies to everybody in it.
    """

    id: str
    name: str = ""
    status: str = "ACTIVE"
    unit: str = "/"
    tags: tuple[tuple[str, str], ...] = ()
    regions: tuple[str, ...] = ()
    roles: Mapping[str, Role] = field(default_factory=lambda: NO_ROLES)
    guardrails: tuple[str, ...] = ()

    def has(self, region: str) -> bool:
        """Whether calls to a region work."""
        return region not in OPT_IN or region in self.regions


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose keys a request is signed with.

    Attributes:
        expires: Seconds since the epoch; None for keys that do not expire.
        denies: Globs over IAM actions that its policy does not allow.
    """

    account: Account
    arn: str
    user_id: str
    expires: float | None = None
    denies: tuple[str, ...] = ()

    @property
    def is_session(self) -> bool:
        return self.expires is not None


def covers(globs: tuple[str, ...], word: str) -> bool:
    return any(fnmatchcase(word, glob) for glob in globs)

"""Accounts, their roles, and callers."""

from collections.abc import Mapping
from dataclasses import field
from fnmatch import fnmatchcase

from eksaddon.domain.geography import OPT_IN
from eksaddon.frozen import dataclass

EVERYBODY: tuple[str, ...] = ("*",)

NO_ROLES: "Mapping[str, Role]" = {}


@dataclass(frozen=True, slots=True)
class Role:
    """A role that can be assumed.

    Attributes:
        trusts: Globs over the caller's ARN; `EVERYBODY` for all.
        denies: Globs of IAM actions, such as `eks:UpdateAddon`, that its policy does not allow.
        max_seconds: Maximum session duration.
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
        status: Status in its organization.
        unit: Path of its organizational unit, `/` for the root; empty outside an organization.
        regions: Regions of its clusters; opt-in regions among them are enabled.
        guardrails: Globs of IAM actions that a service control policy denies in the account.
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
        """Whether a region is enabled."""
        return region not in OPT_IN or region in self.regions


@dataclass(frozen=True, slots=True)
class Caller:
    """The owner of the keys that sign a request.

    Attributes:
        expires: Seconds since the epoch; None for keys that do not expire.
        denies: Globs of IAM actions that its policy does not allow.
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

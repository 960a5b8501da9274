"""The trust that lets a GitHub workflow assume an AWS role."""

from dataclasses import dataclass

from eksaddon.domain.json import JsonObject

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Provider:
    """GitHub as an identity provider of an AWS account.

    Attributes:
        audiences: Its client ids.
    """

    audiences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """It was looked for, and is not there."""


@dataclass(frozen=True, slots=True)
class NotLooked:
    """Attributes: why: In words."""

    why: str


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """Who may assume a role."""

    document: JsonObject


@dataclass(frozen=True, slots=True)
class Trust:
    """What was found in an AWS account."""

    provider: Provider | Missing | NotLooked
    policy: TrustPolicy | Missing | NotLooked

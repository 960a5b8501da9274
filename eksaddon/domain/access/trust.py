"""The trust policy that lets a GitHub workflow assume an AWS role."""

from eksaddon.domain.json import JsonObject
from eksaddon.frozen import dataclass

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Provider:
    """GitHub as an identity provider of an AWS account.

    Attributes:
        audiences: Client ids of the identity provider.
    """

    audiences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """The object does not exist."""


@dataclass(frozen=True, slots=True)
class NotRead:
    """The object was not read.

    Attributes:
        why: Reason for the output.
    """

    why: str


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """AssumeRolePolicyDocument of a role."""

    document: JsonObject


@dataclass(frozen=True, slots=True)
class Trust:
    """Identity provider and trust policy read from an AWS account."""

    provider: Provider | Missing | NotRead
    policy: TrustPolicy | Missing | NotRead

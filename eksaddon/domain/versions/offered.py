"""The versions that EKS offers for a Kubernetes version."""

from dataclasses import field

from eksaddon.domain.cause import Trouble
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class VersionList:
    """Answer of DescribeAddonVersions for one region and Kubernetes version.

    Attributes:
        kubernetes: Such as `1.34`.
        versions: In EKS's order; empty if EKS offers none.
        default: The version with `defaultVersion`; empty if none has it.
        read_at: Seconds since the epoch; 0 if unknown.
    """

    kubernetes: str
    versions: tuple[str, ...] = ()
    default: str = ""
    read_at: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class Offered:
    """The versions for a cluster.

    Attributes:
        previous: For the Kubernetes version before the cluster's, to which the cluster may be rolled back;
            a Trouble if they could not be read.
    """

    current: VersionList
    previous: VersionList | Trouble


@dataclass(frozen=True, slots=True)
class NotRequested:
    """The versions were not needed: none is desired, or the installed one is sufficient."""


VersionsSeen = Offered | NotRequested | Trouble
"""The versions for a cluster; a Trouble says why they could not be read."""


@dataclass(frozen=True, slots=True)
class VersionMove:
    """A change of the add-on version by one UpdateAddon."""

    before: str
    after: str


def previous_minor(kubernetes: str) -> str:
    """The Kubernetes version one minor below, such as `1.33` for `1.34`; empty if there is none."""
    major, _, minor = kubernetes.partition(".")
    is_known = major.isdigit() and minor.isdigit() and int(minor) > 0
    return f"{major}.{int(minor) - 1}" if is_known else ""


def is_older(kubernetes: str, other: str) -> bool:
    """Whether a Kubernetes version, such as `1.9`, is below another one, such as `1.34`."""
    one, two = kubernetes.split("."), other.split(".")
    is_known = all(part.isdigit() for part in (*one, *two))
    return is_known and [*map(int, one)] < [*map(int, two)]

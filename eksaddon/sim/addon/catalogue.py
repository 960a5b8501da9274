"""CoreDNS add-on versions and their compatible Kubernetes versions.

Source: DescribeAddonVersions for coredns in August 2026, for Kubernetes 1.36 in October 2026.
"""

from collections.abc import Iterator

from eksaddon.frozen import dataclass
from eksaddon.schema import DEFAULT_VERSIONS

COREDNS = "coredns"
"""The add-on's name."""

ARCHITECTURES = ("amd64", "arm64")
COMPUTE_TYPES = ("ec2", "hybrid", "fargate", "auto", "local-cluster")


@dataclass(frozen=True, slots=True)
class Release:
    """An add-on version.

    Attributes:
        kubernetes: Compatible cluster versions, newest first.
        default_of: Cluster versions whose default it is.
    """

    version: str
    kubernetes: tuple[str, ...]
    default_of: tuple[str, ...] = ()


def _minors(newest: int, oldest: int) -> tuple[str, ...]:
    return tuple(f"1.{minor}" for minor in range(newest, oldest - 1, -1))


_BUILDS: tuple[tuple[str, tuple[int, ...], tuple[str, ...]], ...] = (
    ("1.14.7", (10,), _minors(36, 36)),
    ("1.14.3", (14, 9, 3, 2), _minors(36, 35)),
    ("1.14.2", (4,), _minors(36, 35)),
    ("1.13.2", (21, 17, 11, 10, 7, 4, 3, 1), _minors(36, 33)),
    ("1.13.1", (1,), _minors(36, 33)),
    ("1.12.4", (29, 24, 18, 17, 14, 11, 10, 6, 1), _minors(35, 33)),
    ("1.12.3", (1,), _minors(35, 33)),
    ("1.12.2", (4, 1), _minors(35, 33)),
    ("1.12.1", (2,), _minors(35, 33)),
    ("1.11.4", (51, 46, 40, 39, 33, 32, 28, 24, 22, 20, 14, 10, 2, 1), _minors(34, 29)),
    ("1.11.3", (3, 2, 1), _minors(34, 29)),
    ("1.11.1", (13, 11, 9, 8, 6, 4, 3), _minors(34, 29)),
    ("1.10.1", (38, 36, 35, 18, 17, 15, 13, 11, 10, 7, 6, 5, 4, 3, 2, 1), _minors(31, 27)),
    ("1.9.3", (40, 39, 22, 21, 19, 17, 15, 11, 10, 9, 7, 6, 5, 3, 2), _minors(28, 24)),
    ("1.8.7", (21, 20, 18, 16, 10), _minors(26, 21)),
    ("1.8.7", (9, 8, 7, 6, 5, 4), _minors(26, 22)),
    ("1.8.7", (3,), _minors(25, 22)),
    ("1.8.7", (2,), _minors(23, 23)),
    ("1.8.7", (1,), _minors(23, 22)),
    ("1.8.4", (2,), _minors(25, 21)),
    ("1.8.4", (1,), _minors(23, 21)),
    ("1.8.3", (1,), _minors(21, 20)),
    ("1.8.0", (1,), _minors(20, 20)),
)


def default_version(kubernetes: str) -> str | None:
    """The default add-on version of EKS; None for an unknown Kubernetes version."""
    return DEFAULT_VERSIONS.get(kubernetes)


def _releases() -> Iterator[Release]:
    for coredns, builds, kubernetes in _BUILDS:
        for build in builds:
            version = f"v{coredns}-eksbuild.{build}"
            yield Release(
                version, kubernetes, tuple(each for each in kubernetes if default_version(each) == version)
            )


RELEASES = {release.version: release for release in _releases()}
"""Newest first."""


def kubernetes_for(version: str) -> str | None:
    """The newest Kubernetes version compatible with an add-on version; None for an unknown one."""
    release = RELEASES.get(version)
    return release.kubernetes[0] if release else None

"""The desired add-on version."""

import re

from eksaddon.frozen import dataclass

EXACT = r"v[0-9]+\.[0-9]+\.[0-9]+-eksbuild\.[0-9]+"
"""A version as EKS writes it."""

AT_LEAST = ">="
"""Prefix of the oldest accepted version, such as `>=v1.11.4-eksbuild.33`."""

DEFAULT, LATEST = "default", "latest"


@dataclass(frozen=True, slots=True)
class ExactVersion:
    version: str

    def __str__(self) -> str:
        return self.version


@dataclass(frozen=True, slots=True)
class DefaultVersion:
    """The version that EKS installs by default on the cluster's Kubernetes version."""

    def __str__(self) -> str:
        return DEFAULT


@dataclass(frozen=True, slots=True)
class LatestVersion:
    """The highest version that EKS offers for the cluster's Kubernetes version."""

    def __str__(self) -> str:
        return LATEST


@dataclass(frozen=True, slots=True)
class AtLeastVersion:
    """Any version from this one on; an older one is moved to EKS's default, if that is new enough."""

    version: str

    def __str__(self) -> str:
        return f"{AT_LEAST}{self.version}"


DesiredVersion = ExactVersion | DefaultVersion | LatestVersion | AtLeastVersion


def read_desired_version(text: str) -> DesiredVersion | None:
    """Read `default`, `latest`, a version or `>=` and a version; None for any other text."""
    if text == DEFAULT:
        return DefaultVersion()
    if text == LATEST:
        return LatestVersion()
    is_bound = text.startswith(AT_LEAST)
    version = text.removeprefix(AT_LEAST).strip(" ") if is_bound else text
    if not re.fullmatch(EXACT, version, re.ASCII):
        return None
    return AtLeastVersion(version) if is_bound else ExactVersion(version)

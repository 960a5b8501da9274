"""Comparable versions of the coredns add-on."""

from functools import lru_cache

from eksaddon.frozen import dataclass
from eksaddon.regex import regex

_NUMBER = r"(0|[1-9][0-9]{0,5})"
_FORM = regex(rf"v{_NUMBER}\.{_NUMBER}\.{_NUMBER}-eksbuild\.{_NUMBER}")

CoreDnsVersion = tuple[int, int, int]


@dataclass(frozen=True, slots=True, order=True)
class AddonVersion:
    """A version such as `v1.11.4-eksbuild.28`, ordered by CoreDNS version and build.

    Attributes:
        coredns: Version of CoreDNS, such as (1, 11, 4).
        build: EKS's build number of that version.
    """

    coredns: CoreDnsVersion
    build: int

    def __str__(self) -> str:
        return f"v{'.'.join(map(str, self.coredns))}-eksbuild.{self.build}"


@lru_cache(maxsize=512)
def parse_version(text: str) -> AddonVersion | None:
    """Parse a version; None for an unknown format, which EKS could introduce."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    major, minor, patch, build = (int(part) for part in found.groups())
    return AddonVersion((major, minor, patch), build)

"""Comparable CoreDNS versions."""

Version = tuple[int, int, int]
"""Major, minor, patch of CoreDNS itself, without the add-on's build."""

FIRST: Version = (0, 0, 0)
"""Before everything: the start of a span without a known beginning."""

ENDLESS: Version = (1_000_000, 0, 0)
"""After everything: the end of a span that still lasts."""

OLDEST_KNOWN: Version = (1, 0, 2)
"""The first release whose plugin list was read."""

NEWEST_KNOWN: Version = (1, 14, 7)
"""The last release whose plugin sources were read; what a later one adds cannot be known here."""


def show_version(version: Version) -> str:
    return ".".join(str(number) for number in version)

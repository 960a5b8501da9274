"""CoreDNS versions as tests write them."""

from eksaddon.corefile.syntax.versions import Version


def coredns_version(text: str) -> Version:
    """`1.11.4` or `v1.11.4` as a tuple that compares."""
    major, minor, patch = text.removeprefix("v").split(".")
    return int(major), int(minor), int(patch)

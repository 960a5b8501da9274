"""Where the prometheus plugin serves metrics."""

from ipaddress import ip_address

from eksaddon.corefile.syntax.dispenser import occurrences
from eksaddon.corefile.syntax.tree import Corefile

NAME = "prometheus"
_LOCAL = "localhost:9153"
"""Its default (source: plugin/metrics/setup.go of CoreDNS 1.14.7)."""


def metrics_port(corefile: Corefile) -> int | None:
    """The first port with metrics that can be reached from outside the pod; None if there is none."""
    for block in corefile.blocks:
        for found in occurrences(block.groups.get(NAME, ())):
            address = found.args[0].text if found.args else _LOCAL
            host, _, port = address.rpartition(":")
            if port.isdecimal() and not _is_local(host.strip("[]")):
                return int(port)
    return None


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

"""The words for how lookups are sent."""

from enum import StrEnum


class Transport(StrEnum):
    UDP = "udp"
    TCP = "tcp"


class PortMode(StrEnum):
    """How source ports are chosen."""

    WALKED = "walked"
    """One after the other through the whole range, so that none returns soon: new flows."""
    KEPT = "kept"
    """One port for all lookups, as resolvers keep one for their retries."""
    RANDOM = "random"
    """As the system chooses: what applications do."""

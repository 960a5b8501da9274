"""Which source ports a probe uses: walked, kept or random.

A node's conntrack keeps a UDP flow, that is a source port, on the endpoint that answered it: fresh ports
meet the current rules, a kept port meets the old ones. Random ports mix both: at 200 lookups a second 19 %
of them were used within the last 30 s (28,232 ports, 6,000 picks), and follow the old entry.
"""

import random
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

RANGE_FILE = Path("/proc/sys/net/ipv4/ip_local_port_range")
FIRST, LAST = 49_152, 65_535
"""The dynamic ports (source: RFC 6335, section 6), where the system does not say which it uses."""

DESCRIPTORS_OF_OTHERS = 256
"""Files and sockets that the rest of the process may hold."""

MOST_TAKEN = 64
"""Ports in a row that others hold before the walk gives up."""


def port_range() -> tuple[int, int]:
    """The first and the last local port of this system."""
    try:
        first, last = RANGE_FILE.read_text(encoding="ascii").split()
        return int(first), int(last)
    except (OSError, ValueError):
        return FIRST, LAST


def walk(dice: random.Random) -> Iterator[int]:
    """Every port of the range in turn, for ever, from a random one on."""
    first, last = port_range()
    count = last - first + 1
    start = dice.randrange(count)
    while True:
        yield first + start % count
        start += 1


def bind_next(sock: socket.socket, ports: Iterator[int]) -> None:
    """Bind to the next port that nobody holds.

    Raises:
        OSError: None of the next ones is free.
    """
    host = "::" if sock.family is socket.AF_INET6 else "0.0.0.0"  # noqa: S104 - a client socket
    for _ in range(MOST_TAKEN - 1):
        try:
            sock.bind((host, next(ports)))
        except OSError:
            continue
        else:
            return
    sock.bind((host, next(ports)))


def allow_descriptors(count: int) -> None:
    """Raise this process's soft limit of open files for so many sockets, up to the hard limit."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - POSIX only

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + DESCRIPTORS_OF_OTHERS
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))

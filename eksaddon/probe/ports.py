"""Source ports of a probe: walked, kept or random.

A node's conntrack keeps a UDP flow, identified by its source port, on the endpoint that answered it: new
ports use the current rules, a kept port the old ones. Random ports mix both: at 200 lookups per second, 19 %
of them were used within the last 30 s (28,232 ports, 6,000 picks) and follow the old entry.
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
"""Descriptors reserved for the rest of the process."""

MOST_TAKEN = 8_192
"""Maximum number of consecutive ports in use before the walk fails.

Another probe on this host keeps a port for each lookup without an answer: at 5,000 lookups per second and a
timeout of 1 s these are 5,256 consecutive ones. To pass 8,192 ports takes about 16 ms.
"""


def port_range() -> tuple[int, int]:
    """The first and the last local port of this system."""
    try:
        first, last = RANGE_FILE.read_text(encoding="ascii").split()
        return int(first), int(last)
    except (OSError, ValueError):
        return FIRST, LAST


def walk(dice: random.Random) -> Iterator[int]:
    """Yield all ports of the range cyclically, from a random one."""
    first, last = port_range()
    count = last - first + 1
    start = dice.randrange(count)
    while True:
        yield first + start % count
        start += 1


def bind_next(sock: socket.socket, ports: Iterator[int]) -> None:
    """Bind to the next free port.

    Raises:
        OSError: None of the next ports is free.
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
    """Raise the soft limit of open files for `count` sockets, up to the hard limit."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - POSIX only

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + DESCRIPTORS_OF_OTHERS
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))

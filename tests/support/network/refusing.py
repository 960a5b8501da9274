"""A port that refuses packets, and stays this test's own while it does."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

_DISCARD = ("127.0.0.1", 9)


@contextmanager
def refusing_port() -> Iterator[int]:
    """A UDP port on the loopback: connected, it accepts its peer's packets only and refuses all others'.

    A port that is only free can be given to a socket of another test at any moment.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        held.connect(_DISCARD)
        yield held.getsockname()[1]

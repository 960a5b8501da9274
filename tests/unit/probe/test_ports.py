"""Source ports that other programs on the host have taken."""

import errno
import itertools
import random
import socket
from contextlib import ExitStack

import pytest

from eksaddon.probe import ports
from eksaddon.probe.ports import bind_next, walk


def udp(open_sockets: ExitStack) -> socket.socket:
    return open_sockets.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))


def test_the_ports_of_another_probe_that_waits_for_answers_are_passed() -> None:
    with ExitStack() as open_sockets:
        others, own = itertools.tee(walk(random.Random(1)))
        taken = [udp(open_sockets) for _ in range(300)]
        for sock in taken:
            bind_next(sock, others)
        sock = udp(open_sockets)
        bind_next(sock, own)
        assert sock.getsockname()[1] not in {each.getsockname()[1] for each in taken}


def test_a_host_without_a_free_port_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "MOST_TAKEN", 100)
    with ExitStack() as open_sockets:
        taken = udp(open_sockets)
        taken.bind(("0.0.0.0", 0))
        tried = iter([taken.getsockname()[1]] * 100)
        with pytest.raises(OSError, match="in use") as raised:
            bind_next(udp(open_sockets), tried)
        assert raised.value.errno == errno.EADDRINUSE
        assert next(tried, None) is None

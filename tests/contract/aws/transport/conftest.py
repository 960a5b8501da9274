"""A scripted server on a real socket."""

import ssl
from collections.abc import Callable, Iterator

import pytest

from tests.support.aws.sockets import scripted
from tests.support.network.loopback import Answer, Loopback


@pytest.fixture
def pointed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Loopback]]:
    """Starts a server and points the SDK at it."""
    running: list[Loopback] = []

    def start(*answers: Answer, context: ssl.SSLContext | None = None) -> Loopback:
        server = Loopback(scripted(*answers), context)
        running.append(server)
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        return server

    yield start
    for server in running:
        server.close()

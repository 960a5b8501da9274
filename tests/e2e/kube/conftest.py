"""One API server of each release for all tests of this folder, emptied before each."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.e2e.kube.cluster.adapters import close_all
from tests.e2e.kube.cluster.authenticator import authenticator
from tests.e2e.kube.cluster.cleaning import empty
from tests.e2e.kube.cluster.control_plane import Server, control_plane, controllers
from tests.e2e.kube.cluster.releases import CURRENT, WITHOUT_SLEEP
from tests.support.network.connect_proxy import connect_proxy


@pytest.fixture(scope="session")
def running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("kubernetes")
    with (
        TemporaryDirectory() as short,  # the path of a Unix socket has 107 bytes at most
        connect_proxy(Path(short) / "pods") as pod_network,
        authenticator() as url,
        control_plane(CURRENT, folder, pod_network, authenticator=url) as server,
        controllers(server, folder),
    ):
        yield server


@pytest.fixture(scope="session")
def running_old_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with control_plane(WITHOUT_SLEEP, tmp_path_factory.mktemp("old-kubernetes")) as server:
        yield server


@pytest.fixture(autouse=True)
def adapters_closed() -> Iterator[None]:
    """Also after a test that failed: an open socket would fail the test that runs when it is collected."""
    yield
    close_all()


@pytest.fixture
def server(running_server: Server) -> Server:
    """An API server of today, with the real controllers beside it."""
    empty(running_server.api())
    return running_server


@pytest.fixture
def old_server(running_old_server: Server) -> Server:
    """An API server that refuses a preStop sleep."""
    empty(running_old_server.api())
    return running_old_server

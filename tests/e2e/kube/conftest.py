"""One API server of each release for all tests of this folder, emptied before each."""

import contextlib
from collections.abc import Iterator

import pytest

from tests.e2e.kube.api import Api, RefusedError
from tests.e2e.kube.control_plane import Server, control_plane, controllers
from tests.e2e.kube.processes import until
from tests.e2e.kube.releases import CURRENT, WITHOUT_SLEEP

COLLECTIONS = ("Deployment", "ReplicaSet", "Pod", "PodDisruptionBudget", "HorizontalPodAutoscaler")
"""In this order: what makes others goes before them."""
NAMED = (("ConfigMap", "coredns"), ("Service", "kube-dns"), ("Role", "eksdns"), ("RoleBinding", "eksdns"))
CLEAN_SECONDS = 30.0


@pytest.fixture(scope="session")
def running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("kubernetes")
    with control_plane(CURRENT, folder) as server, controllers(server, folder):
        yield server


@pytest.fixture(scope="session")
def running_old_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with control_plane(WITHOUT_SLEEP, tmp_path_factory.mktemp("old-kubernetes")) as server:
        yield server


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


def empty(api: Api) -> None:
    """Takes away all that a test can have left; the controllers may be making more of it meanwhile."""
    for kind, name in NAMED:
        with contextlib.suppress(RefusedError):
            api.delete(kind, name)
    until(lambda: _emptied(api), seconds=CLEAN_SECONDS, what="the namespace is empty")


def _emptied(api: Api) -> bool:
    for kind in COLLECTIONS:
        api.delete(kind)
    return not any(api.items(kind) for kind in COLLECTIONS)

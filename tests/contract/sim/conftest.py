import os
from collections.abc import Iterator

import pytest

from tests.support.aws.backends import BACKENDS, EACH_BACKEND, Aws


@pytest.fixture(autouse=True)
def no_machine_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in tuple(os.environ):
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)


@pytest.fixture(params=EACH_BACKEND)
def aws(request) -> Iterator[Aws]:
    with BACKENDS[request.param]() as backend:
        yield backend


@pytest.fixture(params=[name for name in BACKENDS if name != "moto"])
def simulated(request) -> Iterator[Aws]:
    """For what moto does not have."""
    with BACKENDS[request.param]() as backend:
        yield backend

"""GitHub on the loopback, and our way to it without waiting."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from eksaddon.github.repository import Repository
from eksaddon.github.rest import Rest
from tests.support.github.api import REPOSITORY, TOKEN, GitHub, github_api


@dataclass
class Peer:
    github: GitHub
    repository: Repository
    slept: list[float] = field(default_factory=list)


@pytest.fixture
def peer() -> Iterator[Peer]:
    with github_api() as github:
        slept: list[float] = []
        rest = Rest(github.url, TOKEN, sleep=slept.append, timeout=2.0)
        yield Peer(github, Repository(rest, REPOSITORY), slept)

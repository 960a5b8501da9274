"""A cluster is described once while its description is complete and fresh."""

from types import SimpleNamespace
from typing import Any

import pytest

from eksaddon.aws.clusters.described import FRESH, DescribedClusters, Description
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.target import ClusterRef

REF = ClusterRef("111122223333", "eu-west-1", "prod")
READY = {"cluster": {"endpoint": "https://example.invalid", "version": "1.33"}}


class Clients:
    """Answers DescribeCluster with each reply in turn, the last one again."""

    def __init__(self, *replies: object) -> None:
        self.replies = list(replies)
        self.calls = 0
        self.client = SimpleNamespace(meta=SimpleNamespace(config=SimpleNamespace(user_agent="eksdns")))

    def of(self, _: object) -> "Clients":
        return self

    def call(self, _operation: str, _work: object) -> Any:
        self.calls += 1
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


def described(clients: Clients, now: list[float]) -> DescribedClusters:
    return DescribedClusters(clients, lambda: now[0])  # type: ignore[arg-type]  # a part of the class


def test_a_complete_description_is_used_until_it_is_old():
    clients, now = Clients(READY), [0.0]
    found = described(clients, now)
    first = found.of(REF)
    assert isinstance(first, Description)
    assert first.cluster["version"] == "1.33"
    now[0] = FRESH - 1
    assert found.of(REF) is first
    now[0] = FRESH
    assert found.of(REF) is not first
    assert clients.calls == 2


@pytest.mark.parametrize(
    "reply",
    [Trouble(Cause.THROTTLED, "slow down"), {"cluster": {"status": "CREATING"}}, {"cluster": "text"}, {}],
    ids=["error", "being created", "another type", "nothing"],
)
def test_an_incomplete_description_is_asked_for_again(reply):
    clients = Clients(reply, READY)
    found = described(clients, [0.0])
    found.of(REF)
    second = found.of(REF)
    assert isinstance(second, Description)
    assert second.cluster["endpoint"]
    assert clients.calls == 2

"""The trace of requests to GitHub."""

import pytest

from eksaddon.domain.tracing.exchange import Exchange, NoResponse, Responded
from eksaddon.github.errors import GitHubError
from eksaddon.github.rest import Rest
from tests.support.github.api import REPOSITORY, TOKEN, github_api


class Trace:
    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def elapsed(self) -> float:
        return 1.0

    def sent(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)


def test_each_attempt_is_reported_with_its_end_and_without_the_token():
    trace = Trace()
    with github_api() as github:
        url = github.url
        rest = Rest(url, TOKEN, sleep=lambda _: None, trace=trace)
        rest.get(f"/repos/{REPOSITORY}/issues")
        with pytest.raises(GitHubError):
            rest.get("/none")
    gone = Rest(url, TOKEN, sleep=lambda _: None, trace=trace)
    with pytest.raises(GitHubError):
        gone.get("/gone")
    ends = [type(one.end) for one in trace.exchanges]
    assert ends[:2] == [Responded, Responded]
    assert [one.end.status for one in trace.exchanges if isinstance(one.end, Responded)][:2] == [200, 404]
    assert set(ends[2:]) == {NoResponse}
    assert len(ends) > 3
    assert TOKEN not in repr(trace.exchanges)

"""Clients against a scripted server on a real socket."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from eksaddon.aws.accounts import Accounts
from eksaddon.aws.calls import Line
from eksaddon.aws.clients import ClientFactory
from eksaddon.aws.network.http import HttpPool
from eksaddon.aws.sessions import Sessions
from eksaddon.aws.settings import Settings
from eksaddon.domain.cause import Trouble
from eksaddon.domain.target import CurrentCredentials
from tests.support.network.loopback import Answer, Seen, ok

SETTINGS = Settings(mode="standard", attempts=4, read_timeout=5.0)
"""Adaptive waits by a clock of its own."""

PAGE = ok({"clusters": ["a", "b"]})


@contextmanager
def opened(settings: Settings = SETTINGS, **options: Any) -> Iterator[Accounts]:
    pool = HttpPool(settings)
    sessions = Sessions(options.pop("hermetic", None), options.pop("home_region", ""))
    factory = ClientFactory(sessions, settings, pool, options.pop("transport", None))
    try:
        yield Accounts(sessions, factory, session_name="eksdns-test", now=lambda: 0.0)
    finally:
        pool.close()


def eks(accounts: Accounts, region: str = "eu-west-1", **options: Any) -> Line[Any]:
    line = accounts.open("eks", CurrentCredentials(), region=region, **options)
    assert isinstance(line, Line)
    return line


def clusters(line: Line[Any]) -> list[str] | Trouble:
    reply = line.call("ListClusters", lambda client: client.list_clusters())
    return reply if isinstance(reply, Trouble) else list(reply["clusters"])


def scripted(*answers: Answer) -> Callable[[Seen], Answer]:
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]

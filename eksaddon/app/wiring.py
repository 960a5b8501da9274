"""Puts the edges together; the only module that knows them, and that imports the SDK."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from eksaddon.app.runtime import SystemClock, ThreadExecutor
from eksaddon.app.session import AccessBook, Session
from eksaddon.ports import Clock, Executor

if TYPE_CHECKING:
    from eksaddon.aws.connect import Aws

PER_SCOPE = 8
"""Calls at once in one account and region; EKS publishes no rate, and 100 at once are known to fail
(source: kconnect issue 751)."""


def open_session(book: AccessBook, *, threads: int, run: str = "", home_region: str = "") -> Session:
    """The real AWS, or whatever AWS_ENDPOINT_URL names.

    Args:
        threads: AWS calls at once.
        run: Shown by CloudTrail in session names.
    """
    from eksaddon.aws.connect import Aws  # noqa: PLC0415  # 200 ms that --help need not pay
    from eksaddon.aws.settings import Settings  # noqa: PLC0415  # as above

    executor = ThreadExecutor(threads, PER_SCOPE)
    aws = Aws(book.access_of, settings=Settings(connections=threads), home_region=home_region, run=run)

    def close() -> None:
        executor.close()
        aws.close()

    return _session(aws, executor, SystemClock(), close)


def _session(aws: "Aws", executor: Executor, clock: Clock, close: Callable[[], None]) -> Session:
    return Session(
        addons=aws.addons,
        directory=aws.directory,
        organization=aws.organization,
        region_of=aws.region_of,
        executor=executor,
        clock=clock,
        release=aws.release,
        close=close,
    )

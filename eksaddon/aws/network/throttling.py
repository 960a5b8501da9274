"""Reports each response that throttles, also those that the SDK repeats on its own."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from eksaddon.aws.errors import is_throttling

if TYPE_CHECKING:
    from botocore.client import BaseClient


def report_throttling(client: "BaseClient", report: Callable[[], None]) -> None:
    """Call `report` for each response of a client that throttles."""

    def watch(response: tuple[object, Mapping[str, Any]] | None, **_: object) -> None:
        if response is not None and is_throttling(response[1]):
            report()

    client.meta.events.register_first("needs-retry", watch)

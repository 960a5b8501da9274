"""What is known of a write to the Kubernetes API that failed."""

from collections.abc import Callable

import httpx2
import pytest

from eksaddon.kube.network.sends import Sends


def failing(error: Exception) -> Callable[[], None]:
    def attempt() -> None:
        raise error

    return attempt


@pytest.mark.parametrize(
    ("errors", "may_have_arrived"),
    [
        ((httpx2.ConnectError("refused"),), False),
        ((httpx2.ConnectTimeout("late"), httpx2.PoolTimeout("full")), False),
        ((httpx2.ReadTimeout("late"),), True),
        ((httpx2.ReadError("reset"), httpx2.ConnectError("refused")), True),
        ((httpx2.ProxyError("502"),), True),
        ((OSError("odd"),), True),
    ],
)
def test_a_write_has_not_arrived_only_if_no_attempt_had_a_connection(
    errors: tuple[Exception, ...], *, may_have_arrived: bool
) -> None:
    sends = Sends()
    for error in errors:
        with pytest.raises(type(error)):
            sends.watch(failing(error))
    assert sends.may_have_arrived is may_have_arrived


def test_an_answered_write_has_arrived() -> None:
    sends = Sends()
    assert sends.watch(lambda: 7) == 7
    assert sends.may_have_arrived

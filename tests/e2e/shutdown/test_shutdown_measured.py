"""The shutdowns that eksdns predicts, re-enacted with a real CoreDNS.

They run five times faster than life, all at once: preStop, lameduck and grace are divided by five and the
prober's ten queries a second multiplied. EKSDNS_E2E_SCALE=1 runs them as they are, in half a minute.
"""

import asyncio
import os

import pytest

from eksaddon.app.runtime import SystemClock
from eksaddon.domain.termination import SECOND, Measured, TerminationSettings
from eksaddon.probe.measure import measure
from tests.e2e.coredns_release import CURRENT, OLD, coredns

pytestmark = pytest.mark.e2e

ATTEMPTS = 3
"""A host that is busy for half a second is late itself; a wrong prediction is wrong each time."""

SCALE = int(os.environ.get("EKSDNS_E2E_SCALE", "5"))
CASES = {
    "lameduck 5, grace 30": (TerminationSettings(0, (5 * SECOND,), 30), 5),
    "lameduck 30, grace 30": (TerminationSettings(0, (30 * SECOND,), 30), 30),
    "lameduck 30, grace 20": (TerminationSettings(0, (30 * SECOND,), 20), 20),
    "lameduck 30, grace 30, once more": (TerminationSettings(0, (30 * SECOND,), 30), 30),
    "lameduck 30, grace 30, preStop 5": (TerminationSettings(5, (30 * SECOND,), 30), 30),
}


@pytest.fixture(scope="module", params=[CURRENT, OLD])
def measured(request: pytest.FixtureRequest) -> dict[str, Measured]:
    binary, clock = coredns(request.param), SystemClock()

    async def all_at_once() -> list[Measured]:
        shutdowns = (measure(settings, binary, clock, scale=SCALE) for settings, _ in CASES.values())
        return await asyncio.gather(*shutdowns)

    found = asyncio.run(all_at_once())
    for _ in range(ATTEMPTS - 1):
        if all(each.agrees and not each.lost_early for each in found):
            break
        found = asyncio.run(all_at_once())
    return dict(zip(CASES, found, strict=True))


@pytest.mark.parametrize("name", CASES)
def test_coredns_answers_as_long_as_predicted(name: str, measured: dict[str, Measured]) -> None:
    one, (_, expected) = measured[name], CASES[name]
    print(f"{name}: predicted {expected} s, measured {one.answers_seconds:.2f} s (1/{SCALE} of life)")  # noqa: T201  # the table that an unscaled run is for
    assert one.predicted.answers_seconds == expected
    assert one.agrees


@pytest.mark.parametrize("name", CASES)
def test_it_is_killed_where_that_is_predicted_and_no_answer_is_missing_before(
    name: str, measured: dict[str, Measured]
) -> None:
    one = measured[name]
    assert one.killed == one.predicted.killed
    assert one.lost_early == 0

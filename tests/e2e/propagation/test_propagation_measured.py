"""Which settings lose lookups while CoreDNS is replaced, by real processes behind a real load balancer.

The sample is ten times faster than life. EKSDNS_E2E_TABLE=1 measures the whole table of docs/probing.md with
its picture and writes both; EKSDNS_E2E_SCALE=1 takes as long as life.
"""

import asyncio
import os
from collections.abc import Mapping

import pytest

from eksaddon.domain.termination import Verdict
from tests.e2e.coredns_release import CURRENT, coredns
from tests.e2e.propagation.lab import MODES, TIMEOUT, Seen, Trial, rolled
from tests.e2e.propagation.settings import FAST, PROPAGATIONS, RECOMMENDED, settings_for
from tests.e2e.propagation.table import Measured, picture, rows, written
from tests.support.paths import ROOT

pytestmark = pytest.mark.e2e

NEW, KEPT, RANDOM, TCP = MODES
RATES = {NEW: 50.0, KEPT: 10.0, RANDOM: 50.0, TCP: 50.0}
SAMPLE_SCALE, TABLE_SCALE = 10, 4
LEAST_ASKED = 20_000
TCP_SECONDS = 5.0
"""Of life, for which clients wait on a connection: the timeout of glibc and Go."""


def scale(otherwise: int) -> int:
    return int(os.environ.get("EKSDNS_E2E_SCALE", otherwise))


def measured(
    row: str, propagation: int, faster: int, rates: Mapping[str, float], tcp_timeout: float = TIMEOUT
) -> Mapping[str, Seen]:
    trial = Trial(settings_for(propagation)[row], propagation, rates, faster, tcp_timeout)
    found = asyncio.run(rolled(trial, coredns(CURRENT)))
    for mode, seen in found.items():
        expected = (seen.given + seen.dropped, seen.given_lost + seen.dropped)
        assert (seen.asked, seen.lost) == expected, (row, propagation, mode)
        print(f"{row}, {propagation} s, {mode}: {seen}")  # noqa: T201  # the figures that a run is for
    return found


@pytest.fixture(scope="module")
def sample() -> Mapping[str, Mapping[str, Seen]]:
    """Both ends of the table at 10 s of propagation; the counts are the balancer's, to the query."""
    return {
        row: measured(row, 10, scale(SAMPLE_SCALE), RATES) for row in ("EKS's default", RECOMMENDED, FAST)
    }


def test_eks_default_loses_new_flows_and_the_recommendation_none(
    sample: Mapping[str, Mapping[str, Seen]],
) -> None:
    assert sample["EKS's default"][NEW].given_lost > 0
    assert sample[RECOMMENDED][NEW].given_lost == 0


def test_kept_flows_stay_on_a_dying_pod_until_its_readiness_fails(
    sample: Mapping[str, Mapping[str, Seen]],
) -> None:
    assert sample[RECOMMENDED][KEPT].given_lost > 0
    assert sample[RECOMMENDED][KEPT].propagation > sample[RECOMMENDED][NEW].propagation
    assert sample[FAST][KEPT].given_lost == 0


def test_connections_are_lost_only_with_what_was_on_its_way_where_answers_last_long_enough(
    sample: Mapping[str, Mapping[str, Seen]],
) -> None:
    assert sample["EKS's default"][TCP].given_lost > sample[RECOMMENDED][TCP].given_lost


@pytest.mark.skipif("EKSDNS_E2E_TABLE" not in os.environ, reason="the whole table takes minutes")
def test_the_table_is_what_the_timeline_predicts() -> None:
    faster = scale(TABLE_SCALE)
    found: Measured = {
        (row, each): measured(row, each, faster, RATES, TCP_SECONDS / faster)
        for each in PROPAGATIONS
        for row in rows()
    }
    written(ROOT / "docs" / "probing.md", found)
    (ROOT / "docs" / "propagation.svg").write_text(picture(found, CURRENT), encoding="utf-8")
    for (row, each), seen in found.items():
        setting = settings_for(each)[row]
        if setting.answers_seconds < each:
            assert seen[NEW].given_lost > 0, (row, each, seen[NEW])
        elif setting.verdict(each) is not Verdict.TOO_SHORT:
            assert seen[NEW].given_lost == 0, (row, each, seen[NEW])


@pytest.mark.skipif("EKSDNS_E2E_TABLE" not in os.environ, reason="takes as long as life")
def test_nothing_is_lost_of_20_000_with_the_recommendation() -> None:
    seen = measured(RECOMMENDED, 10, 1, {NEW: 500.0})[NEW]
    assert seen.asked >= LEAST_ASKED
    assert seen.lost == 0

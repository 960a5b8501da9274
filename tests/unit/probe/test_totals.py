import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.probing.figures import Loss
from eksaddon.probe.histogram import Histogram, bucket, highest
from eksaddon.probe.samples import NoReply, Reply, Sample
from eksaddon.probe.totals import Totals, totals

GOOD, SILENCE = Reply("NOERROR"), NoReply(Loss.TIMEOUT)


def behind_a_balancer(rate: int, seconds: int, broken: range, share: int) -> Totals:
    """One lookup in `share` fails within the broken tenths of a second."""
    return totals(
        Sample(
            number / rate,
            0.001,
            SILENCE if number * 10 // rate in broken and not number % share else GOOD,
        )
        for number in range(rate * seconds)
    )


@pytest.mark.parametrize("share", [1, 2, 4, 10, 20])
def test_an_outage_is_seen_through_a_balancer(share: int) -> None:
    found = behind_a_balancer(200, 10, range(30, 52), share)
    (outage,) = found.outages()
    assert outage.start == pytest.approx(3.0, abs=0.1)
    assert outage.seconds == pytest.approx(2.2, abs=0.2)
    assert outage.share == pytest.approx(1 / share, rel=0.2)


def test_rare_losses_are_no_outage() -> None:
    found = behind_a_balancer(200, 10, range(100), 100)
    assert found.lost == 20
    assert found.longest_outage == 0.0


def test_two_outages_stay_apart() -> None:
    samples = [
        Sample(number / 10, 0.001, SILENCE if number in {10, 11, 40} else GOOD) for number in range(100)
    ]
    assert [(each.start, each.seconds) for each in totals(samples).outages()] == [(1.0, 0.2), (4.0, 0.1)]


def test_tries_and_delays_are_counted() -> None:
    found = totals([Sample(0.0, 2.0, GOOD, late=0.004, tries=3), Sample(1.0, 0.1, GOOD)])
    assert (found.asked, found.sent, found.good) == (2, 4, 2)
    assert found.late.slowest == 0.004
    assert found.last_answer == 2.0


@given(st.integers(0, 10**9))
def test_a_bucket_holds_its_value_within_two_percent(value: int) -> None:
    top = highest(bucket(value))
    assert value <= top <= value * 1.016 + 1
    assert bucket(top) == bucket(value)
    assert bucket(top + 1) == bucket(value) + 1


@given(st.lists(st.floats(0, 10), min_size=1), st.floats(0, 1))
def test_a_percentile_is_within_a_bucket_of_the_exact_one(values: list[float], share: float) -> None:
    found = Histogram()
    for value in values:
        found.add(value)
    exact = sorted(values)[max(1, round(share * len(values))) - 1]
    assert found.percentile(share) == pytest.approx(exact, rel=0.02, abs=0.000_002)


@given(st.lists(st.floats(0, 1)), st.lists(st.floats(0, 1)))
def test_merged_histograms_are_those_of_all_values(one: list[float], other: list[float]) -> None:
    first, second, both = Histogram(), Histogram(), Histogram()
    for value in one:
        first.add(value)
        both.add(value)
    for value in other:
        second.add(value)
        both.add(value)
    first.merge(second)
    assert first == both


def test_an_empty_histogram_has_no_percentile() -> None:
    assert Histogram().percentile(0.5) is None

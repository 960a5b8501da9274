"""Timing of the readiness probe, field by field."""

import pytest

from eksaddon.domain.kube.readiness import NO_READINESS, STOCK_READINESS, Readiness, unready_after


def test_values_of_one_win_over_those_of_the_other():
    assert Readiness(5).over(STOCK_READINESS) == Readiness(5, 3, 1)
    assert NO_READINESS.over(STOCK_READINESS) == STOCK_READINESS


def test_a_mask_keeps_the_fields_that_it_has():
    assert STOCK_READINESS.only(Readiness(5, None, 2)) == Readiness(10, None, 1)


def test_fields_without_a_value_agree_with_anything():
    assert Readiness(10).agrees_with(STOCK_READINESS)
    assert not Readiness(5).agrees_with(STOCK_READINESS)
    assert not Readiness(5).agrees_with(NO_READINESS)


def test_only_fields_with_a_value_are_named():
    probe = Readiness(5, 1)
    assert list(probe.items) == [("readinessProbe.periodSeconds", 5), ("readinessProbe.failureThreshold", 1)]
    assert (str(probe), str(NO_READINESS)) == ("periodSeconds 5, failureThreshold 1", "none")


@pytest.mark.parametrize(
    ("probe", "seconds"),
    [
        (NO_READINESS, (20, 30)),
        (Readiness(5, 1), (0, 5)),
        (Readiness(2), (4, 6)),
        (Readiness(None, 2), (10, 20)),
    ],
)
def test_a_terminating_pod_stops_serving_after_that_many_failures(probe, seconds):
    assert unready_after(probe) == seconds

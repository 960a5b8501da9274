"""The settings that eksdns recommends carry the propagation that they are computed from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.propagation import Propagation, recommended, recommended_calculation, recommended_values
from eksaddon.domain.termination import SECOND, TerminationSettings, Verdict, timeline


@given(st.integers(1, 300 * SECOND))
def test_the_recommended_settings_fit(propagation_ns: int) -> None:
    settings = recommended(propagation_ns)
    assert settings.propagation_ns == propagation_ns
    assert timeline(settings).verdict is Verdict.FITS


@pytest.mark.parametrize(
    ("seconds", "values"),
    [(1, (5, 2, 27)), (5, (5, 10, 35)), (10, (5, 20, 45)), (12.3, (5, 25, 50)), (30, (5, 60, 85))],
)
def test_the_recommended_values_are_whole_seconds(seconds: float, values: tuple[int, int, int]) -> None:
    settings = recommended(int(seconds * SECOND))
    found = settings.pre_stop_seconds, settings.lameduck_ns // SECOND, settings.grace_seconds
    assert found == values


def test_the_values_are_shown_with_their_sum() -> None:
    assert recommended_values(10 * SECOND) == "preStop 5s, lameduck 20s and terminationGracePeriod 45s"
    told = recommended_calculation(10 * SECOND)
    assert told == "lameduck = 2 x 10 s of propagation, grace = 5 + 20 + 20 s to shut down"


def test_a_default_is_called_one() -> None:
    assert str(Propagation()) == "10 s of propagation (default)"
    assert str(Propagation(2_500_000_000, is_default=False)) == "2.5 s of propagation"


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        ((0, 5, 30), Verdict.TOO_SHORT),
        ((0, 1, 30), Verdict.TOO_SHORT),
        ((0, 10, 30), Verdict.TOO_SHORT),
        ((0, 12, 30), Verdict.FITS),
        ((5, 20, 45), Verdict.FITS),
        ((5, 30, 30), Verdict.CUT),
        ((0, 30, 20), Verdict.CUT),
        ((0, 30, 8), Verdict.TOO_SHORT),
        ((0, 30, 30), Verdict.TIGHT),
        ((0, 0, 30), Verdict.UNPROTECTED),
    ],
)
def test_answers_have_to_outlast_the_propagation_and_its_margin(
    settings: tuple[int, int, int], verdict: Verdict
) -> None:
    pre_stop, lameduck, grace = settings
    chosen = TerminationSettings(pre_stop, (lameduck * SECOND,), grace, propagation_ns=10 * SECOND)
    assert timeline(chosen).verdict is verdict

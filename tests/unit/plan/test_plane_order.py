"""Which plane goes first, and that nothing is worse in between than it has to be."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.plan import Plane
from eksaddon.domain.termination import SECOND, TerminationSettings, timeline
from eksaddon.plan.plane_order import ADDON_FIRST, WORKLOAD_FIRST, plane_order


def settings(pre_stop: int, lameduck: int, grace: int) -> TerminationSettings:
    return TerminationSettings(pre_stop, (lameduck * SECOND,), grace)


any_settings = st.builds(settings, st.integers(0, 60), st.integers(0, 60), st.integers(1, 120))


@pytest.mark.parametrize(
    ("before", "after", "order"),
    [
        (settings(0, 5, 30), settings(5, 20, 45), WORKLOAD_FIRST),
        (settings(5, 20, 45), settings(0, 5, 30), ADDON_FIRST),
        (settings(0, 20, 30), settings(20, 0, 30), WORKLOAD_FIRST),
        (settings(0, 40, 60), settings(0, 10, 20), ADDON_FIRST),
    ],
    ids=["raising", "lowering", "from lameduck to preStop", "shorter in all"],
)
def test_raising_goes_to_the_workload_first_and_lowering_last(before, after, order):
    assert plane_order(before, after) == order


def between(before: TerminationSettings, after: TerminationSettings) -> TerminationSettings:
    first = plane_order(before, after)[0]
    if first is Plane.WORKLOAD:
        return replace(after, lameducks_ns=before.lameducks_ns)
    return replace(before, lameducks_ns=after.lameducks_ns)


@given(any_settings, any_settings)
def test_pods_that_answer_before_and_after_answer_in_between(before, after):
    if timeline(before).answers_ns and timeline(after).answers_ns:
        assert timeline(between(before, after)).answers_ns > 0


@given(any_settings, any_settings)
def test_where_everything_grows_or_everything_shrinks_nothing_is_cut_that_is_not_cut_at_an_end(before, after):
    steps = [
        after.pre_stop_seconds - before.pre_stop_seconds,
        after.lameduck_ns - before.lameduck_ns,
        after.grace_seconds - before.grace_seconds,
    ]
    if all(step >= 0 for step in steps) or all(step <= 0 for step in steps):
        worst = max(timeline(before).cut_ns, timeline(after).cut_ns)
        assert timeline(between(before, after)).cut_ns <= worst

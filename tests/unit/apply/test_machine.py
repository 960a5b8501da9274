"""What may start, as a pure value."""

from hypothesis import given
from hypothesis import strategies as st

from eksaddon.apply.machine import Progress, Width
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.outcome import Changed, Failed, Outcome, Unreached
from eksaddon.domain.target import ClusterRef

GOOD: Outcome = Changed("u")
BAD: Outcome = Failed(Trouble(Cause.UPDATE_FAILED, "it went wrong"))
DENIED: Outcome = Failed(Trouble(Cause.DENIED, "no"))

refs = st.lists(
    st.builds(
        ClusterRef, st.sampled_from(["1", "2"]), st.sampled_from(["eu", "us"]), st.text("abc", min_size=1)
    ),
    unique=True,
    max_size=30,
)
widths = st.builds(Width, st.integers(1, 8), st.integers(1, 4), st.integers(0, 3))


@given(refs, widths, st.randoms(use_true_random=False))
def test_width_lanes_and_brake_hold_at_every_step(targets, width, dice):
    progress = Progress(tuple(targets))
    seen: list[ClusterRef] = []
    while not progress.is_over:
        chosen = progress.startable(width)
        seen += chosen
        progress = progress.started(chosen)
        assert len(progress.running) <= width.total
        for ref in progress.running:
            assert sum(1 for other in progress.running if other.scope == ref.scope) <= width.per_scope
        assert progress.running, "something runs as long as the run is not over"
        ended = dice.choice(sorted(progress.running))
        progress = progress.ended(ended, dice.choice([GOOD, BAD, DENIED]), width)
        if progress.bad > width.tolerance:
            assert progress.startable(width) == ()
    assert len(seen) == len(set(seen)), "nothing starts twice"
    assert progress.stopped or sorted(seen) == sorted(targets)


def test_targets_start_in_the_given_order():
    targets = tuple(ClusterRef("1", "eu", name) for name in "cab")
    assert Progress(targets).startable(Width(total=2)) == targets[:2]


def test_a_full_lane_lets_others_pass():
    first, second, third = ClusterRef("1", "eu", "a"), ClusterRef("1", "eu", "b"), ClusterRef("2", "eu", "c")
    assert Progress((first, second, third)).startable(Width(10, 1)) == (first, third)


def test_refusals_do_not_brake_but_bad_ends_do():
    ref = ClusterRef("1", "eu", "a")
    assert not Progress((), frozenset({ref})).ended(ref, DENIED, Width()).stopped
    assert "1 update(s) went wrong" in Progress((), frozenset({ref})).ended(ref, BAD, Width()).stopped


def test_an_update_that_is_still_running_brakes_too():
    ref = ClusterRef("1", "eu", "a")
    outcome = Unreached(Trouble(Cause.STILL_RUNNING, ""))
    assert Progress((), frozenset({ref})).ended(ref, outcome, Width()).stopped


def test_the_first_reason_to_stop_is_kept():
    assert Progress(()).halted("first").halted("second").stopped == "first"

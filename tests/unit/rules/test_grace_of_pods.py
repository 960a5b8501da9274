"""The guard's rule: no pod that may answer has less grace than the Corefile in force needs."""

from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.kube.pods import Pod
from eksaddon.domain.termination import SECOND, TerminationSettings, timeline
from eksaddon.rules.grace_of_pods import Shortage, cut_ns, in_words, needed_ns, short_pods, short_template

SECONDS = st.integers(0, 120)
LAMEDUCKS = st.integers(-SECOND, 120 * SECOND)

pods = st.builds(
    Pod,
    name=st.text("abc", min_size=1, max_size=4),
    grace_seconds=SECONDS,
    pre_stop_seconds=SECONDS,
    phase=st.sampled_from(["Pending", "Running", "Succeeded", "Failed", "Unknown"]),
    is_own=st.booleans(),
    reads_corefile=st.booleans(),
    is_ending=st.booleans(),
    is_ready=st.booleans(),
    has_run=st.booleans(),
)


@given(st.lists(pods, max_size=6), LAMEDUCKS)
def test_permitted_settings_are_cut_for_no_pod_that_may_answer(found: list[Pod], lameduck: int) -> None:
    if short_pods(found, lameduck):
        return
    for pod in found:
        if pod.may_answer and pod.reads_corefile and pod.grace_seconds:
            settings = TerminationSettings(pod.pre_stop_seconds, (lameduck,), pod.grace_seconds)
            assert timeline(settings).cut_ns == 0


@given(st.lists(pods, max_size=6), LAMEDUCKS, st.integers(0, 30 * SECOND))
def test_each_shortage_names_a_pod_that_would_be_cut_by_more_than_is_accepted(
    found: list[Pod], lameduck: int, accepted: int
) -> None:
    for short in short_pods(found, lameduck, accepted_ns=accepted):
        assert short.cut_ns > 0
        assert short.pod in {pod.name for pod in found if pod.may_answer}


@given(st.lists(pods, max_size=6), LAMEDUCKS, LAMEDUCKS)
def test_a_longer_lameduck_never_lets_more_pods_pass(found: list[Pod], one: int, other: int) -> None:
    less, more = sorted((one, other))
    assert len(short_pods(found, less)) <= len(short_pods(found, more))


@given(st.lists(pods, max_size=6), LAMEDUCKS)
def test_an_intended_cut_is_exactly_the_accepted_one(found: list[Pod], lameduck: int) -> None:
    for pod in found:
        cut = cut_ns(pod.grace_seconds, pod.pre_stop_seconds, lameduck)
        assert not short_pods([pod], lameduck, accepted_ns=cut)
        if cut and pod.may_answer and pod.reads_corefile:
            assert short_pods([pod], lameduck, accepted_ns=cut - 1)


@given(SECONDS, SECONDS, LAMEDUCKS)
def test_a_template_is_judged_as_its_pods_are(grace: int, pre_stop: int, lameduck: int) -> None:
    pod = Pod("p", grace, pre_stop)
    assert (short_template(grace, pre_stop, lameduck) is None) is (not short_pods([pod], lameduck))


def test_a_pod_that_ends_counts_with_the_grace_of_its_deletion() -> None:
    ending = Pod("old", 10, is_ending=True, is_ready=False)
    assert short_pods([ending], 20 * SECOND) == (Shortage("old", 10, 20 * SECOND),)


def test_pods_that_cannot_answer_hold_nothing_up() -> None:
    evicted = Pod("evicted", 10, phase="Failed", is_ready=False)
    never_ran = Pod("new", 10, phase="Pending", is_ending=True, is_ready=False, has_run=False)
    another = Pod("another", 10, reads_corefile=False, is_own=False)
    assert short_pods([evicted, never_ran, another], 40 * SECOND) == ()


def test_a_pending_pod_of_the_old_template_may_start_any_moment() -> None:
    pending = Pod("old", 30, phase="Pending", is_ready=False, has_run=False)
    assert short_pods([pending], 40 * SECOND)


def test_a_shortage_is_reported_with_its_numbers() -> None:
    short = short_pods([Pod("a", 30, 5), Pod("b", 30, 5)], 40 * SECOND)
    assert in_words(short[:1]) == "pod a has a grace period of 30 s, but needs 45 s"
    other = "pod b has a grace period of 30 s, but needs 45 s"
    assert in_words(short) == f"pod a has a grace period of 30 s, but needs 45 s ({other})"
    assert in_words(short * 2).endswith("(3 more pods too)")
    assert needed_ns(5, -1) == 5 * SECOND

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.probe.samples import Loss, NoReply, Reply, Sample
from eksaddon.probe.verdict import Fail, Inconclusive, Pass, Thresholds, judge, summarise

WELL = Reply("NOERROR")
SILENCE = NoReply(Loss.TIMEOUT)


def ten_a_second(*results: Reply | NoReply, took: float = 0.01) -> list[Sample]:
    return [Sample(index / 10, took, result) for index, result in enumerate(results)]


results = st.one_of(
    st.sampled_from(["NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED"]).map(Reply),
    st.sampled_from(Loss).map(NoReply),
)


@given(st.lists(results, max_size=60))
def test_answered_and_lost_add_up_to_what_was_sent(seen: list[Reply | NoReply]) -> None:
    summary = summarise(ten_a_second(*seen))
    assert summary.answered + sum(count for _, count in summary.losses) == summary.sent == len(seen)
    assert (summary.longest_gap > 0) == bool(summary.losses)


@given(st.lists(results, max_size=60), st.booleans())
def test_a_pass_lost_no_more_than_allowed_and_was_long_enough(
    seen: list[Reply | NoReply], known: bool
) -> None:
    thresholds = Thresholds(most_lost_permille=50)
    verdict = judge(ten_a_second(*seen), thresholds, known_reachable=known)
    if isinstance(verdict, Pass):
        assert verdict.summary.sent >= thresholds.least_sent
        assert verdict.summary.lost * 20 <= verdict.summary.sent
    else:
        assert verdict.reasons


def test_all_answered_is_a_pass() -> None:
    assert isinstance(judge(ten_a_second(*[WELL] * 30), Thresholds()), Pass)


def test_no_samples_are_inconclusive_never_a_pass() -> None:
    verdict = judge([], Thresholds())
    assert isinstance(verdict, Inconclusive)
    assert verdict.reasons == ("0 queries were sent, 20 are needed",)


def test_too_few_samples_are_inconclusive() -> None:
    assert isinstance(judge(ten_a_second(*[WELL] * 19), Thresholds()), Inconclusive)


def test_silence_from_the_first_query_on_is_inconclusive() -> None:
    assert isinstance(judge(ten_a_second(*[SILENCE] * 30), Thresholds()), Inconclusive)


def test_silence_of_a_server_that_answered_before_is_a_fail() -> None:
    verdict = judge(ten_a_second(*[SILENCE] * 30), Thresholds(), known_reachable=True)
    assert isinstance(verdict, Fail)
    assert verdict.reasons[0] == "30 of 30 queries were lost (30 timeout)"


def test_a_refusal_shows_that_the_host_is_there_and_fails() -> None:
    refused = [NoReply(Loss.REFUSED)] * 30
    assert isinstance(judge(ten_a_second(*refused), Thresholds()), Fail)


def test_servfail_is_no_good_answer() -> None:
    verdict = judge(ten_a_second(*[Reply("SERVFAIL")] * 30), Thresholds())
    assert isinstance(verdict, Fail)
    assert verdict.summary.losses == (("SERVFAIL", 30),)


def test_nxdomain_counts_as_lost_only_where_it_is_not_accepted() -> None:
    samples = ten_a_second(*[Reply("NXDOMAIN")] * 30)
    assert isinstance(judge(samples, Thresholds()), Pass)
    assert isinstance(judge(samples, Thresholds(accepted=frozenset({"NOERROR"}))), Fail)


def test_queries_that_never_left_prove_nothing_about_the_server() -> None:
    verdict = judge(ten_a_second(*[WELL] * 25, *[NoReply(Loss.NOT_SENT)] * 5), Thresholds())
    assert isinstance(verdict, Inconclusive)
    assert verdict.reasons == ("5 of 30 queries could not be sent from here",)


def test_one_loss_in_a_hundred_is_still_well() -> None:
    assert isinstance(judge(ten_a_second(*[WELL] * 99, SILENCE), Thresholds()), Pass)


def test_a_long_gap_fails_even_where_the_share_is_small() -> None:
    seen = [WELL] * 500 + [SILENCE] * 15 + [WELL] * 500
    verdict = judge(ten_a_second(*seen), Thresholds(most_lost_permille=100))
    assert isinstance(verdict, Fail)
    assert verdict.reasons == ("no good answer for 1.5 s, 1 s are allowed",)


@pytest.mark.parametrize(
    ("seen", "gap"),
    [
        ([WELL] * 5, 0.0),
        ([WELL, SILENCE, WELL], 0.1),
        ([SILENCE, SILENCE, WELL, SILENCE, WELL], 0.2),
        ([WELL, SILENCE, SILENCE], 0.1 + 0.01),
    ],
)
def test_the_longest_gap_runs_to_the_next_answer_or_to_the_end(
    seen: list[Reply | NoReply], gap: float
) -> None:
    assert summarise(ten_a_second(*seen)).longest_gap == pytest.approx(gap)


def test_the_last_answer_is_the_one_that_arrived_last() -> None:
    samples = [Sample(0.0, 0.5, WELL), Sample(0.1, 0.01, WELL), Sample(0.2, 1.0, SILENCE)]
    assert summarise(samples).last_answer == 0.5


def test_numbers_of_good_answers_are_none_where_there_was_none() -> None:
    summary = summarise(ten_a_second(SILENCE))
    assert (summary.last_answer, summary.median_ms, summary.slowest_ms) == (None, None, None)


def test_median_and_slowest_are_of_good_answers_only() -> None:
    samples = [
        Sample(0.0, 0.002, WELL),
        Sample(0.1, 0.004, WELL),
        Sample(0.2, 0.009, WELL),
        Sample(0.3, 1, SILENCE),
    ]
    summary = summarise(samples)
    assert (summary.median_ms, summary.slowest_ms) == (4.0, 9.0)

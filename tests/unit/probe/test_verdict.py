import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.probing.figures import Loss
from eksaddon.domain.probing.verdict import Thresholds, read_share
from eksaddon.probe.samples import NoReply, Reply, Sample
from eksaddon.probe.totals import Totals, totals
from eksaddon.probe.verdict import Fail, Inconclusive, Pass, judge

GOOD = Reply("NOERROR")
SERVFAIL = Reply("SERVFAIL", "SERVFAIL")
SILENCE = NoReply(Loss.TIMEOUT)
UNSENT = NoReply(Loss.NOT_SENT)


def ten_a_second(*results: Reply | NoReply, took: float = 0.01) -> Totals:
    return totals(Sample(index / 10, took, result) for index, result in enumerate(results))


results = st.one_of(st.sampled_from([GOOD, SERVFAIL]), st.sampled_from(Loss).map(NoReply))


@given(st.lists(results, max_size=60))
def test_answered_and_lost_lookups_add_up(seen: list[Reply | NoReply]) -> None:
    found = ten_a_second(*seen)
    assert found.good + found.losses.total() == found.asked == len(seen)
    assert (found.longest_outage > 0) == bool(found.lost)
    assert found.good <= found.answered <= found.asked


@given(st.lists(results, max_size=60), st.booleans(), st.integers(0, 5), st.integers(0, 5))
def test_a_pass_lost_no_more_than_allowed_and_was_sent_in_time(
    seen: list[Reply | NoReply], known: bool, allowed: int, missed: int
) -> None:
    found = ten_a_second(*seen)
    found.scheduled, found.missed = len(seen) + missed, missed
    verdict = judge(found, Thresholds(max_lost=allowed), known_reachable=known)
    if isinstance(verdict, Pass):
        assert found.asked >= 20
        assert found.lost <= allowed
        assert missed <= 0.01 * found.scheduled
        assert not found.losses[Loss.NOT_SENT.value]
    else:
        assert verdict.reasons


def test_one_lost_lookup_fails_by_default() -> None:
    verdict = judge(ten_a_second(*[GOOD] * 999, SILENCE), Thresholds())
    assert isinstance(verdict, Fail)
    assert verdict.reasons == ("1 of 1,000 lookups failed (1 timeout); 0 are allowed",)


def test_a_share_may_be_allowed_instead_of_a_number() -> None:
    limits = Thresholds(max_lost=None, max_loss=0.001)
    assert isinstance(judge(ten_a_second(*[GOOD] * 999, SILENCE), limits), Pass)
    verdict = judge(ten_a_second(*[GOOD] * 998, SILENCE, SILENCE), limits)
    assert isinstance(verdict, Fail)
    assert verdict.reasons == ("0.200% of the lookups failed (2 timeout); 0.100% are allowed",)


def test_a_long_outage_fails_where_the_number_is_allowed() -> None:
    limits = Thresholds(max_lost=100, max_outage=1.0)
    seen = [GOOD] * 500 + [SILENCE] * 15 + [GOOD] * 500
    verdict = judge(ten_a_second(*seen), limits)
    assert isinstance(verdict, Fail)
    assert verdict.reasons == ("an outage of 1.5 s; 1 s are allowed",)


def test_nothing_asked_is_inconclusive() -> None:
    verdict = judge(Totals(), Thresholds())
    assert isinstance(verdict, Inconclusive)
    assert verdict.reasons == ("0 lookups were sent, 20 are needed",)


def test_too_few_lookups_prove_no_pass_but_their_loss_is_a_fail() -> None:
    assert isinstance(judge(ten_a_second(*[GOOD] * 19), Thresholds()), Inconclusive)
    assert isinstance(judge(ten_a_second(*[GOOD] * 18, SILENCE), Thresholds()), Fail)


def test_silence_from_the_first_lookup_on_may_be_our_own_path() -> None:
    silent = ten_a_second(*[SILENCE] * 30)
    assert isinstance(judge(silent, Thresholds()), Inconclusive)
    verdict = judge(silent, Thresholds(), known_reachable=True)
    assert isinstance(verdict, Fail)
    assert verdict.reasons[0] == "30 of 30 lookups failed (30 timeout); 0 are allowed"


def test_a_refusal_shows_that_the_host_is_there_and_fails() -> None:
    assert isinstance(judge(ten_a_second(*[NoReply(Loss.REFUSED)] * 30), Thresholds()), Fail)


def test_lookups_that_never_left_prove_nothing_about_the_server() -> None:
    verdict = judge(ten_a_second(*[GOOD] * 25, *[UNSENT] * 5), Thresholds())
    assert isinstance(verdict, Inconclusive)
    assert verdict.reasons == ("5 of 30 lookups could not be sent from here",)


def test_lookups_that_were_missed_make_a_pass_inconclusive() -> None:
    found = ten_a_second(*[GOOD] * 98)
    found.scheduled, found.missed = 100, 2
    verdict = judge(found, Thresholds())
    assert isinstance(verdict, Inconclusive)
    assert verdict.reasons == ("2 of 100 lookups were not sent in time by this host",)


@pytest.mark.parametrize(("text", "share"), [("0.1%", 0.001), ("0%", 0.0), ("100%", 1.0)])
def test_a_share_is_read_from_a_percentage(text: str, share: float) -> None:
    assert math.isclose(read_share(text), share, abs_tol=1e-12)


@pytest.mark.parametrize("text", ["0.1", "101%", "-1%", "", "1 %", "x%"])
def test_an_invalid_percentage_is_a_usage_error(text: str) -> None:
    with pytest.raises(EksdnsError) as caught:
        read_share(text)
    assert caught.value.exit_code is ExitCode.USAGE

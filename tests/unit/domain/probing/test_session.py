"""What several sessions of a wave's probe come to."""

from dataclasses import replace

import pytest

from eksaddon.domain.probing.figures import ClusterProbe, Figures, probe_text
from eksaddon.domain.probing.session import (
    ProbeSession,
    Sessions,
    SessionState,
    accepted,
    by_cluster,
    judge_sessions,
    opened,
    updated,
)
from eksaddon.domain.probing.verdict import SILENT, Judgement, ProbeWord, Thresholds
from tests.support.rollouts import refs_of

ONE, TWO = refs_of(2)
LIMITS = Thresholds()


def good(asked: int = 100) -> Figures:
    return Figures(asked, 0, asked, asked)


def lossy(lost: int, asked: int = 100) -> Figures:
    return Figures(asked, 0, asked, asked - lost, (("timeout", lost),), 0.5)


def session(*figures: Figures, trouble: str = "", **options: object) -> ProbeSession:
    results = tuple(
        ClusterProbe(ref, 0.0, 9.0, each, trouble) for ref, each in zip((ONE, TWO), figures, strict=False)
    )
    return replace(ProbeSession(0.0, 9.0, results), **options)  # type: ignore[arg-type]  # by name


def judged(*sessions: ProbeSession, limits: Thresholds = LIMITS, is_final: bool = True) -> Judgement:
    return judge_sessions(sessions, limits, is_final=is_final, label=lambda ref: ref.name)


def test_a_probe_without_loss_passes() -> None:
    assert judged(session(good(), good())).word is ProbeWord.PASS


def test_a_loss_names_its_cluster_before_and_at_the_end() -> None:
    for is_final in (False, True):
        found = judged(session(good(), lossy(3)), is_final=is_final)
        assert found.word is ProbeWord.FAIL
        assert found.reasons == ("c001: 3 of 100 lookups failed (3 timeout); 0 are allowed",)


def test_counts_of_two_processes_are_added_up() -> None:
    parts = (session(lossy(3)), session(lossy(2)))
    assert judged(*parts, limits=Thresholds(4)).word is ProbeWord.FAIL
    assert judged(*parts, limits=Thresholds(5)).word is ProbeWord.PASS
    assert by_cluster(parts)[0].figures.asked == 200


def test_a_trouble_is_inconclusive_at_once() -> None:
    found = judged(session(good(0), trouble="access denied"), is_final=False)
    assert (found.word, found.reasons) == (ProbeWord.INCONCLUSIVE, ("c000: access denied",))


@pytest.mark.parametrize("figures", [lossy(100), Figures(100, 5, 95, 95), good(3)])
def test_silence_lateness_and_few_lookups_are_judged_at_the_end(figures: Figures) -> None:
    assert judged(session(figures), is_final=False).word is ProbeWord.PASS
    assert judged(session(figures)).word is ProbeWord.INCONCLUSIVE


def test_silence_in_one_process_is_not_a_loss_in_another() -> None:
    found = judged(session(lossy(50, 50)), session(good()))
    assert (found.word, found.reasons) == (ProbeWord.INCONCLUSIVE, (f"c000: {SILENT}",))


def test_a_change_that_was_not_measured_is_inconclusive() -> None:
    found = judged(session(good()), session(good(), unmeasured=34.0, is_blind=True), is_final=False)
    assert found.word is ProbeWord.INCONCLUSIVE
    assert found.reasons == ("not measured for 34 s, while clusters were being changed",)
    assert judged(session(good()), session(good(), unmeasured=34.0)).word is ProbeWord.PASS


def test_accepted_failures_are_not_judged_again() -> None:
    lost = accepted((session(lossy(3)),), LIMITS)
    assert lost[0].is_accepted
    assert judged(*lost, session(good())).word is ProbeWord.PASS
    passed = (session(good(5)),)
    assert accepted(passed, LIMITS) == passed  # few lookups are no reason to forget them


def test_reasons_name_a_few_clusters() -> None:
    refs = refs_of(5)
    results = tuple(ClusterProbe(ref, 0.0, 9.0, lossy(1)) for ref in refs)
    found = judged(ProbeSession(0.0, 9.0, results))
    assert (len(found.reasons), found.reasons[-1]) == (4, "and 2 more clusters")


def test_a_session_that_was_cut_leaves_a_gap() -> None:
    first = updated(opened((), 10.0, is_changing=True), 20.0, (), SessionState.RUNNING)
    assert not first[0].is_blind
    both = opened(first, 54.0, is_changing=True)
    assert [each.state for each in both] == [SessionState.LEFT, SessionState.RUNNING]
    assert (both[1].unmeasured, both[1].is_blind) == (34.0, True)
    done: Sessions = updated(both, 60.0, (), SessionState.COMPLETE)
    again = opened(done, 61.0, is_changing=False)
    assert [each.state for each in again][1:] == [SessionState.COMPLETE, SessionState.RUNNING]


def test_figures_without_a_start_are_no_history() -> None:
    with pytest.raises(ValueError, match="not started"):
        updated((), 1.0, (), SessionState.RUNNING)


def test_the_text_counts_lookups_and_clusters() -> None:
    results = session(good(), lossy(3)).results
    assert probe_text(results) == ("3 of 200 lookups lost in 2 clusters (3 timeout), longest outage 0.5 s")
    assert probe_text(session(good(), trouble="no access").results) == (
        "no access; 0 of 100 lookups lost in 1 cluster"
    )

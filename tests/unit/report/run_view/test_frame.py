"""The view of a run: it fits whatever it is drawn on, its counts add up, and nobody else's text acts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.rollout.strategy import Approval, Count, Strategy, Wave
from eksaddon.domain.run.outcome import Changed, Failed, Outcome, Skipped, Stale, UnreachableTarget
from eksaddon.domain.run.progress import RunProgress, advance, started
from eksaddon.domain.run.records import (
    Approved,
    Ended,
    GateLooked,
    Opened,
    RollbackAsked,
    WaveBegan,
    WaveEnded,
    WaveSoaking,
)
from eksaddon.domain.run.result import RunState
from eksaddon.domain.target import ClusterRef
from eksaddon.report.run_view.counts import HELD, Scene, Underway, counts_of, log_line, seconds_left, span
from eksaddon.report.run_view.frame import Screen, frame
from tests.support.examples import examples
from tests.support.rollouts import RUN, plan_of, refs_of

NO = Trouble(Cause.UPDATE_FAILED, "the webhook said no")


def story_of(*sizes: int, waves: tuple[Wave, ...] = ()) -> RunProgress:
    """Waves of these sizes, named w0, w1 and so on unless they are given."""
    refs, found = refs_of(sum(sizes)), []
    chosen = waves or tuple(Wave(f"w{place}", failure_tolerance=Count(9)) for place in range(len(sizes)))
    for wave, size in zip(chosen, sizes, strict=True):
        found.append((wave.name, refs[:size]))
        refs = refs[size:]
    return started(Opened(0.0, RUN, plan_of(found), Strategy(chosen)))


def ended(run_progress: RunProgress, *outcomes: Outcome) -> RunProgress:
    for ref, outcome in zip(run_progress.targets, outcomes, strict=False):
        run_progress = advance(run_progress, Ended(1.0, ref, outcome, 1.0))
    return run_progress


def text_of(scene: Scene, now: float = 100.0, screen: Screen | None = None, *, is_last: bool = False) -> str:
    return "\n".join(line.plain for line in frame(scene, now, screen or Screen(), is_last=is_last))


names = st.text(max_size=40) | st.sampled_from(
    ["\x1b[31m", "\n\n", "::error::x", "名" * 30, "\u202e", "[bold]"]
)
outcomes = st.one_of(
    st.just(Changed("u")),
    st.just(Skipped("by hand")),
    st.builds(Failed, st.builds(Trouble, st.just(Cause.UNKNOWN), names)),
    st.builds(Stale, names),
    st.builds(UnreachableTarget, st.builds(Trouble, st.just(Cause.UNKNOWN), names)),
)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    sizes = draw(st.lists(st.integers(0, 6), min_size=1, max_size=5))
    refs = [
        ClusterRef("111122223333", draw(st.sampled_from(["eu-west-1", "us-east-1"])), f"{place}{draw(names)}")
        for place in range(sum(sizes))
    ]
    waves, found, left = [], [], list(refs)
    for place, size in enumerate(sizes):
        waves.append(Wave(f"{place}{draw(names)}", soak=draw(st.integers(0, 9000))))
        found.append((waves[-1].name, left[:size]))
        left = left[size:]
    run_progress = started(Opened(0.0, RUN, plan_of(found), Strategy(tuple(waves))))
    over = draw(st.lists(st.sampled_from(refs), unique=True)) if refs else []
    for ref in over:
        run_progress = advance(run_progress, Ended(1.0, ref, draw(outcomes), 2.0))
    steps = st.sampled_from(["writing", "updating", "verifying", HELD])
    busy = [ref for ref in refs if ref not in over and draw(st.booleans())]
    return Scene(
        run_progress,
        {ref: Underway(draw(steps), draw(st.floats(0, 99))) for ref in busy},
        ended=len(over),
        worked=float(len(over)),
        spent=2.0 * len(over),
        failed=tuple(over),
        halted=draw(st.sampled_from(["", "interrupted", "lost\x1b[2J"])),
    )


@examples(150)
@given(scenes(), st.integers(20, 200), st.integers(3, 60), st.booleans())
def test_every_frame_fits_its_terminal(scene: Scene, width: int, height: int, unicode: bool) -> None:
    screen = Screen(width, height, unicode)
    lines = frame(scene, 100.0, screen)
    assert max(line.cell_len for line in lines) <= width
    assert len(lines) < height
    assert max(line.cell_len for line in frame(scene, 100.0, screen, is_last=True)) <= width
    assert not any(sign in line.plain for line in lines for sign in ("\x1b", "\n", "\u202e"))


@examples(100)
@given(scenes())
def test_every_member_is_counted_once(scene: Scene) -> None:
    for wave in scene.run_progress.waves:
        counts = counts_of(wave, scene)
        assert counts.total == len(wave.members)
        assert counts.done + counts.failed == len(wave.members) - wave.counts.waiting


def test_a_wave_says_how_its_members_stand() -> None:
    run_progress = advance(ended(story_of(7), Changed("u"), Changed("v"), Failed(NO)), WaveBegan(2.0, "w0"))
    refs = list(run_progress.targets)
    underway = {refs[3]: Underway("updating", 40.0), refs[4]: Underway(HELD, 90.0)}
    text = text_of(Scene(run_progress, underway, failed=(refs[2],)))
    assert "3/7  2 done, 1 in flight, 1 failed, 1 held, 2 waiting" in text
    assert "c003  000000000000 eu-west-1  updating   1m00s" in text
    assert "c002  000000000002 eu-west-1  update-failed: the webhook said no" in text
    assert text.splitlines()[-1] == "3 of 7 finished · 1 failed"


def test_a_soak_counts_down_and_names_the_last_check() -> None:
    run_progress = advance(ended(story_of(1, 1), Changed("u")), WaveSoaking(10.0, "w0", 850.0))
    assert "1 done  soaking, 12m30s left" in text_of(Scene(run_progress))
    run_progress = advance(run_progress, GateLooked(60.0, "w0", "addon-health", "pass"))
    assert "soaking, 12m30s left, addon-health: pass" in text_of(Scene(run_progress))


def test_a_wave_says_that_it_waits_for_a_yes() -> None:
    run_progress = story_of(1, waves=(Wave("prod", before=(Approval(),)),))
    assert "1 waiting  needs approval" in text_of(Scene(run_progress))
    assert "approved by ana" in text_of(Scene(advance(run_progress, Approved(1.0, "prod", "ana"))))


def test_a_wave_without_targets_says_so() -> None:
    assert "0/0  no targets" in text_of(Scene(story_of(1, 0)))


def test_the_longest_running_targets_come_first_and_the_rest_is_counted() -> None:
    run_progress = story_of(30)
    underway = {ref: Underway("updating", 90.0 - place) for place, ref in enumerate(run_progress.targets)}
    lines = text_of(Scene(run_progress, underway), screen=Screen(80, 10)).splitlines()
    assert len(lines) == 9
    assert lines[3].startswith("  c029")
    assert lines[7] == "  and 26 more"


def test_waves_that_are_over_make_way_on_a_short_terminal() -> None:
    run_progress = story_of(1, 1, 1, 1, 1, 1)
    for place, ref in enumerate(list(run_progress.targets)[:4]):
        run_progress = advance(
            advance(run_progress, Ended(1.0, ref, Changed("u"))), WaveEnded(1.0, f"w{place}", "succeeded")
        )
    text = text_of(Scene(run_progress), screen=Screen(80, 7))
    assert "  3 finished" in text
    assert "  w4 " in text
    assert "  w0 " not in text
    assert "  w0 " in text_of(Scene(run_progress), screen=Screen(80, 7), is_last=True)


def test_the_final_view_names_no_running_target() -> None:
    run_progress = ended(story_of(3), Failed(NO))
    ref = list(run_progress.targets)[1]
    last = text_of(Scene(run_progress, {ref: Underway("updating", 1.0)}, failed=(ref,)), is_last=True)
    assert "under way" not in last
    assert last.count("\n") == 2


def test_a_failure_that_was_retried_is_none_any_more() -> None:
    run_progress = ended(story_of(2), Changed("u"))
    assert "webhook" not in text_of(Scene(run_progress, failed=(next(iter(run_progress.targets)),)))


def test_a_rollback_says_which_waves_are_reverted() -> None:
    run_progress = ended(story_of(1, 1), Changed("u"), Changed("u"))
    refs = list(run_progress.targets)
    for ref in refs:
        run_progress = replace(
            run_progress,
            targets=run_progress.targets.changed(ref, replace(run_progress.targets[ref], touched=True)),
        )
    run_progress = advance(run_progress, RollbackAsked(5.0, ("w1", "w0")))
    assert text_of(Scene(run_progress)).count("rolling back") == 3
    assert run_progress.state is RunState.ROLLING_BACK
    run_progress = advance(run_progress, Ended(6.0, refs[1], Changed("u")))
    assert "1 done  rolled back" in text_of(Scene(run_progress))
    assert log_line(Scene(run_progress), 10.0).startswith("wave w0: 0 of 1 done")


def test_without_unicode_the_signs_are_ascii() -> None:
    run_progress = ended(story_of(4), Changed("u"), Failed(NO))
    text = text_of(
        Scene(run_progress, {list(run_progress.targets)[2]: Underway("updating", 1.0)}),
        screen=Screen(50, 9, False),
    )
    assert text.isascii()


@pytest.mark.parametrize(
    ("seconds", "text"), [(-1, "0s"), (9.9, "9s"), (252, "4m12s"), (3600, "1h00m"), (7500, "2h05m")]
)
def test_spans_are_short(seconds: float, text: str) -> None:
    assert span(seconds) == text


def test_a_heartbeat_is_one_line_about_the_wave_at_hand() -> None:
    run_progress = ended(story_of(8), Changed("u"), Changed("u"), Changed("u"))
    refs = list(run_progress.targets)[3:]
    scene = Scene(run_progress, {refs[0]: Underway("updating", 1.0), refs[1]: Underway("verifying", 1.0)})
    assert log_line(scene, 252.0) == "wave w0: 3 of 8 done, 2 in flight, 0 failed, 4m12s"
    held = Scene(run_progress, {refs[0]: Underway(HELD, 1.0)})
    assert log_line(held, 252.0) == "wave w0: 3 of 8 done, 0 in flight, 0 failed, 1 held, 4m12s"
    over = advance(story_of(0), WaveEnded(1.0, "w0", "skipped"))
    assert log_line(Scene(over), 9.0) == f"run {RUN}: 9s"


def test_the_time_left_knows_how_many_go_at_once_and_the_soaks_to_come() -> None:
    waves = (Wave("a", soak=600, max_concurrency=Count(1)), Wave("b", max_concurrency=Count(4)))
    run_progress = ended(
        story_of(2, 8, waves=tuple(replace(each, failure_tolerance=Count(3)) for each in waves)), Changed("u")
    )
    assert seconds_left(Scene(run_progress, at_once=4), 0.0) is None
    assert seconds_left(Scene(run_progress, ended=1, spent=10.0, at_once=4), 0.0) == 10 + 600 + 2 * 10
    assert seconds_left(Scene(run_progress, ended=1, spent=10.0, at_once=2), 0.0) == 10 + 600 + 4 * 10

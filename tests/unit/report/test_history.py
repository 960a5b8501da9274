"""The tables of `history` in a terminal."""

import pytest

from eksaddon.report.history import ago, history_table, state_tone
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.model.states import Tone

HEADS = ("run", "state", "opened", "targets", "why")
ROW = (
    "20261130-150050-108713",
    "succeeded with failures",
    "3 h ago",
    "8 changed, 1 unreachable, 1 in sync, 2 skipped",
    "",
)


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_the_table_is_never_wider_than_the_terminal_and_keeps_the_run_whole(width):
    text = history_table(HEADS, [ROW], RenderOptions(width=width), whole=1)
    assert max(map(len, text.splitlines())) <= width
    assert ROW[0] in text
    assert "unreachable" in text.replace("\n", "").replace(" ", "")


def test_a_column_without_any_text_is_left_out():
    assert "WHY" not in history_table(HEADS, [ROW], RenderOptions(), whole=1)
    assert "WHY" in history_table(HEADS, [ROW, (*ROW[:-1], "by hand")], RenderOptions(), whole=1)


@pytest.mark.parametrize(
    ("state", "tone"),
    [
        ("succeeded", Tone.GOOD),
        ("succeeded with failures", Tone.CHANGE),
        ("paused", Tone.CHANGE),
        ("failed", Tone.BAD),
        ("interrupted", Tone.BAD),
        ("rolled back", Tone.MUTED),
    ],
)
def test_a_state_has_the_tone_of_its_outcome(state, tone):
    assert state_tone(state) is tone


def test_the_state_is_coloured_only_if_asked():
    row = ("r", "failed", "now", "", "")
    assert "\x1b[31m" in history_table(HEADS, [row], RenderOptions(colour=True), whole=1)
    assert "\x1b" not in history_table(HEADS, [row], RenderOptions(), whole=1)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "now"),
        (0, "now"),
        (59, "59 s ago"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (3600, "1 h ago"),
        (90_000, "1 d ago"),
        (40 * 86_400, "40 d ago"),
    ],
)
def test_times_are_relative_in_their_largest_unit(seconds, text):
    assert ago(seconds) == text

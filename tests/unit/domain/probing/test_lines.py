"""The lines that a probe in a pod prints."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.probing.figures import Figures
from eksaddon.domain.probing.lines import MOST_FAILURES, FailedLookup, ProbeLine, read_lines, to_line

SECONDS = st.integers(0, 4_000_000_000).map(lambda milliseconds: milliseconds / 1000)
COUNTS = st.integers(0, 10**9)
FIGURES = st.builds(
    Figures,
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    st.dictionaries(st.text(max_size=9), COUNTS, max_size=3).map(lambda kinds: tuple(kinds.items())),
    st.floats(0, 1e6),
)
FAILED = st.builds(FailedLookup, st.text(max_size=9), SECONDS, st.text(max_size=9))
LINES = st.builds(
    ProbeLine,
    st.integers(1, 10**6),
    SECONDS,
    st.dictionaries(st.text(max_size=9), FIGURES, max_size=3),
    st.lists(st.builds(FailedLookup, st.text(max_size=9), SECONDS, st.text(max_size=9)), max_size=5).map(
        tuple
    ),
    COUNTS,
    st.booleans(),
)


@given(LINES)
def test_a_line_reads_back_as_it_was(line: ProbeLine) -> None:
    text = to_line(line)
    assert "\n" not in text
    assert read_lines(f"{text}\n") == (line,)


@given(st.lists(LINES, unique_by=lambda line: line.sequence))
def test_lines_that_are_read_twice_or_mixed_with_others_count_once(lines: list[ProbeLine]) -> None:
    texts = [to_line(line) for line in lines]
    mixed = "\n".join(["a warning", *texts, *texts, "{"])
    assert list(read_lines(mixed)) == sorted(lines, key=lambda line: line.sequence)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "1", "null", '{"eksdnsProbe":2}', '{"eksdnsProbe":1}', '{"eksdnsProbe":1,"sequence":"x"}'],
)
def test_what_is_not_a_line_is_skipped(text: str) -> None:
    assert read_lines(text) == ()


@pytest.mark.parametrize("counts", [[1, 2], [1, 2, 3, 4, 5.0, "x"], ["x", 0, 0, 0, 0.0, {}]])
def test_odd_counts_are_no_line_or_no_failures(counts: list[object]) -> None:
    document = json.loads(to_line(ProbeLine(1, 0.0, {})))
    document["servers"] = {"service": counts}
    for line in read_lines(json.dumps(document)):
        assert line.servers["service"].failures == ()


def test_a_line_is_never_cut_by_a_container_runtime() -> None:
    failures = tuple(
        FailedLookup("pod/coredns-5d78c9869d-x2x4l", 1767225600.123, "timeout") for _ in range(2000)
    )
    figures = Figures(10**6, 10**6, 10**6, 10**6, (("timeout", 10**6), ("connection-refused", 10**6)), 12.3)
    line = ProbeLine(
        10**6, 1767225600.123, {f"pod/coredns-5d78c9869d-{n:05}": figures for n in range(20)}, failures
    )
    text = to_line(line)
    assert len(text) < 16 * 1024
    assert read_lines(text)[0].omitted == 2000 - MOST_FAILURES

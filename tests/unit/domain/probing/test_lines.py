"""The lines that a probe in a pod prints."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.probing.figures import Figures
from eksaddon.domain.probing.lines import (
    MOST_FAILURES,
    MOST_OF_A_POD,
    VERSION,
    FailedLookup,
    ProbeLine,
    has_other_version,
    read_lines,
    to_line,
)

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
    failures = sorted(line.failures, key=lambda each: (each.server, each.kind, each.sent))
    assert read_lines(f"{text}\n") == (replace(line, failures=tuple(failures)),)


@given(st.lists(LINES, unique_by=lambda line: line.sequence))
def test_lines_that_are_read_twice_or_mixed_with_others_count_once(lines: list[ProbeLine]) -> None:
    texts = [to_line(line) for line in lines]
    mixed = "\n".join(["a warning", *texts, *texts, "{"])
    assert [line.sequence for line in read_lines(mixed)] == sorted(line.sequence for line in lines)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "1", "null", '{"eksdnsProbe":1}', '{"eksdnsProbe":2}', '{"eksdnsProbe":2,"sequence":"x"}'],
)
def test_an_invalid_line_is_skipped(text: str) -> None:
    assert read_lines(text) == ()


def test_lines_of_another_version_are_noticed() -> None:
    text = to_line(ProbeLine(1, 0.0, {}))
    assert not has_other_version(f"a warning\n{text}\n")
    assert has_other_version(text.replace(f'"eksdnsProbe":{VERSION}', '"eksdnsProbe":1'))


def test_a_time_beyond_all_numbers_is_no_line() -> None:
    text = to_line(ProbeLine(1, 0.0, {}, (FailedLookup("kube-dns", 0.0, "timeout"),)))
    assert read_lines(text.replace('"at":0.0', '"at":1e999')) == ()


@pytest.mark.parametrize("counts", [[1, 2], [1, 2, 3, 4, 5.0, "x"], ["x", 0, 0, 0, 0.0, {}]])
def test_odd_counts_are_no_line_or_no_failures(counts: list[object]) -> None:
    document = json.loads(to_line(ProbeLine(1, 0.0, {})))
    document["servers"] = {"service": counts}
    for line in read_lines(json.dumps(document)):
        assert line.servers["service"].failures == ()


PODS = [f"pod/coredns-5d78c9869d-{number:05}" for number in range(20)]


def test_a_line_is_never_cut_by_a_container_runtime() -> None:
    failures = tuple(
        FailedLookup(server, 1767225590.0 + number / 1000, "connection-refused")
        for number in range(2000)
        for server in ("kube-dns", *PODS)
    )
    figures = Figures(10**6, 10**6, 10**6, 10**6, (("timeout", 10**6), ("connection-refused", 10**6)), 12.3)
    line = ProbeLine(10**6, 1767225600.123, dict.fromkeys(PODS, figures), failures)
    text = to_line(line)
    assert len(text) < 16 * 1024
    (found,) = read_lines(text)
    assert found.omitted == 21 * 2000 - MOST_FAILURES - 20 * MOST_OF_A_POD
    service = [each.sent for each in found.failures if each.server == "kube-dns"]
    assert (min(service), max(service)) == (1767225590.0, 1767225591.999)
    assert {each.sent for each in found.failures if each.server == PODS[0]} == {
        1767225590.0 + number / 1000 for number in range(MOST_OF_A_POD)
    }

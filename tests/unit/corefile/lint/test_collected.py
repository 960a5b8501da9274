"""Lint against every Corefile of the collection, which a real CoreDNS 1.14.7 has judged."""

import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from eksaddon.corefile.diff.difference import Difference, compare
from eksaddon.corefile.lint.findings import Finding, Group
from eksaddon.corefile.lint.fix import fix_all
from eksaddon.corefile.lint.linter import POD, lint
from eksaddon.domain.diagnostic import Severity
from tests.support.corefile.collected import Entry, collected

pytestmark = pytest.mark.slow


OWN = frozenset(Group) - {Group.EKS, Group.RESOLUTION}

CLOSING_BRACE = {"namespaces and namespace_labels cannot both be set", "'to' is required"}
"""CoreDNS names the line of the closing brace; lint points at the words to change."""


@pytest.fixture(scope="module", name="entries")
def all_entries() -> tuple[Entry, ...]:
    return collected()


def linted(entry: Entry) -> list[Finding]:
    return list(lint(entry.text, surroundings=replace(POD, environment=entry.env), groups=OWN))


def errors(entry: Entry) -> list[Finding]:
    return [finding for finding in linted(entry) if finding.severity is Severity.ERROR]


def test_no_error_where_coredns_starts_and_one_at_least_where_it_does_not(
    entries: tuple[Entry, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    matrix = Counter((entry.kind, _verdict(linted(entry))) for entry in entries)
    with capsys.disabled():
        sys.stdout.write(f"\n{_table(matrix)}\n")
    assert matrix["ok", "error"] == 0
    for kind in ("refused", "old-version", "external-plugin"):
        assert matrix[kind, "clean"] == matrix[kind, "warning"] == 0
    assert sum(matrix.values()) == len(entries) == 1115


def _verdict(found: list[Finding]) -> str:
    severities = {finding.severity for finding in found}
    if Severity.ERROR in severities:
        return "error"
    return "warning" if Severity.WARNING in severities else "clean"


def _table(matrix: Counter[tuple[str, str]]) -> str:
    verdicts = ("error", "warning", "clean")
    kinds = sorted({kind for kind, _ in matrix})
    head = f"{'CoreDNS 1.14.7':>20} " + " ".join(f"{verdict:>8}" for verdict in verdicts)
    lines = [f"{kind:>20} " + " ".join(f"{matrix[kind, each]:>8}" for each in verdicts) for kind in kinds]
    return "\n".join([head, *lines])


def test_the_line_that_coredns_names_has_an_error(entries: tuple[Entry, ...]) -> None:
    for entry in entries:
        named = re.search(r"Corefile:([0-9]+) - ", entry.error or entry.setup_error)
        found = {each.diagnostic.location.line for each in errors(entry) if each.diagnostic.location}
        excused = any(words in entry.setup_error for words in CLOSING_BRACE)
        if named and found and entry.kind != "environment" and not excused:
            assert int(named[1]) in found, (entry.number, entry.setup_error)


def test_the_words_of_the_parser_are_those_of_coredns(entries: tuple[Entry, ...]) -> None:
    for entry in entries:
        if entry.error:
            said = [each.diagnostic.summary for each in errors(entry)]
            assert f"CoreDNS reports: {entry.error}" in said


def test_proxy_and_its_like_are_no_error_in_the_coredns_of_their_time(entries: tuple[Entry, ...]) -> None:
    gone = {"removed-directive", "removed-property"}
    for entry in entries:
        if entry.kind == "old-version" and {each.rule for each in errors(entry)} <= gone:
            found = lint(entry.text, version=(1, 1, 0), groups=OWN)
            assert not {each.rule for each in found} & gone


@pytest.mark.parametrize(
    "rewritten",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "# a comment\n\n" + text,
        lambda text: text + "\n# the end",
    ],
)
def test_comments_blank_lines_and_line_endings_change_no_meaning(
    entries: tuple[Entry, ...], rewritten: Callable[[str], str]
) -> None:
    for entry in entries:
        if entry.kind == "ok" and not re.search('["\r\ufeff]', entry.text):
            assert compare(entry.text, rewritten(entry.text)) == Difference(), entry.number


def test_indentation_changes_no_meaning(entries: tuple[Entry, ...]) -> None:
    for entry in entries:
        if entry.kind == "ok" and not re.search('["\ufeff]', entry.text):
            indented = re.sub(r"(?m)^(?=.)", "\t ", entry.text)
            assert compare(entry.text, indented) == Difference(), entry.number


def test_fixes_make_no_error_and_are_made_once(entries: tuple[Entry, ...]) -> None:
    for entry in entries:
        fixed = fix_all(entry.text, unsafe=True).text
        if fixed != entry.text:
            after = [each for each in lint(fixed, groups=OWN) if each.severity is Severity.ERROR]
            assert len(after) <= len(errors(entry))
            assert fix_all(fixed, unsafe=True).text == fixed


def test_safe_fixes_change_nothing_that_an_accepting_coredns_looks_at(entries: tuple[Entry, ...]) -> None:
    for entry in entries:
        done = fix_all(entry.text)
        if (
            entry.kind == "ok"
            and done.applied
            and all(each.rule != "ignored-property" for each in done.applied)
        ):
            assert compare(entry.text, done.text) == Difference(), entry.number

"""Our own corpus: a clone alone shows that Corefiles are read as the real CoreDNS reads them."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from eksaddon.corefile import Edited, Reason, Refused, decode, encode, lex, parse, pieces, set_lameduck
from eksaddon.corefile.diff.difference import Difference, compare
from eksaddon.corefile.lint.findings import Finding, Group
from eksaddon.corefile.lint.fix import fix_all
from eksaddon.corefile.lint.linter import lint
from eksaddon.domain.diagnostic import Severity
from tests.support.corefile.corpus import Recorded, corpus, sources
from tests.support.corefile.grammar import corefile_answer

CURRENT, OLD = "1.14.7", "1.11.4"
VERSIONS: Mapping[str, tuple[int, int, int]] = {CURRENT: (1, 14, 7), OLD: (1, 11, 4)}
UNPROVABLE = "brace-too-many"
"""CoreDNS takes the second `}` for the name of a zone; no edit of such a text can be proven."""

OWN = frozenset(Group) - {Group.EKS, Group.RESOLUTION}
FILES = [pytest.param(one, id=one.name) for one in corpus()]
ACCEPTED = [pytest.param(one, id=one.name) for one in corpus() if not one.errors[CURRENT]]


def errors(text: str, version: tuple[int, int, int] = VERSIONS[CURRENT]) -> list[Finding]:
    found = lint(text, version=version, groups=OWN)
    return [each for each in found if each.severity is Severity.ERROR]


def test_every_file_has_its_verdict_and_many_are_refused() -> None:
    assert len(corpus()) == len(sources()) >= 80
    assert len(corpus()) - len(ACCEPTED) >= 25


@pytest.mark.parametrize("one", FILES)
def test_tokens_blocks_and_errors_of_the_parser_are_coredns_own(one: Recorded, tmp_path: Path) -> None:
    assert corefile_answer(one.data, tmp_path) == one.grammar


@pytest.mark.parametrize("one", FILES)
def test_no_character_is_lost(one: Recorded) -> None:
    text = decode(one.data)
    assert "".join(pieces(text, lex(text))) == text
    assert encode(text) == one.data


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("one", FILES)
def test_lint_has_an_error_exactly_where_coredns_refuses(one: Recorded, version: str) -> None:
    found = errors(decode(one.data), VERSIONS[version])
    assert bool(found) is bool(one.errors[version]), (
        one.errors[version],
        [each.diagnostic for each in found],
    )


@pytest.mark.parametrize("one", FILES)
def test_the_line_that_coredns_names_has_an_error(one: Recorded) -> None:
    named = re.search(r"Corefile:([0-9]+) - ", one.errors[CURRENT])
    if named:
        places = [each.diagnostic.location for each in errors(decode(one.data))]
        assert int(named[1]) in {place.line for place in places if place}


@pytest.mark.parametrize("one", ACCEPTED)
def test_a_lameduck_is_set_in_any_block_and_nothing_else_changes(one: Recorded) -> None:
    text = decode(one.data)
    for number in range(1, len(parse(text).blocks) + 1):
        edited = set_lameduck(text, "17s", block=f"#{number}")
        if one.name == UNPROVABLE:
            assert isinstance(edited, Refused)
            assert edited.reason is Reason.STRUCTURE
            continue
        assert isinstance(edited, Edited), edited
        assert errors(edited.text) == []
        again = set_lameduck(edited.text, "17s", block=f"#{number}")
        assert isinstance(again, Edited)
        assert again.text == edited.text


@pytest.mark.parametrize("one", FILES)
def test_fixes_make_no_error_and_are_made_once(one: Recorded) -> None:
    text = decode(one.data)
    fixed = fix_all(text, unsafe=True).text
    assert len(errors(fixed)) <= len(errors(text))
    assert fix_all(fixed, unsafe=True).text == fixed


@pytest.mark.parametrize("one", ACCEPTED)
def test_comments_and_line_endings_change_no_meaning(one: Recorded) -> None:
    text = decode(one.data)
    if not re.search('["\r\ufeff]', text):
        assert compare(text, text.replace("\n", "\r\n")) == Difference()
        assert compare(text, "# a comment\n\n" + text) == Difference()

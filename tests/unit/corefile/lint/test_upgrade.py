"""What another CoreDNS makes of the same Corefile."""

import pytest

from eksaddon.corefile.lint.changed_meaning import CHANGED_MEANING, CHANGES, MeaningChange
from eksaddon.corefile.lint.linter import lint
from eksaddon.corefile.lint.start import start_errors
from eksaddon.corefile.lint.upgrade import lint_upgrade, upgrade_notes, without_ignored
from eksaddon.corefile.syntax.versions import ENDLESS, FIRST, Version

STOCK = """\
.:53 {
    errors
    health
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
}
"""
IGNORED = STOCK.replace("    ready\n", "    ready {\n        odd\n    }\n")


def rules(text: str, installed: Version, target: Version) -> list[str]:
    return [one.rule for one in lint_upgrade(text, installed=installed, target=target)]


def test_the_same_version_changes_nothing() -> None:
    assert rules(STOCK, (1, 14, 7), (1, 14, 7)) == []


def test_an_error_of_the_target_is_reported_even_if_it_was_one_before() -> None:
    text = STOCK.replace("errors", "erors")
    assert "unknown-directive" in rules(text, (1, 11, 4), (1, 14, 7))


def test_only_new_warnings_are_reported() -> None:
    quiet = STOCK.replace("    loop\n", "")
    assert "eks-loop" not in rules(quiet, (1, 11, 4), (1, 14, 7))
    assert any(one.rule == "eks-loop" for one in lint(quiet, version=(1, 14, 7)))
    newly = rules(IGNORED, (1, 11, 4), (1, 12, 4))
    assert "ignored-property" in newly


def around(change: MeaningChange) -> tuple[Version, Version]:
    """The last version before a change, and the first one with it."""
    major, minor, patch = change.since
    return ((major, minor, patch - 1) if patch else (major, minor - 1, 99)), change.since


def sample(change: MeaningChange) -> str:
    first, *others = change.directives
    block = f"    {first} {change.word} {{\n    }}\n" if change.word else f"    {first}\n"
    return ".:53 {\n" + block + "".join(f"    {name}\n" for name in others) + "}\n"


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change.since} {change.directives[0]}")
def test_every_change_is_reported_where_it_begins_and_ends(change: MeaningChange) -> None:
    before, since = around(change)

    def said(installed: Version, target: Version) -> list[str]:
        found = lint_upgrade(sample(change), installed=installed, target=target)
        return [one.diagnostic.summary for one in found if one.rule == CHANGED_MEANING]

    assert [text for text in said(before, since) if change.holds in text]
    assert not [text for text in said(since, since) if change.holds in text]
    back = [text for text in said(since, before) if change.holds in text]
    assert back
    assert "it is no longer the case that" in back[0]
    if change.until < ENDLESS:
        assert [text for text in said(since, change.until) if change.holds in text]
        assert not [text for text in said(before, change.until) if change.holds in text]


def test_changes_are_not_reported_of_directives_that_do_not_exist() -> None:
    assert CHANGED_MEANING not in rules(".:53 {\n    whoami\n}\n", FIRST, (1, 14, 7))
    assert CHANGED_MEANING not in rules(".:53 {\n    hosts\n}\n", (1, 14, 4), (1, 14, 4))
    plain = lint_upgrade(".:53 {\n    hosts\n}\n", installed=(1, 14, 4), target=(1, 14, 6))
    assert not [one for one in plain if "internal names" in one.diagnostic.summary]


def test_notes_are_not_errors_and_say_nothing_about_queries() -> None:
    text = STOCK.replace("errors", "erors").replace("    forward . /etc/resolv.conf\n", "")
    assert upgrade_notes(text, (1, 14, 7), (1, 14, 7)) == ()
    assert {one.rule for one in upgrade_notes(text, (1, 14, 3), (1, 14, 7))} == {CHANGED_MEANING}
    assert CHANGED_MEANING in [one.rule for one in upgrade_notes(STOCK, (1, 14, 3), (1, 14, 7))]


def test_an_option_without_effect_that_is_rejected_later_is_removed() -> None:
    fixed = without_ignored(IGNORED, (1, 14, 3), (1, 14, 7))
    assert fixed is not None
    assert "odd" not in fixed.text
    assert start_errors(IGNORED, (1, 14, 7))
    assert start_errors(fixed.text, (1, 14, 7)) == ()


@pytest.mark.parametrize(
    ("text", "installed"),
    [
        (STOCK, (1, 14, 3)),
        (IGNORED, (1, 14, 7)),
        (IGNORED.replace("errors", "erors"), (1, 14, 3)),
        (IGNORED + "a:53 {\n    hosts {\n        odd\n    }\n    any now\n}\n", (1, 14, 3)),
    ],
    ids=["accepted", "refused before", "refused by both", "refused for more"],
)
def test_nothing_else_is_removed(text: str, installed: Version) -> None:
    assert without_ignored(text, installed, (1, 14, 7)) is None

"""What another CoreDNS version makes of the same Corefile."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from eksaddon.corefile.lint.changed_meaning import changed_meaning
from eksaddon.corefile.lint.findings import RULES, Finding, Group
from eksaddon.corefile.lint.fix import Fixed, fix
from eksaddon.corefile.lint.linter import POD, lint, subject_of
from eksaddon.corefile.lint.start import linted, prevents_start, start_errors
from eksaddon.corefile.syntax.surroundings import Surroundings
from eksaddon.corefile.syntax.versions import Version
from eksaddon.domain.diagnostic import Severity

_IGNORED = "ignored-property"
"""The rule whose fix removes what has no effect."""


def lint_upgrade(
    text: str,
    *,
    installed: Version,
    target: Version,
    source: str = "Corefile",
    surroundings: Surroundings = POD,
) -> tuple[Finding, ...]:
    """Errors of the target version, its new warnings and notes, and changes of behaviour.

    An error is reported even if the installed version has it, too: the target does not start.
    """
    before = lint(text, version=installed, source=source, surroundings=surroundings)
    after = lint(text, version=target, source=source, surroundings=surroundings)
    subject = subject_of(text, version=target, source=source, surroundings=surroundings)
    found = (*_new(before, after), *changed_meaning(subject, installed))
    return tuple(sorted(found, key=lambda one: one.start))


def _new(before: Iterable[Finding], after: Iterable[Finding]) -> Iterator[Finding]:
    known = {(one.rule, one.start, one.severity) for one in before}
    for one in after:
        if one.severity is Severity.ERROR or (one.rule, one.start, one.severity) not in known:
            yield one


@lru_cache(maxsize=512)  # a fleet shares texts and versions
def upgrade_notes(text: str, installed: Version, target: Version) -> tuple[Finding, ...]:
    """New warnings and notes other than about queries, which `query_failures` reports."""
    subject = subject_of(text, version=target, source="Corefile", surroundings=POD)
    found = (*_new(linted(text, installed), linted(text, target)), *changed_meaning(subject, installed))
    return tuple(
        one
        for one in found
        if one.severity is not Severity.ERROR and RULES[one.rule].group is not Group.RESOLUTION
    )


def without_ignored(text: str, installed: Version, target: Version) -> Fixed | None:
    """The text without the options that the installed version ignores and the target refuses.

    Returns:
        None if the target accepts the text, or refuses anything else of it, or if the installed version
        refuses it, too.
    """
    if start_errors(text, installed):
        return None
    errors = {one.start for one in linted(text, target) if prevents_start(one)}
    ignored = [
        one
        for one in linted(text, installed)
        if one.rule == _IGNORED and one.start in errors and one.fix is not None and one.fix.safe
    ]
    fixed = fix(text, ignored)
    is_accepted = bool(errors) and not start_errors(fixed.text, target)
    return fixed if is_accepted and len(fixed.applied) == len(ignored) else None

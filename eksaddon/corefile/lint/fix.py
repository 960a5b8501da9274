"""Carrying out the fixes of findings."""

from collections.abc import Iterator, Sequence

from eksaddon.corefile.editing.edits import Edit, apply
from eksaddon.corefile.lint.findings import Finding, Fix
from eksaddon.corefile.lint.linter import POD, lint
from eksaddon.corefile.syntax.lexer import lex
from eksaddon.corefile.syntax.surroundings import Surroundings
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.versions import NEWEST_KNOWN, Version
from eksaddon.domain.diagnostic import Severity

MOST_ROUNDS = 100
"""A fix may uncover the next finding; Corefiles that people write need one or two rounds."""

MOST_TRIES = 32
"""How many fixes are tried alone where together they go wrong."""


def fix(text: str, findings: Sequence[Finding]) -> str:
    """Carry out the fixes of findings about this very text.

    Of fixes that touch each other only the first is made, and none that would be read as other words than it
    is meant to.
    """
    chosen = _apart([finding.fix for finding in findings if finding.fix is not None])
    together = _carried_out(text, chosen)
    if together is not None:
        return together
    proven: list[Fix] = []
    for each in chosen[:MOST_TRIES]:
        if _carried_out(text, [*proven, each]) is not None:
            proven.append(each)
    return _carried_out(text, proven) or text


def fix_all(text: str, *, version: Version = NEWEST_KNOWN, surroundings: Surroundings = POD) -> str:
    """Lint and fix until nothing is left to fix; no fix is made that would make things worse.

    Doing it again changes nothing.
    """
    better: str | None = text
    for _ in range(MOST_ROUNDS):
        if better is None:
            break
        text = better
        better = _improved(text, version, surroundings)
    return text


def _improved(text: str, version: Version, surroundings: Surroundings) -> str | None:
    """The first candidate that is better; None if there is none."""
    findings = lint(text, version=version, surroundings=surroundings)
    before = _badness(text, findings)
    for candidate in _candidates(text, findings):
        if _badness(candidate, lint(candidate, version=version, surroundings=surroundings)) < before:
            return candidate
    return None


def _candidates(text: str, findings: Sequence[Finding]) -> Iterator[str]:
    """All fixes together, then each alone."""
    fixable = [finding for finding in findings if finding.fix is not None]
    attempts = [fixable, *([each] for each in fixable[:MOST_TRIES])]
    for attempt in attempts:
        better = fix(text, attempt)
        if better != text:
            yield better


def _badness(text: str, findings: Sequence[Finding]) -> tuple[int, int, int]:
    """How much of the text the parser does not reach, errors, and what could be fixed."""
    unread = max((len(text) - each.start for each in findings if each.rule == "syntax"), default=0)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    return unread, errors, sum(finding.fix is not None for finding in findings)


def _apart(fixes: Sequence[Fix]) -> list[Fix]:
    """Those that do not touch one before them."""
    chosen: list[Fix] = []
    reached = -1
    for each in sorted(fixes, key=lambda fix: fix.edits[0].start):
        if each.edits[0].start > reached:
            chosen.append(each)
            reached = each.edits[-1].end
    return chosen


def _carried_out(text: str, fixes: Sequence[Fix]) -> str | None:
    """The new text; None if it would not be read as the fixes say."""
    edits = [edit for each in fixes for edit in each.edits]
    result = apply(text, edits)
    expected = list(_expected(lex(text), edits))
    return result if [token.text for token in lex(result)] == expected else None


def _expected(tokens: Sequence[Token], edits: Sequence[Edit]) -> Iterator[str]:
    """The old words, with those inside the edited spans replaced."""
    pending = list(reversed(edits))
    for token in tokens:
        while pending and pending[-1].end <= token.start:
            yield from pending.pop().words
        if not (pending and pending[-1].start <= token.start and token.end <= pending[-1].end):
            yield token.text
    while pending:
        yield from pending.pop().words

"""Applies the fixes of findings."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from eksaddon.corefile.editing.edits import Edit, apply
from eksaddon.corefile.lint.findings import Finding
from eksaddon.corefile.lint.linter import POD, lint
from eksaddon.corefile.lint.start import prevents_start
from eksaddon.corefile.syntax.lexer import lex
from eksaddon.corefile.syntax.surroundings import Surroundings
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.versions import NEWEST_KNOWN, Version
from eksaddon.domain.diagnostic import Severity
from eksaddon.frozen import dataclass

MOST_ROUNDS = 100
"""A fix can uncover another finding; typical Corefiles need one or two rounds."""

MOST_TRIES = 32
"""Maximum number of fixes tried separately if they fail together."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A text after its fixes.

    Attributes:
        applied: The resolved findings in the order of rounds; positions refer to the text at the start of
            their round.
        unsafe: Remaining findings whose fix would change CoreDNS's behaviour.
    """

    text: str
    applied: tuple[Finding, ...] = ()
    unsafe: tuple[Finding, ...] = ()


def fix(text: str, findings: Sequence[Finding]) -> Fixed:
    """Apply the fixes of findings on this text.

    Of overlapping fixes only the first is applied. A fix is dropped if the result would not be read as the
    words that it writes.
    """
    chosen = _apart(findings)
    together = _carried_out(text, chosen)
    if together is not None:
        return Fixed(together, tuple(chosen))
    proven: list[Finding] = []
    for each in chosen[:MOST_TRIES]:
        if _carried_out(text, [*proven, each]) is not None:
            proven.append(each)
    return Fixed(_carried_out(text, proven) or text, tuple(proven))


def fix_all(
    text: str,
    *,
    version: Version = NEWEST_KNOWN,
    source: str = "Corefile",
    surroundings: Surroundings = POD,
    unsafe: bool = False,
) -> Fixed:
    """Lint and fix until nothing is left to fix; fixes that make the result worse are not applied.

    Idempotent.

    Args:
        source: Name of the file in locations.
        unsafe: Include fixes that change CoreDNS's behaviour.
    """
    applied: list[Finding] = []
    check = partial(lint, version=version, source=source, surroundings=surroundings)
    findings = check(text)
    for _ in range(MOST_ROUNDS):
        found = _improved(text, findings, check, unsafe=unsafe)
        if found is None:
            break
        better, findings = found
        text = better.text
        applied.extend(better.applied)
    left = tuple(each for each in findings if each.fix is not None and not each.fix.safe)
    return Fixed(text, tuple(applied), left)


def _improved(
    text: str, findings: Sequence[Finding], check: Callable[[str], tuple[Finding, ...]], *, unsafe: bool
) -> tuple[Fixed, tuple[Finding, ...]] | None:
    """The first candidate with a better result, and its findings; None if there is none."""
    before = _badness(text, findings)
    for candidate in _candidates(text, findings, unsafe=unsafe):
        after = check(candidate.text)
        if _badness(candidate.text, after) < before:
            return candidate, after
    return None


def _candidates(text: str, findings: Sequence[Finding], *, unsafe: bool) -> Iterator[Fixed]:
    """All fixes together, then each separately."""
    fixable = [each for each in findings if each.fix is not None and (each.fix.safe or unsafe)]
    attempts = [fixable, *([each] for each in fixable[:MOST_TRIES])]
    for attempt in attempts:
        better = fix(text, attempt)
        if better.text != text:
            yield better


def _badness(text: str, findings: Sequence[Finding]) -> tuple[int, int, int, int]:
    """Sort key of a text: unread characters, reasons not to start, queries that fail, findings with a fix.

    Queries are checked only if CoreDNS starts, so fewer failures do not outweigh a new reason not to start.
    """
    unread = max((len(text) - each.start for each in findings if each.rule == "syntax"), default=0)
    refusals = sum(prevents_start(each) for each in findings)
    failures = sum(each.severity is Severity.ERROR for each in findings) - refusals
    return unread, refusals, failures, sum(each.fix is not None for each in findings)


def _edits(finding: Finding) -> tuple[Edit, ...]:
    return finding.fix.edits if finding.fix is not None else ()


def _apart(findings: Sequence[Finding]) -> list[Finding]:
    """Findings whose fixes do not overlap with previous ones."""
    chosen: list[Finding] = []
    reached = -1
    for each in sorted(filter(_edits, findings), key=lambda finding: _edits(finding)[0].start):
        if _edits(each)[0].start > reached:
            chosen.append(each)
            reached = _edits(each)[-1].end
    return chosen


def _carried_out(text: str, findings: Sequence[Finding]) -> str | None:
    """The new text; None if it would not be read as intended."""
    edits = [edit for each in findings for edit in _edits(each)]
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

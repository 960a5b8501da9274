"""Renders permission checks as text and JSON; pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Annotated, Literal

from eksaddon.domain.access.checkup import Check, CheckState, Checkup, Piece
from eksaddon.domain.document import Count, Version, as_json
from eksaddon.domain.encoding.codec_schema import Keywords
from eksaddon.domain.json import SCHEMA_VERSION, JsonObject
from eksaddon.domain.printable import on_one_line
from eksaddon.frozen import dataclass
from eksaddon.report.model.text import counted

MOST_NAMES = 5
_INDENT = "  "
_SHOWN = (CheckState.MISSING, CheckState.UNPROVEN)


def rows(checkups: Sequence[Checkup]) -> tuple[tuple[str, ...], ...]:
    """Table rows; the target is the last column because its name can have any length."""
    return tuple(
        (one.word(kubernetes=False).value, one.word(kubernetes=True).value, one.label) for one in checkups
    )


def findings(checkups: Sequence[Checkup], width: int) -> tuple[str, ...]:
    """Each missing or unproven permission once, with its targets, then rollouts that are not finished."""
    targets_of: dict[Check, list[str]] = {}
    for one in checkups:
        for check in one.checks:
            if check.state in _SHOWN or _is_note(check):
                targets_of.setdefault(check, []).append(one.label)
    ordered = sorted(targets_of, key=lambda check: (*_SHOWN, CheckState.FINE).index(check.state))
    return tuple(line for check in ordered for line in _finding_lines(check, targets_of[check], width))


def _is_note(check: Check) -> bool:
    """Whether the live objects could be read, and show something that is worth a line."""
    return check.piece is Piece.KUBERNETES_READ and check.state is CheckState.FINE and bool(check.detail)


def _finding_lines(check: Check, names: Sequence[str], width: int) -> Iterator[str]:
    omitted = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
    word = "note" if _is_note(check) else check.state.value
    yield ""
    yield from _wrapped(f"{word}: {check.piece.value}: {check.detail}", width, "")
    yield from _wrapped(f"where: {', '.join(names[:MOST_NAMES])}{omitted}", width, _INDENT)
    if check.breaks:
        yield from _wrapped(f"effect: {check.breaks}", width, _INDENT)
    if check.remedy:
        yield from _wrapped(f"fix: {check.remedy}", width, _INDENT)


def _wrapped(text: str, width: int, indent: str) -> Iterator[str]:
    yield from wrap(
        on_one_line(text),
        width,
        initial_indent=indent,
        subsequent_indent=indent + _INDENT,
        break_long_words=False,
        break_on_hyphens=False,
    )


def total(checkups: Sequence[Checkup]) -> str:
    count = Counter(one.verdict for one in checkups)
    words = [
        f"{count[CheckState.FINE]:,} ok",
        f"{count[CheckState.MISSING]:,} with missing permissions",
        *(
            f"{count[state]:,} {word}"
            for state, word in ((CheckState.UNPROVEN, "not checked"), (CheckState.SKIPPED, "skipped"))
            if count[state]
        ),
    ]
    return f"{counted(len(checkups), 'target')}: {', '.join(words)}"


@dataclass(frozen=True, slots=True)
class CheckView:
    piece: Annotated[str, Keywords({"examples": list(Piece)})]
    state: CheckState
    detail: Annotated[str, "Result of the check; may be empty."]
    breaks: Annotated[str, "What does not work without the permission."]
    remedy: Annotated[str, "How to fix it."]


@dataclass(frozen=True, slots=True)
class CheckupView:
    account: str
    account_name: Annotated[str, "Empty if unknown."]
    region: Annotated[str, "`*` if the account could not be accessed."]
    name: Annotated[str, "`*` if the clusters are unknown."]
    ok: Annotated[bool, "Whether no permission is missing, and at least one is known to work."]
    checks: tuple[CheckView, ...]


@dataclass(frozen=True, slots=True)
class DoctorSummary:
    targets: Count
    ok: Count
    missing: Count
    unproven: Annotated[Count, "Nothing could be checked."]
    skipped: Annotated[Count, "The fleet file declares that the region is not available."]


@dataclass(frozen=True, slots=True)
class DoctorDocument:
    schema_version: Version
    kind: Literal["doctor"]
    summary: Annotated[DoctorSummary, "The counts of the states add up to `targets`."]
    clusters: tuple[CheckupView, ...]


def document(checkups: Sequence[Checkup]) -> JsonObject:
    count = Counter(one.verdict for one in checkups)
    summary = DoctorSummary(
        len(checkups),
        ok=count[CheckState.FINE],
        missing=count[CheckState.MISSING],
        unproven=count[CheckState.UNPROVEN],
        skipped=count[CheckState.SKIPPED],
    )
    document = DoctorDocument(SCHEMA_VERSION, "doctor", summary, tuple(_view(one) for one in checkups))
    return as_json(document)


def _view(one: Checkup) -> CheckupView:
    ref = one.ref
    checks = tuple(
        CheckView(check.piece.value, check.state, check.detail, check.breaks, check.remedy)
        for check in one.checks
    )
    return CheckupView(
        ref.account, one.account_name, ref.region, ref.name, one.verdict is CheckState.FINE, checks
    )

"""Drafts the add-on's document: desired values merged into the stored ones."""

from collections.abc import Iterator
from dataclasses import replace

from eksaddon.corefile.lint.upgrade import without_ignored
from eksaddon.corefile.syntax.versions import show_version
from eksaddon.domain.basis import CorefileBase
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.diagnostic import Diagnostic, Location, Severity
from eksaddon.domain.json import JsonObject
from eksaddon.domain.observed import Managed
from eksaddon.domain.plan import Change, Plane
from eksaddon.domain.versions.offered import VersionMove
from eksaddon.domain.workload import WorkloadState
from eksaddon.frozen import dataclass
from eksaddon.plan.corefile_change import NoStart, Start, corefile_in_force, with_desired, with_lameduck_text
from eksaddon.plan.corefile_meaning import meaning_rows
from eksaddon.plan.corefile_reading import Reading, Unparsable, read_corefile
from eksaddon.schema import parse_version
from eksaddon.values import Edit, Merged, Unreadable, Values, leaves, merge, parse_values

COREFILE = "corefile"

COREFILE_FITTED = "corefile-fitted"
"""The rule about an edit that a new version requires."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The new document and its changes.

    Attributes:
        start: The Corefile that the plan starts from.
        corefile: After the plan; None if neither the add-on nor the plan sets one.
        corefile_before: The Corefile that the plan starts from; None if there is none or it is invalid.
    """

    stored: Values
    merged: Merged
    changes: tuple[Change, ...]
    start: Start | NoStart
    base: CorefileBase
    corefile: Reading | Unparsable | None
    corefile_before: Reading | None
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocked:
    """No document can be built."""

    diagnostics: tuple[Diagnostic, ...]


def draft(
    observed: Managed, desired: DesiredState, workload: WorkloadState, move: VersionMove | None = None
) -> Draft | Blocked:
    """Draft the document.

    Args:
        move: The change of the add-on version; None if it stays.
    """
    stored = parse_values(observed.text)
    if isinstance(stored, Unreadable):
        return Blocked((_unreadable(stored),))
    chosen = desired.consent.corefile_base
    start = corefile_in_force(observed.version, stored.tree, desired.values, workload, chosen)
    overlay = _overlay(desired, start, stored)
    if isinstance(overlay, Diagnostic):
        return Blocked((overlay,))
    merged = merge(stored, overlay)
    fitted = None if move is None else _fitted(merged.tree, desired, move)
    if fitted is None:
        return drafted(stored, merged, start)
    text, finding = fitted
    made = drafted(stored, merge(stored, {**overlay, COREFILE: text}), start)
    return replace(made, diagnostics=(*made.diagnostics, finding))


def _fitted(planned: JsonObject, desired: DesiredState, move: VersionMove) -> tuple[str, Diagnostic] | None:
    """The Corefile without options that had no effect and that the new version refuses.

    A Corefile in the fleet file is not edited: the fleet file would state the former one again.
    """
    text, before, after = planned.get(COREFILE), parse_version(move.before), parse_version(move.after)
    is_given = COREFILE in desired.values or desired.corefile.text is not None
    if not isinstance(text, str) or is_given or before is None or after is None:
        return None
    fixed = without_ignored(text, before.coredns, after.coredns)
    if fixed is None:
        return None
    titles = ", ".join(sorted({one.fix.title for one in fixed.applied if one.fix is not None}))
    coredns = show_version(after.coredns)
    summary = f"the Corefile is edited for CoreDNS {coredns}, which refuses it: {titles}"
    detail = f"without effect in CoreDNS {show_version(before.coredns)}, so nothing else changes"
    return fixed.text, Diagnostic(Severity.INFO, COREFILE_FITTED, summary, detail)


def _unreadable(stored: Unreadable) -> Diagnostic:
    return Diagnostic(
        Severity.ERROR,
        "values-unreadable",
        f"invalid stored configurationValues: {stored.reason}",
        "fix or reset them with `aws eks update-addon`; eksdns does not overwrite a document that "
        "it cannot parse",
        Location("configurationValues", stored.line, stored.column),
    )


def _overlay(desired: DesiredState, start: Start | NoStart, stored: Values) -> JsonObject | Diagnostic:
    if desired.lameduck is None and desired.corefile.is_empty:
        return desired.values
    if isinstance(start, NoStart) and desired.corefile.text is None:
        hint = "set the whole Corefile with `corefile.text`, starting from the live ConfigMap"
        return Diagnostic(Severity.ERROR, "corefile-unknown", start.reason, hint)
    in_force = start.text if isinstance(start, Start) else ""
    text = with_desired(in_force, desired.lameduck.text if desired.lameduck else None, desired.corefile)
    if isinstance(text, Diagnostic):
        return text
    is_changed = isinstance(start, NoStart) or text != start.text or start.base is CorefileBase.DESIRED
    is_live_kept = (
        isinstance(start, Start) and start.base is CorefileBase.LIVE and bool(stored.tree.get(COREFILE))
    )
    return {**desired.values, COREFILE: text} if is_changed or is_live_kept else desired.values


def drafted(stored: Values, merged: Merged, start: Start | NoStart) -> Draft:
    """Build the draft of a merged document.

    Everything that a plan shows about it is derived here from these values, so that a saved plan can be
    checked against its writes.
    """
    touched = any(edit.keys == (COREFILE,) for edit in merged.changes)
    base = _base(stored, start, touched=touched)
    before = _read(start.text) if isinstance(start, Start) else None
    after = _read(merged.tree.get(COREFILE)) or before
    readable_before = before if isinstance(before, Reading) else None
    return Draft(
        stored=stored,
        merged=merged,
        changes=tuple(_changes(merged, start, readable_before)),
        start=start,
        base=base,
        corefile=after,
        corefile_before=readable_before,
        diagnostics=tuple(_notes(stored, merged)),
    )


def _base(stored: Values, start: Start | NoStart, *, touched: bool) -> CorefileBase:
    if isinstance(start, NoStart):
        return CorefileBase.NOT_MANAGED
    if not touched and not stored.tree.get(COREFILE):
        return CorefileBase.NOT_MANAGED
    return start.base


def _read(text: object) -> Reading | Unparsable | None:
    return read_corefile(text) if isinstance(text, str) and text.strip() else None


def _notes(stored: Values, merged: Merged) -> Iterator[Diagnostic]:
    if merged.reformatted:
        summary = "the stored document is reformatted; its meaning and all other values are kept"
        yield Diagnostic(Severity.INFO, "values-reformatted", summary, "comments and layout are lost")
    for one in stored.ambiguities if merged.changes else ():
        place = Location("configurationValues", one.line, one.column)
        hint = "quote it in the stored document so that every YAML parser reads the same value"
        yield Diagnostic(Severity.WARNING, "values-ambiguous", one.message, hint, place)


def _changes(merged: Merged, start: Start | NoStart, before: Reading | None) -> Iterator[Change]:
    for edit in merged.changes:
        if edit.keys == (COREFILE,):
            yield from _corefile_changes(edit, start, before)
        else:
            yield from (Change(Plane.ADDON, leaf.path, leaf.before, leaf.after) for leaf in leaves(edit))


def _corefile_changes(edit: Edit, start: Start | NoStart, before: Reading | None) -> Iterator[Change]:
    """Changes by lameduck or by directive, and of the whole text if only its layout or comments change."""
    after = _read(edit.after)
    if (
        isinstance(start, NoStart)
        or start.base is CorefileBase.DESIRED
        or before is None
        or not isinstance(after, Reading)
    ):
        yield Change(Plane.ADDON, COREFILE, edit.before, edit.after)
        return
    if len(before.blocks) == len(after.blocks) and _moves_lameduck(start, before, after, edit.after):
        for old, new in zip(before.blocks, after.blocks, strict=True):
            if old.text != new.text:
                yield Change(Plane.ADDON, f'corefile["{new.label}"].health.lameduck', old.text, new.text)
        return
    rows = list(meaning_rows(start.text, str(edit.after)))
    yield from (Change(Plane.ADDON, *row) for row in rows)
    if not rows:
        yield Change(Plane.ADDON, COREFILE, edit.before, edit.after)


def _moves_lameduck(start: Start, before: Reading, after: Reading, text: object) -> bool:
    """Whether setting the new text's lameduck in the previous text results in exactly the new text."""
    changed = [new.text for old, new in zip(before.blocks, after.blocks, strict=True) if old.text != new.text]
    return len(changed) == 1 and with_lameduck_text(start, changed[0] or "0s") == text

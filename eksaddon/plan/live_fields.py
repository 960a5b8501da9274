"""Live settings next to the desired and the stored values; pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import assert_never

from eksaddon.corefile.diff.difference import (
    BlockAdded,
    BlockChange,
    BlockChanged,
    BlockRemoved,
    Difference,
    DirectiveChange,
    Incomparable,
    compare,
)
from eksaddon.corefile.diff.statements import Statement
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.live import (
    EKS_OWN,
    NAMED,
    NOT_NAMED,
    PERHAPS_NAMED,
    UNTOUCHED,
    Fates,
    LiveField,
)
from eksaddon.domain.workload import Budget, Owner, Workload, WorkloadState
from eksaddon.frozen import dataclass
from eksaddon.plan.budget.left import is_left
from eksaddon.plan.corefile_meaning import all_said
from eksaddon.plan.corefile_reading import Reading, read_corefile
from eksaddon.plan.workload_changes import workload_rows

EKS = "eks"
"""EKS's field manager for add-ons."""

HEALTH, LAMEDUCK = "health", "lameduck"


@dataclass(frozen=True, slots=True)
class Documents:
    """The add-on's configuration.

    Attributes:
        held: As stored by EKS.
        planned: After the plan.
    """

    held: JsonObject
    planned: JsonObject

    @property
    def is_scaled(self) -> bool:
        scaling = self.held.get("autoScaling")
        return isinstance(scaling, Mapping) and scaling.get("enabled") is True


def _text(values: JsonObject) -> str:
    found = values.get("corefile")
    return found if isinstance(found, str) and found.strip() else ""


def live_fields(
    documents: Documents, desired: DesiredState, workload: WorkloadState
) -> tuple[LiveField, ...]:
    """Settings that are desired, stored or edited; empty if the cluster was not read."""
    if not isinstance(workload, Workload):
        return ()
    return (
        *_corefile(documents, desired, workload),
        *_replicas(documents, desired, workload),
        *_budget(documents, desired, workload),
        *_termination(desired, workload),
        *_foreign(workload),
    )


def _replicas(documents: Documents, desired: DesiredState, workload: Workload) -> Iterator[LiveField]:
    held, wanted = documents.held.get("replicaCount"), desired.values.get("replicaCount")
    if held is None and wanted is None:
        return
    yield LiveField(
        "replicaCount",
        wanted,
        held,
        workload.replicas,
        workload.replicas_owner,
        _fates(held, workload.replicas, workload.replicas_owner),
        is_held=held is not None,
        is_compared=not (documents.is_scaled or workload.scalers),
    )


def _fates(held: Json, live: Json, owner: Owner | None) -> Fates:
    """Effects on a field that EKS's manifest sets if the configuration does; EKS's own value is not lost."""
    is_others = owner is not None and owner.manager != EKS
    if held == live or (held is None and not is_others):
        return UNTOUCHED
    if held is None:
        return PERHAPS_NAMED
    return NAMED if owner is None or is_others else EKS_OWN


def _budget(documents: Documents, desired: DesiredState, workload: Workload) -> Iterator[LiveField]:
    """A single budget can be compared; several are reported by another finding."""
    if len(workload.budgets) > 1:
        return
    held, wanted = (_mapping(each.get("podDisruptionBudget")) for each in (documents.held, desired.values))
    if is_left(documents.held, workload):
        path, is_wanted = "podDisruptionBudget.enabled", wanted.get("enabled")
        yield LiveField(path, is_wanted, held=False, live=True, fates=NOT_NAMED, is_held=True)
    for name, live in _limits(workload):
        stored, desired_text = _as_text(held.get(name)), _as_text(wanted.get(name))
        if stored is None and desired_text is None:
            continue
        path, fates = f"podDisruptionBudget.{name}", _fates(stored, live, None)
        yield LiveField(path, desired_text, stored, live, fates=fates, is_held=stored is not None)


def _limits(workload: Workload) -> Iterator[tuple[str, str | None]]:
    one = workload.budgets[0] if workload.budgets else Budget("")
    yield "minAvailable", one.min_available or None
    yield "maxUnavailable", one.max_unavailable or None


def _mapping(value: Json) -> JsonObject:
    return value if isinstance(value, Mapping) else {}


def _as_text(value: Json) -> str | None:
    return None if value is None else str(value)


def _termination(desired: DesiredState, workload: Workload) -> Iterator[LiveField]:
    """Fields of the Deployment, which no add-on configuration contains."""
    for row in workload_rows(desired, workload):
        is_others = row.owner is not None and row.owner.manager != EKS
        if row.wanted is not None or is_others:
            fates = NOT_NAMED if is_others else UNTOUCHED
            yield LiveField(row.path, row.wanted, None, row.live, row.owner, fates)


def _foreign(workload: Workload) -> Iterator[LiveField]:
    for each in workload.foreign:
        path = f"{each.kind} {each.path}"
        yield LiveField(path, None, None, each.value, each.owner, PERHAPS_NAMED, is_compared=False)


def _corefile(documents: Documents, desired: DesiredState, workload: Workload) -> Iterator[LiveField]:
    """Lameduck by server block, and other edits by directive."""
    planned, held, live = _text(documents.planned), _text(documents.held), workload.corefile or ""
    owner, fates = workload.corefile_owner, _fates(held or None, live or None, workload.corefile_owner)
    edit = partial(LiveField, owner=owner, fates=fates, is_held=True)
    difference = compare(held, live) if held and held != live else Difference()
    if not live:
        if held:
            yield edit("corefile", None, held, None)
        return
    if isinstance(difference, Incomparable):
        yield edit("corefile", None, held, live)
        return
    names_it = desired.lameduck is not None or "corefile" in desired.values
    wanted, stored, runs = (_lameducks(text) for text in (planned, held, live))
    for label in dict.fromkeys((*wanted, *stored, *runs)):
        is_edit = bool(held) and stored.get(label) != runs.get(label)
        if names_it or is_edit:
            row = edit(
                f'corefile["{label}"].health.lameduck', wanted.get(label), stored.get(label), runs.get(label)
            )
            yield row if is_edit else replace(row, fates=UNTOUCHED, is_held=bool(held))
    for change in difference.changes:
        yield from (edit(*parts) for parts in _row_start(change))


def _lameducks(text: str) -> Mapping[str, str]:
    reading = read_corefile(text) if text else None
    blocks = reading.blocks if isinstance(reading, Reading) else ()
    return {one.label: one.text for one in blocks if one.text is not None}


def _row_start(change: BlockChange) -> Iterator[tuple[str, None, str | None, str | None]]:
    """Path, desired, stored and live value of a row."""
    place = f'corefile["{" ".join(change.keys)}"]'
    match change:
        case BlockAdded():
            yield place, None, None, "a server block"
        case BlockRemoved():
            yield place, None, "a server block", None
        case BlockChanged(gained=gained, lost=lost, directives=directives):
            if gained or lost:
                yield f"{place} zones", None, " ".join(lost) or None, " ".join(gained) or None
            for one in directives:
                if not _is_only_lameduck(one):
                    yield f"{place}.{one.name}", None, all_said(one.before), all_said(one.after)
        case _:
            assert_never(change)


def _is_only_lameduck(change: DirectiveChange) -> bool:
    """Whether only lameduck changed, which has its own row."""
    return change.name == HEALTH and _without_lameduck(change.before) == _without_lameduck(change.after)


def _without_lameduck(statements: tuple[Statement, ...]) -> list[object]:
    return [
        (each.head.meaning, [one.meaning for one in each.properties if one.name != LAMEDUCK])
        for each in statements
    ]

"""Targets that need the same thing, shown once."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import canonical
from eksaddon.domain.plan import Change
from eksaddon.report.sheet import STATES, Entry, Sheet, State

GRAVITY = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic, and how many of a group have it.

    Attributes:
        diagnostic: The first one's; a location may differ from target to target.
    """

    diagnostic: Diagnostic
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Entries in the same state for the same reason with the same changes, in the sheet's order."""

    state: State
    entries: tuple[Entry, ...]

    @property
    def example(self) -> Entry:
        return self.entries[0]

    @property
    def versions(self) -> tuple[str, ...]:
        """The oldest first."""
        return tuple(sorted({entry.version for entry in self.entries if entry.version}, key=_numbers))

    @property
    def is_alike(self) -> bool:
        """Whether the explanation of the example is that of all."""
        return all(entry.reason == self.example.reason for entry in self.entries)

    def findings(self) -> tuple[Finding, ...]:
        """Every distinct diagnostic once, the gravest first."""
        found: dict[tuple[Severity, str, str, str], list[tuple[Diagnostic, Entry]]] = {}
        for entry in self.entries:
            for one in entry.diagnostics:
                key = (one.severity, one.rule, one.summary, one.detail)
                found.setdefault(key, []).append((one, entry))
        findings = [Finding(pairs[0][0], _distinct(pairs)) for pairs in found.values()]
        return tuple(sorted(findings, key=lambda finding: GRAVITY.index(finding.diagnostic.severity)))


def _numbers(version: str) -> tuple[tuple[int, ...], str]:
    return tuple(int(digits) for digits in re.findall(r"[0-9]{1,9}", version)), version


def _distinct(pairs: list[tuple[Diagnostic, Entry]]) -> tuple[Entry, ...]:
    return tuple({id(entry): entry for _, entry in pairs}.values())


def grouped(sheet: Sheet) -> tuple[Group, ...]:
    """State by state as they stand in the kind's states, the largest groups of a state first."""
    by_state: dict[str, list[Entry]] = {}
    for entry in sheet.entries:
        by_state.setdefault(entry.state, []).append(entry)
    return tuple(
        group for state in STATES[sheet.kind] for group in _alike(state, by_state.get(state.word, ()))
    )


def _alike(state: State, entries: Iterable[Entry]) -> list[Group]:
    found: dict[tuple[str, ...], list[Entry]] = {}
    keys = _Keys()
    for entry in entries:
        found.setdefault(keys.of(entry), []).append(entry)
    groups = [Group(state, tuple(members)) for members in found.values()]
    return sorted(groups, key=lambda group: -len(group.entries))


@dataclass(slots=True)
class _Keys:
    """What makes entries alike; a fleet shares its tuples of changes, so each is looked at once.

    Messages of AWS name the cluster, so with a cause it is the cause and the way out that count.
    """

    _known: dict[int, tuple[str, tuple[Change, ...]]] = field(default_factory=dict)

    def of(self, entry: Entry) -> tuple[str, ...]:
        return (entry.cause or entry.reason, entry.hint, self._changes(entry.changes))

    def _changes(self, changes: tuple[Change, ...]) -> str:
        known = self._known.get(id(changes))
        if known is None:
            text = canonical([[one.plane, one.path, one.before, one.after, one.note] for one in changes])
            known = self._known[id(changes)] = (text, changes)
        return known[0]


def numbered(groups: Iterable[Group]) -> Mapping[int, int]:
    """The group's number of each entry, by the entry's identity."""
    return {id(entry): number for number, group in enumerate(groups) for entry in group.entries}

"""Targets that need the same thing, shown once."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import canonical
from eksaddon.domain.plan import Change
from eksaddon.domain.run.outcome import OutcomeWord
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.states import STATES, Kind, State, Tone
from eksaddon.report.model.text import counted

UNWELL = State("unwell", "unhealthy", Tone.CHANGE, "!", "The add-on is there and not healthy")
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
    """Entries in the same state for the same reason, in the report's order.

    Attributes:
        kind: Of the report: kinds share states, so a state does not tell.
        changes: Of each of them; empty where they differ or nobody needs to see them again.
        is_brief: Findings are not told either.
    """

    kind: Kind
    state: State
    entries: tuple[Entry, ...]
    changes: tuple[Change, ...] = ()
    is_brief: bool = False

    @property
    def example(self) -> Entry:
        return self.entries[0]

    @property
    def size(self) -> str:
        """How many clusters, unless one of them stands for a whole region or account."""
        has_pseudo = any(entry.ref.name == "*" for entry in self.entries)
        return counted(len(self.entries), "target" if has_pseudo else "cluster")

    @property
    def reason(self) -> str:
        """In a few words, not escaped; empty where the state says it all."""
        reason = self.example.cause or self.example.reason
        return "" if reason == self.state.label else reason

    @property
    def versions(self) -> str:
        """The oldest and the newest add-on version, not escaped; `X to Y` would read like an upgrade."""
        found = sorted({entry.version for entry in self.entries if entry.version}, key=_numbers)
        return f"between {found[0]} and {found[-1]}" if len(found) > 1 else "".join(found)

    @property
    def is_alike(self) -> bool:
        """Whether the explanation of the example is that of all."""
        return all(entry.reason == self.example.reason for entry in self.entries)

    @property
    def for_example(self) -> str:
        """Stands before the explanation of the example where others have another."""
        return "" if self.is_alike else "for example: "

    def findings(self) -> tuple[Finding, ...]:
        """Every distinct diagnostic once, the gravest first."""
        if self.is_brief:
            return ()
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


def grouped(report_model: ReportModel) -> tuple[Group, ...]:
    """By changes too; state by state in the order of the kind, the largest groups of a state first."""

    def key(entry: Entry, keys: _Keys) -> tuple[str, ...]:
        return (*_why(entry), keys.changes(entry.changes), _edits(entry))

    return tuple(
        group
        for state, entries in _by_state(report_model)
        for group in _alike(report_model.kind, state, entries, key)
    )


def summed_up(report_model: ReportModel) -> tuple[Group, ...]:
    """As `grouped`, but of a run only what was changed is told in full: the plan has told the rest."""
    if report_model.kind is not Kind.RUN:
        return grouped(report_model)
    full = [group for group in grouped(report_model) if group.state.word == OutcomeWord.CHANGED]
    brief = [
        replace(group, changes=(), is_brief=True)
        for state, entries in _by_state(report_model)
        if state.word != OutcomeWord.CHANGED
        for group in _alike(report_model.kind, state, entries, lambda entry, _: _why(entry))
    ]
    order = [state.word for state in STATES[report_model.kind]]
    changed = [replace(group, is_brief=True) for group in full]
    return tuple(sorted((*changed, *brief), key=lambda group: order.index(group.state.word)))


def unwell(report_model: ReportModel) -> tuple[Group, ...]:
    """Of a status only what needs a look: what could not be read, and add-ons with findings."""

    def key(entry: Entry, _: _Keys) -> tuple[str, ...]:
        return tuple(one.summary for one in entry.diagnostics)

    lost = [group for group in grouped(report_model) if group.example.cause]
    ill = [entry for entry in report_model.entries if not entry.cause and entry.diagnostics]
    return (*lost, *_alike(report_model.kind, UNWELL, ill, key))


def _by_state(report_model: ReportModel) -> Iterator[tuple[State, list[Entry]]]:
    found: dict[str, list[Entry]] = {}
    for entry in report_model.entries:
        found.setdefault(entry.state, []).append(entry)
    return ((state, found.get(state.word, [])) for state in STATES[report_model.kind])


def _why(entry: Entry) -> tuple[str, ...]:
    """Messages of AWS name the cluster, so with a cause it is the cause and the way out that count."""
    return (entry.cause or entry.reason, entry.hint)


def _edits(entry: Entry) -> str:
    """What somebody set in the cluster, whoever and whenever; most clusters have none."""
    edits = [[one.path, one.held, one.live] for one in entry.live if one.is_foreign]
    return canonical(edits) if edits else ""


def _alike(
    kind: Kind, state: State, entries: Iterable[Entry], key: Callable[[Entry, "_Keys"], tuple[str, ...]]
) -> list[Group]:
    found: dict[tuple[str, ...], list[Entry]] = {}
    keys = _Keys()
    for entry in entries:
        found.setdefault(key(entry, keys), []).append(entry)
    groups = [Group(kind, state, tuple(members), members[0].changes) for members in found.values()]
    return sorted(groups, key=lambda group: -len(group.entries))


@dataclass(slots=True)
class _Keys:
    """What makes changes alike; a fleet shares its tuples of changes, so each is looked at once."""

    _known: dict[int, tuple[str, tuple[Change, ...]]] = field(default_factory=dict)

    def changes(self, changes: tuple[Change, ...]) -> str:
        known = self._known.get(id(changes))
        if known is None:
            text = canonical([[one.plane, one.path, one.before, one.after, one.note] for one in changes])
            known = self._known[id(changes)] = (text, changes)
        return known[0]


def numbered(groups: Iterable[Group]) -> Mapping[int, int]:
    """The group's number of each entry, by the entry's identity."""
    return {id(entry): number for number, group in enumerate(groups) for entry in group.entries}

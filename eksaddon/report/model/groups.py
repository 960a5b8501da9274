"""Groups targets with the same state, reason and changes."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from eksaddon.domain.audit.verdict import Level
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import canonical
from eksaddon.domain.plan import Change
from eksaddon.domain.run.outcome import OutcomeWord
from eksaddon.frozen import dataclass
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.states import STATES, Kind, State, Tone
from eksaddon.report.model.text import counted
from eksaddon.rules.audit.commands import general

UNHEALTHY = State("unwell", "unhealthy", Tone.CHANGE, "!", "The add-on exists, but is not healthy")
GRAVITY = (Severity.ERROR, Severity.WARNING, Severity.INFO)


FindingKey = tuple[Severity, str, str, str]
"""Severity, rule, summary and detail without the target's name."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic, and the entries of a group that have it.

    Attributes:
        diagnostic: That of the first entry; locations can differ between targets.
    """

    diagnostic: Diagnostic
    entries: tuple[Entry, ...]
    key: FindingKey


@dataclass(frozen=True, slots=True)
class Group:
    """Entries in the same state for the same reason, in the report's order.

    Attributes:
        kind: Kind of the report, which the state does not determine because kinds share states.
        changes: Changes of every entry; empty if they differ or were shown before.
        is_brief: Whether findings are omitted too.
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
        """Number of clusters, or of targets if one of them represents a whole region or account."""
        has_pseudo = any(entry.ref.name == "*" for entry in self.entries)
        return counted(len(self.entries), "target" if has_pseudo else "cluster")

    @property
    def reason(self) -> str:
        """Short reason, not escaped; empty if it equals the state's label."""
        reason = self.example.cause or self.example.reason
        return "" if reason == self.state.label else reason

    @property
    def versions(self) -> str:
        """Range of add-on versions, not escaped; avoids `X to Y`, which reads like an upgrade."""
        found = sorted({entry.version for entry in self.entries if entry.version}, key=_numbers)
        text = f"between {found[0]} and {found[-1]}" if len(found) > 1 else "".join(found)
        without = sum(not entry.version for entry in self.entries)
        return f"{text}, {without:,} without a version" if text and without else text

    @property
    def is_alike(self) -> bool:
        """Whether all entries have the same reason as the example."""
        return all(entry.reason == self.example.reason for entry in self.entries)

    @property
    def for_example(self) -> str:
        """Prefix of the example's explanation if other entries have different ones."""
        return "" if self.is_alike else _FOR_EXAMPLE

    @property
    def hint(self) -> str:
        """What to do, not escaped; as an example if it names other targets elsewhere."""
        return self.example.hint if self._has_one_hint else _FOR_EXAMPLE + self.example.hint

    @property
    def first_step(self) -> tuple[str, str]:
        """What an audit says to do first, not escaped, and its label; none where the group has a cause."""
        if self.kind is not Kind.AUDIT or self.example.cause:
            return "", ""
        return ("first" if self._has_one_hint else "first, for example"), self.example.hint

    @property
    def _has_one_hint(self) -> bool:
        return all(entry.hint == self.example.hint for entry in self.entries)

    def findings(self) -> tuple[Finding, ...]:
        """Distinct diagnostics, most severe first."""
        if self.is_brief:
            return ()
        found: dict[FindingKey, list[tuple[Diagnostic, Entry]]] = {}
        for entry in self.entries:
            for one in entry.diagnostics:
                found.setdefault(finding_key(one, entry), []).append((one, entry))
        findings = [Finding(_example(pairs), _distinct(pairs), key) for key, pairs in found.items()]
        return tuple(sorted(findings, key=_gravity))


def finding_key(one: Diagnostic, entry: Entry) -> FindingKey:
    """Equal for findings of several targets that differ only by the target in their commands."""
    return (one.severity, one.rule, one.summary, general(one.detail, entry.ref) if one.detail else "")


def _example(pairs: Sequence[tuple[Diagnostic, Entry]]) -> Diagnostic:
    """The first diagnostic; its commands are an example if those of other targets differ."""
    first = pairs[0][0]
    is_same = all(one.detail == first.detail for one, _ in pairs)
    return first if is_same else replace(first, detail=_FOR_EXAMPLE + first.detail)


_FOR_EXAMPLE = "for example: "


def _gravity(finding: Finding) -> tuple[int, bool]:
    """Notes of an audit come after its low reasons, which have the same severity."""
    one = finding.diagnostic
    return GRAVITY.index(one.severity), one.label == Level.NOTE


def _numbers(version: str) -> tuple[tuple[int, ...], str]:
    return tuple(int(digits) for digits in re.findall(r"[0-9]{1,9}", version)), version


def _distinct(pairs: list[tuple[Diagnostic, Entry]]) -> tuple[Entry, ...]:
    return tuple({id(entry): entry for _, entry in pairs}.values())


def grouped(report_model: ReportModel) -> tuple[Group, ...]:
    """Group by state, reason and changes; in the kind's order of states, largest groups first."""

    def key(entry: Entry, keys: _Keys) -> tuple[str, ...]:
        weakens = "; ".join(map(str, entry.weakens))
        unread = "; ".join(entry.unread)
        return (*_why(entry), keys.changes(entry.changes), _edits(entry), weakens, unread)

    return tuple(
        group
        for state, entries in _by_state(report_model)
        for group in _group(report_model.kind, state, entries, key)
    )


def summarized(report_model: ReportModel) -> tuple[Group, ...]:
    """Group like `grouped`, but show only changed targets of a run in full: the plan showed the rest."""
    if report_model.kind is not Kind.RUN:
        return grouped(report_model)
    full = [group for group in grouped(report_model) if group.state.word == OutcomeWord.CHANGED]
    brief = [
        replace(group, changes=(), is_brief=True)
        for state, entries in _by_state(report_model)
        if state.word != OutcomeWord.CHANGED
        for group in _group(report_model.kind, state, entries, lambda entry, _: _why(entry))
    ]
    order = [state.word for state in STATES[report_model.kind]]
    changed = [replace(group, is_brief=True) for group in full]
    return tuple(sorted((*changed, *brief), key=lambda group: order.index(group.state.word)))


def unhealthy_groups(report_model: ReportModel) -> tuple[Group, ...]:
    """Groups of a status that need attention: unreadable targets, and add-ons with findings."""

    def key(entry: Entry, _: _Keys) -> tuple[str, ...]:
        return tuple(one.summary for one in entry.diagnostics)

    unreadable = [group for group in grouped(report_model) if group.example.cause]
    unhealthy = [entry for entry in report_model.entries if not entry.cause and entry.diagnostics]
    return (*unreadable, *_group(report_model.kind, UNHEALTHY, unhealthy, key))


def _by_state(report_model: ReportModel) -> Iterator[tuple[State, list[Entry]]]:
    found: dict[str, list[Entry]] = {}
    for entry in report_model.entries:
        found.setdefault(entry.state, []).append(entry)
    return ((state, found.get(state.word, [])) for state in STATES[report_model.kind])


def _why(entry: Entry) -> tuple[str, ...]:
    """Key of an entry's reason: the cause if any, because messages of AWS contain the cluster's name."""
    return (entry.cause or entry.reason, general(entry.hint, entry.ref) if entry.hint else "")


def _edits(entry: Entry) -> str:
    """Live edits, without manager and time; most clusters have none."""
    edits = [[one.path, one.held, one.live] for one in entry.live if one.is_foreign]
    return canonical(edits) if edits else ""


def _group(
    kind: Kind, state: State, entries: Iterable[Entry], key: Callable[[Entry, "_Keys"], tuple[str, ...]]
) -> list[Group]:
    found: dict[tuple[str, ...], list[Entry]] = {}
    keys = _Keys()
    for entry in entries:
        found.setdefault(key(entry, keys), []).append(entry)
    groups = [Group(kind, state, tuple(members), members[0].changes) for members in found.values()]
    return sorted(groups, key=lambda group: (_worst_grade_first(group), -len(group.entries)))


def _worst_grade_first(group: Group) -> int:
    """Groups of other reports have no grade, and are equal."""
    return -ord(group.example.grade[0]) if group.example.grade else 0


@dataclass(slots=True)
class _Keys:
    """Caches the keys of changes by identity, because the entries of a fleet share tuples of changes."""

    _known: dict[int, tuple[str, tuple[Change, ...]]] = field(default_factory=dict)

    def changes(self, changes: tuple[Change, ...]) -> str:
        known = self._known.get(id(changes))
        if known is None:
            text = canonical([[one.plane, one.path, one.before, one.after, one.note] for one in changes])
            known = self._known[id(changes)] = (text, changes)
        return known[0]


def numbered(groups: Iterable[Group]) -> Mapping[int, int]:
    """Index of the group of each entry, by `id(entry)`."""
    return {id(entry): number for number, group in enumerate(groups) for entry in group.entries}

"""Formats values and names for output; untrusted text is escaped for a terminal."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.json import Json
from eksaddon.domain.last_update import LastUpdate
from eksaddon.domain.live import LiveField
from eksaddon.domain.plan import Change
from eksaddon.domain.probing.figures import probe_text
from eksaddon.domain.probing.gate import PROBE
from eksaddon.domain.run.result import ProbeResult, WaveResult
from eksaddon.report.escape import terminal
from eksaddon.report.model.model import Entry
from eksaddon.report.model.options import UNICODE, Glyphs
from eksaddon.report.model.states import MOVING

LONGEST_VALUE = 60


def counted(number: int, word: str) -> str:
    return f"{number:,} {word}" + ("" if number == 1 else "s")


def joined(parts: Iterable[str], glyphs: Glyphs = UNICODE) -> str:
    return f" {glyphs.dot} ".join(part for part in parts if part)


def value_text(value: Json, glyphs: Glyphs = UNICODE) -> str:
    """A value in one short line; `not set` for None."""
    if value is None:
        return "not set"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = terminal(text)
    return line if len(line) <= LONGEST_VALUE else f"{line[: LONGEST_VALUE - 1]}{glyphs.cut}"


def weakening_text(number: int) -> str:
    """As `2 weaken DNS`; empty for none."""
    return f"{number:,} {'weakens' if number == 1 else 'weaken'} DNS" if number else ""


def is_weaker(change: Change, entry: Entry) -> bool:
    """Whether a change leaves cluster DNS with less protection."""
    return any(one.marks(change.path) for one in entry.weakens)


def is_text(change: Change) -> bool:
    """Whether to show a change as a line diff."""
    return any(isinstance(side, str) and "\n" in side for side in (change.before, change.after))


def moves(entry: Entry) -> bool:
    """Whether the reason is only a number of changes, so that the paths are more informative."""
    refused = any(one.severity is Severity.ERROR for one in entry.diagnostics)
    return entry.state in MOVING and bool(entry.changes) and not refused


def paths_text(changes: Iterable[Change]) -> str:
    """Paths of the applied changes, without values; not escaped."""
    return ", ".join(change.path for change in changes if not change.note)


def account_text(entry: Entry) -> str:
    """The account's name, or its id without a name."""
    return terminal(entry.account_name) or terminal(entry.ref.account)


def scope_text(entry: Entry) -> str:
    """Account and region; only the account if the region is unknown."""
    region = "" if entry.ref.region == "*" else terminal(entry.ref.region)
    return "/".join(part for part in (account_text(entry), region) if part)


def name_text(entry: Entry) -> str:
    if entry.ref.name != "*":
        return terminal(entry.ref.name)
    return "whole account" if entry.ref.region == "*" else "whole region"


def target_text(entry: Entry) -> str:
    """Account, region and cluster as one path."""
    return "/".join(part for part in (scope_text(entry), name_text(entry)) if part)


def short_names(entries: Iterable[Entry], among: Iterable[Entry]) -> list[str]:
    """Cluster names; with account and region where several of `among` have the same name."""
    counts = Counter(entry.ref.name for entry in among)
    return [name_text(entry) if counts[entry.ref.name] == 1 else target_text(entry) for entry in entries]


def by_scope(entries: Iterable[Entry]) -> list[tuple[str, list[str]]]:
    """Scopes with their cluster names, largest first."""
    scopes: dict[str, list[str]] = {}
    for entry in entries:
        scopes.setdefault(scope_text(entry), []).append(name_text(entry))
    return sorted(scopes.items(), key=lambda pair: -len(pair[1]))


def cut_scopes(scopes: Sequence[tuple[str, list[str]]], most: int) -> str:
    """Summary of the scopes after the first `most`; empty if there are none."""
    remaining = sum(len(names) for _, names in scopes[most:])
    if not remaining:
        return ""
    scope_count = len(scopes) - most
    return f"and {counted(remaining, 'cluster')} in {counted(scope_count, 'more place')}"


def listed(names: Sequence[str], most: int) -> str:
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most:,} more"


def fitting(names: Sequence[str], most: int, columns: int) -> str:
    """As many names as fit in a line, at least one."""
    candidates = (listed(names, count) for count in range(min(most, len(names)), 1, -1))
    return next((line for line in candidates if len(line) <= columns), listed(names, 1))


def unlisted_edits(entry: Entry) -> tuple[LiveField, ...]:
    """Live edits that no change shows."""
    changed_paths = {change.path for change in entry.changes}
    return tuple(field for field in entry.live if field.deviates and field.path not in changed_paths)


def edit_text(field: LiveField) -> str:
    """Format an edit: `replicaCount: live 5, in EKS 2 (kubectl)`; escaped for a terminal."""
    suffix = f" ({terminal(field.owner.manager)})" if field.owner else ""
    return f"{terminal(field.path)}: live {value_text(field.live)}, in EKS {value_text(field.held)}{suffix}"


def update_text(found: LastUpdate) -> str:
    """Format an update: `2026-05-01 10:22 UTC Successful: ConfigurationValues`; not escaped."""
    if not found.at:
        return f"{found.status}: {found.detail}" if found.detail else "no update known to EKS"
    head = f"{datetime.fromtimestamp(found.at, UTC):%Y-%m-%d %H:%M} UTC {found.status}"
    return ": ".join(part for part in (head, ", ".join(found.sent), found.detail) if part)


def wave_terms(wave: WaveResult) -> str:
    """Terms of a wave, or why it has none: `5 in parallel, soak 30 min, probe`."""
    reason = within_wave(wave.reason, wave.name)
    if not wave.targets:
        return reason or "no targets to change: skipped"
    parts = [f"{wave.at_once:,} in parallel"]
    if wave.soak:
        parts.append(f"soak {_span(wave.soak)}")
    parts += [_gate_text(gate, wave) for gate in wave.gates]
    return ", ".join((*parts, *([reason] if reason else [])))


def within_wave(reason: str, wave: str) -> str:
    """A reason where the wave is named already."""
    return reason.removeprefix(f"wave {wave}: ")


def _gate_text(gate: str, wave: WaveResult) -> str:
    if gate == PROBE and wave.probe is not None:
        return probe_summary(wave.probe)
    is_given = gate == "approval" and wave.approved_by
    return f"approved by {wave.approved_by}" if is_given else gate


def probe_summary(probe: ProbeResult) -> str:
    """`probe pass: 0 of 12,000 lookups lost in 3 clusters`."""
    gap = f"; not measured for {probe.unmeasured:.0f} s" if probe.unmeasured else ""
    going = "" if probe.is_over else " (not complete)"
    return f"probe {probe.verdict.value}{going}: {probe_text(probe.clusters)}{gap}"


def _span(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, remaining = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "min"), (remaining, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def seconds_text(seconds: float) -> str:
    """Such as `25s` or `12.5s`, with every digit to the nanosecond."""
    return f"{seconds:.9f}".rstrip("0").rstrip(".") + "s"

"""The change of the add-on version in a plan, and what it brings; pure."""

from collections.abc import Iterator

from eksaddon.corefile.syntax.versions import NEWEST_KNOWN, show_version
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import JsonObject
from eksaddon.domain.plan import Change, Plane
from eksaddon.domain.versions.offered import VersionMove
from eksaddon.rules.version.choice import DOWNGRADE, is_downgrade
from eksaddon.schema import NoDefault, default_corefile, membership, parse_version

VERSION_PATH = "addonVersion"

BRINGS_KEYS = "version-keys"
BRINGS_COREFILE = "version-default-corefile"
BRINGS_BUDGET = "version-budget"
UNKNOWN_COREDNS = "version-unknown"
"""Rules of findings about what a version brings."""

_BUDGET, _COREFILE = "podDisruptionBudget", "corefile"


def version_changes(move: VersionMove | None) -> tuple[Change, ...]:
    """The version as a change of the add-on plane."""
    return () if move is None else (Change(Plane.ADDON, VERSION_PATH, move.before, move.after),)


def version_findings(
    move: VersionMove | None, planned: JsonObject, *, allows_downgrade: bool
) -> Iterator[Diagnostic]:
    """What a move brings, and whether it needs consent.

    Args:
        planned: configurationValues after the plan.
    """
    if move is None:
        return
    yield from _downgrade(move, allows_downgrade=allows_downgrade)
    yield from _newer_than_rules(move)
    yield from _keys(move, planned)
    yield from _budget(move, planned)
    yield from _default_corefile(move, planned)


def _downgrade(move: VersionMove, *, allows_downgrade: bool) -> Iterator[Diagnostic]:
    if not is_downgrade(move.before, move.after):
        return
    summary = f"{move.after} is a downgrade from {move.before}"
    if allows_downgrade:
        detail = "objects that the newer version created stay, such as its PodDisruptionBudget"
        yield Diagnostic(Severity.WARNING, DOWNGRADE, summary, detail)
        return
    detail = "--allow-downgrade (fleet file: allowDowngrade) applies it"
    yield Diagnostic(Severity.ERROR, DOWNGRADE, summary, detail)


def _newer_than_rules(move: VersionMove) -> Iterator[Diagnostic]:
    """A CoreDNS that was released after this eksdns: its rules for Corefiles are not known."""
    parsed = parse_version(move.after)
    if parsed is None or parsed.coredns <= NEWEST_KNOWN:
        return
    newest = show_version(NEWEST_KNOWN)
    summary = f"the Corefile is checked by the rules of CoreDNS {newest}: those of {move.after} are not known"
    detail = "try it with `--try-corefile` and a CoreDNS of that version, or update eksdns"
    yield Diagnostic(Severity.WARNING, UNKNOWN_COREDNS, summary, detail)


def _keys_of(version: str) -> frozenset[str] | None:
    parsed = parse_version(version)
    found = None if parsed is None else membership(parsed)
    return None if found is None else found.group.keys


def _keys(move: VersionMove, planned: JsonObject) -> Iterator[Diagnostic]:
    before, after = _keys_of(move.before), _keys_of(move.after)
    if before is None or after is None:
        return
    if new := sorted(after - before):
        yield Diagnostic(Severity.INFO, BRINGS_KEYS, f"{move.after} has new keys: {', '.join(new)}", "")
    if gone := sorted(before - after):
        used = [key for key in gone if key in planned]
        detail = f"remove {', '.join(used)} from the configuration first" if used else ""
        yield Diagnostic(
            Severity.INFO, BRINGS_KEYS, f"{move.after} no longer has the keys {', '.join(gone)}", detail
        )


def _budget(move: VersionMove, planned: JsonObject) -> Iterator[Diagnostic]:
    """A PodDisruptionBudget that EKS creates with the new version, unless it is disabled."""
    before, after = _keys_of(move.before), _keys_of(move.after)
    if before is None or after is None or _BUDGET in before or _BUDGET not in after:
        return
    budget = planned.get(_BUDGET)
    if isinstance(budget, dict) and budget.get("enabled") is False:
        return
    summary = f"EKS creates a PodDisruptionBudget with {move.after}, by default with maxUnavailable 1"
    detail = "another PodDisruptionBudget that selects the same pods prevents their eviction; remove it first"
    yield Diagnostic(Severity.WARNING, BRINGS_BUDGET, summary, detail)


def _default_corefile(move: VersionMove, planned: JsonObject) -> Iterator[Diagnostic]:
    """EKS's default Corefile could change with the version, if the configuration has none.

    All defaults that are known are the same text.
    """
    text = planned.get(_COREFILE)
    if isinstance(text, str) and text.strip():
        return
    for version in (move.before, move.after):
        default = default_corefile(parse_version(version))
        if isinstance(default, NoDefault):
            summary = f"the Corefile may change: the configuration has none, and {default.reason}"
            yield Diagnostic(Severity.WARNING, BRINGS_COREFILE, summary, "`drift --live` shows the live one")
            return

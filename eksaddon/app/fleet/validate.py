"""Validates a fleet file offline, layer by layer."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from eksaddon.app.fleet.names import refuse_unknown_matches
from eksaddon.config.findings import fleet_findings
from eksaddon.config.fleet import FleetFile, Settings
from eksaddon.config.load import find_fleet_file, load_fleet
from eksaddon.config.resolve import desired_state, merge
from eksaddon.discover.accounts import Found
from eksaddon.domain.diagnostic import Diagnostic
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.observed import Managed
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import STOCK_GRACE_SECONDS, Workload
from eksaddon.frozen import dataclass
from eksaddon.plan.inputs import Situation
from eksaddon.plan.planner import resolve
from eksaddon.rules.pdb_keys import KEY, LIMITS, two_limits
from eksaddon.schema import AddonSchema, packaged_schema

OFFLINE = Workload(replicas=0, grace_seconds=STOCK_GRACE_SECONDS, pre_stop_seconds=0, corefile=None)
"""Assumes an unmodified Deployment, so that only the file's values are effective."""
ABOUT_A_CLUSTER = frozenset(
    {
        "corefile-frozen",
        "corefile-mismatch",
        "corefile-unknown",
        "readiness-probe",
        "reload-deadlock",
        "weakens-dns",
        "workload-not-checked",
    }
)
"""Findings that do not concern the file itself."""

BUDGET_LIMITS = frozenset((KEY, limit) for limit in LIMITS)
"""Keys of settings."""


@dataclass(frozen=True, slots=True)
class Validated:
    """The result of a validation.

    Attributes:
        diagnostics: Each with its layer.
    """

    source: str
    diagnostics: tuple[tuple[str, Diagnostic], ...]


def validate(config: Path | None, version: str | None, *, strict: bool) -> Validated:
    """Check the structure, and with a version also the values.

    Raises:
        EksdnsError: The file is missing or invalid, has names that its accounts do not have, or the
            version's schema is unknown.
    """
    path = find_fleet_file(config, os.environ, Path())
    if path is None:
        raise EksdnsError(
            "no fleet file found",
            hint="give a path, or create one with `eksdns init`",
            exit_code=ExitCode.USAGE,
        )
    fleet = load_fleet(path)
    if not fleet.organization:
        refuse_unknown_matches(fleet, Found(fleet.accounts))
    found = [("fleet file", one) for one in fleet_findings(fleet, datetime.now(UTC).date())]
    found += _double_limits(fleet)
    if version is not None:
        found += _by_version(fleet, version, strict=strict)
    return Validated(str(path), tuple(found))


def _double_limits(fleet: FleetFile) -> Iterator[tuple[str, Diagnostic]]:
    """Budgets that no version accepts: two limits, which can come from two layers."""
    for layer, settings in _layers(fleet):
        limits = [
            setting
            for keys, setting in merge(settings).items()
            if keys in BUDGET_LIMITS and setting.value is not None
        ]
        if len(limits) > 1:
            yield layer, replace(two_limits(), location=limits[-1].origin.location)


def _by_version(fleet: FleetFile, version: str, *, strict: bool) -> Iterator[tuple[str, Diagnostic]]:
    schema = packaged_schema(version)
    if not isinstance(schema, AddonSchema):
        raise EksdnsError(
            f"unknown add-on version {version}",
            hint="example: v1.11.4-eksbuild.28; `aws eks describe-addon-versions` lists all versions",
            exit_code=ExitCode.USAGE,
        )
    fresh = Managed(ClusterRef("", "", ""), version, "ACTIVE", None)
    for layer, settings in _layers(fleet):
        desired = replace(desired_state(merge(settings), ()), version=None)  # known about a cluster only
        for diagnostic in resolve(Situation(fresh, desired, OFFLINE, schema, strict)).diagnostics:
            if diagnostic.rule not in ABOUT_A_CLUSTER:
                yield layer, diagnostic


def _layers(fleet: FleetFile) -> Iterator[tuple[str, Settings]]:
    yield "coredns", fleet.settings
    for number, override in enumerate(fleet.overrides):
        yield f"overrides[{number}]", fleet.settings + override.settings

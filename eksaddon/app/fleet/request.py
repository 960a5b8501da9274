"""Parsed options of a command line."""

from dataclasses import field
from pathlib import Path

from eksaddon.domain.desired import CorefileSource, ResolveConflicts
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.selection import ClusterPattern, Selection, arn_fault, read_cluster_pattern
from eksaddon.domain.shards.shard import Shard
from eksaddon.domain.target import Labels
from eksaddon.frozen import dataclass

IS_OPTION = "is_option"
"""Metadata of a field; False if commands with the group do not have it as an option."""


@dataclass(frozen=True, slots=True)
class TargetRequest:
    """Selection of clusters.

    Attributes:
        everything: `--all`.
        labels: As given, `key=value`.
        role: Replaces the last role of every account with a role; empty for none.
        threads: Maximum number of parallel AWS calls.
        shard: Only accounts of this part; set by commands that only read.
    """

    clusters: tuple[str, ...] = ()
    everything: bool = False
    regions: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    not_accounts: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    accounts_file: Path | None = None
    config: Path | None = None
    role: str = ""
    threads: int = 64
    shard: Shard | None = field(default=None, metadata={IS_OPTION: False})

    @property
    def is_chosen(self) -> bool:
        return bool(self.clusters or self.everything or self.accounts or self.labels or self.units)

    def selection(self) -> Selection:
        """Convert to a Selection.

        Raises:
            EksdnsError: Invalid name or label, or both `--all` and `--cluster`.
        """
        if self.everything and self.clusters:
            raise EksdnsError(
                "--all and --cluster contradict each other",
                hint=f"remove --all for {', '.join(self.clusters)} only, or --cluster for every cluster",
                exit_code=ExitCode.USAGE,
            )
        return Selection(
            clusters=tuple(_pattern(text) for text in self.clusters),
            accounts=self.accounts,
            not_accounts=self.not_accounts,
            regions=self.regions,
            labels=read_labels(self.labels),
            units=self.units,
        )


@dataclass(frozen=True, slots=True)
class DesiredRequest:
    """Desired values of the command line, as given."""

    addon_version: str | None = None
    lameduck: str | None = None
    replicas: int | None = None
    pdb_max_unavailable: str | None = None
    grace: str | None = None
    pre_stop: str | None = None
    readiness_period: str | None = None
    readiness_failures: int | None = None
    readiness_timeout: str | None = None
    propagation: str | None = None
    corefile_set: tuple[str, ...] = ()
    remove_disabled_budget: bool = False
    resolve_conflicts: ResolveConflicts | None = None
    corefile_base: CorefileSource | None = None
    allow_unverified_workload: bool = False
    allow_weaken: bool = False
    allow_downgrade: bool = False
    force_conflicts: bool = False
    no_live: bool = False
    strict: bool = False


def _pattern(text: str) -> ClusterPattern:
    found = read_cluster_pattern(text)
    if found is None:
        fault = arn_fault(text)
        raise EksdnsError(
            f"invalid ARN {text!r}: {fault}" if fault else f"invalid cluster name {text!r}",
            hint="an ARN is arn:PARTITION:eks:REGION:ACCOUNT:cluster/NAME"
            if fault
            else "use a name, an ARN, account/region/name, or a glob (example: 'prod-*')",
            exit_code=ExitCode.USAGE,
        )
    return found


def read_labels(texts: tuple[str, ...]) -> Labels:
    pairs = []
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise EksdnsError(
                f"invalid label {text!r}, expected key=value",
                hint="example: --label env=prod",
                exit_code=ExitCode.USAGE,
            )
        pairs.append((key, value))
    return tuple(sorted(pairs))

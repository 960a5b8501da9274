"""Which targets are meant: by the fleet file's `match` and `select`, and by the command line."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from eksaddon.domain.target import Account, ClusterRef, Labels, Scope, Target

UNIT = "path"
"""The label that holds an organizational unit, as `/Workloads/Prod`; c7n-org writes it for every level."""

CLUSTER_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}")
"""EKS's clusterName (source: eks 2017-11-01 model), anchored."""

_GLOB = re.compile(r"[*?\[]")
_PATTERN = re.compile(r"[0-9A-Za-z_*?\[\]!-]{1,200}")
_ARN = re.compile(r"arn:[a-z*-]+:eks:([^:/]*):([^:/]*):cluster/([^:/]+)")


def is_glob(pattern: str) -> bool:
    return _GLOB.search(pattern) is not None


def any_glob(patterns: tuple[str, ...], *texts: str) -> bool:
    """Whether a text matches a pattern; without patterns everything does. Case counts."""
    return not patterns or any(fnmatchcase(text, pattern) for pattern in patterns for text in texts)


def has_label(labels: Labels, key: str, patterns: tuple[str, ...]) -> bool:
    return any(name == key and any_glob(patterns, value) for name, value in labels)


def in_unit(labels: Labels, units: tuple[str, ...]) -> bool:
    """Whether one of the units, or one below it, holds the account; without units every account is in."""
    paths = [value for name, value in labels if name == UNIT]
    return not units or any(
        path == unit or path.startswith(f"{unit}/")
        for path in paths
        for unit in (unit.rstrip("/") for unit in units)
    )


LabelPatterns = tuple[tuple[str, tuple[str, ...]], ...]
"""For each key the globs of which one has to match."""


@dataclass(frozen=True, slots=True)
class Match:
    """Every part that is given has to agree; in each part one glob is enough.

    Attributes:
        accounts: Against id and name.
        units: Organizational units, with those below.
    """

    clusters: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    labels: LabelPatterns = ()
    units: tuple[str, ...] = ()

    def matches(self, target: Target) -> bool:
        ref = target.ref
        return (
            any_glob(self.clusters, ref.name)
            and any_glob(self.accounts, ref.account, target.account_name)
            and any_glob(self.regions, ref.region)
            and all(has_label(target.labels, key, patterns) for key, patterns in self.labels)
            and in_unit(target.labels, self.units)
        )


@dataclass(frozen=True, slots=True)
class ClusterPattern:
    """One `--cluster`: each part a glob.

    Attributes:
        text: As it was given.
        account: Against id and name.
    """

    text: str
    name: str
    account: str = "*"
    region: str = "*"

    @property
    def is_exact(self) -> bool:
        """Whether it can mean only one cluster of an account and region."""
        return not is_glob(self.name)

    def may_be_in(self, scope: Scope, account_name: str) -> bool:
        return any_glob((self.account,), scope.account, account_name) and fnmatchcase(
            scope.region, self.region
        )

    def matches(self, ref: ClusterRef, account_name: str) -> bool:
        return self.may_be_in(ref.scope, account_name) and fnmatchcase(ref.name, self.name)


def read_cluster_pattern(text: str) -> ClusterPattern | None:
    """Read a name, an ARN, or account/region/name as output prints it; None for what is none of them."""
    if found := _ARN.fullmatch(text):
        region, account, name = found.groups()
    elif text.count("/") == 2:  # noqa: PLR2004  # account/region/name
        account, region, name = text.split("/")
    else:
        account, region, name = "*", "*", text
    fits = CLUSTER_NAME if not is_glob(name) else _PATTERN
    return ClusterPattern(text, name, account or "*", region or "*") if fits.fullmatch(name) else None


@dataclass(frozen=True, slots=True)
class Selection:
    """What the command line asks for; an empty part asks for everything.

    Attributes:
        accounts: Globs against id and name.
        labels: All of them, each with one glob.
        units: Organizational units, with those below.
    """

    clusters: tuple[ClusterPattern, ...] = ()
    accounts: tuple[str, ...] = ()
    not_accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    labels: Labels = ()
    units: tuple[str, ...] = ()

    def refusal(self, account: Account) -> str:
        """Why an account is left out by its id, name or unit; empty if it is not."""
        if not any_glob(self.accounts, account.id, account.name):
            return "not selected by --account"
        if self.not_accounts and any_glob(self.not_accounts, account.id, account.name):
            return "excluded by --not-account"
        return "" if in_unit(account.labels, self.units) else "not selected by --ou"

    def takes_region(self, region: str) -> bool:
        return any_glob(self.regions, region)

    def takes_labels(self, labels: Labels) -> bool:
        return all(has_label(labels, key, (pattern,)) for key, pattern in self.labels)

    def takes_cluster(self, ref: ClusterRef, account_name: str) -> bool:
        return not self.clusters or any(pattern.matches(ref, account_name) for pattern in self.clusters)

    def matches(self, target: Target) -> bool:
        ref = target.ref
        account = Account(ref.account, target.account_name, labels=target.labels)
        return (
            not self.refusal(account)
            and self.takes_region(ref.region)
            and self.takes_labels(target.labels)
            and self.takes_cluster(ref, target.account_name)
        )

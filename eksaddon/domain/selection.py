"""Selection of targets: `match` and `select` of the fleet file, and the command line options."""

from fnmatch import fnmatchcase

from eksaddon.domain.geography import region_partition
from eksaddon.domain.target import Account, ClusterRef, Labels, Scope, Target
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

UNIT = "path"
"""Label with an organizational unit, such as `/Workloads/Prod`; c7n-org writes one for every level."""

CLUSTER_NAME = regex(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}")
"""EKS's clusterName (source: eks 2017-11-01 model), anchored."""

_GLOB = regex(r"[*?\[]")
_PATTERN = regex(r"[0-9A-Za-z_*?\[\]!-]{1,200}")
_ARN = regex(r"arn:([a-z*-]+):eks:([^:/]*):([^:/]*):cluster/([^:/]+)")


def is_glob(pattern: str) -> bool:
    return _GLOB.search(pattern) is not None


def any_glob(patterns: tuple[str, ...], *texts: str) -> bool:
    """Whether a text matches a pattern, case-sensitively; True without patterns."""
    return not patterns or any(fnmatchcase(text, pattern) for pattern in patterns for text in texts)


def has_label(labels: Labels, key: str, patterns: tuple[str, ...]) -> bool:
    return any(name == key and any_glob(patterns, value) for name, value in labels)


def in_unit(labels: Labels, units: tuple[str, ...]) -> bool:
    """Whether the account is in one of the units or below it; True without units."""
    paths = [value for name, value in labels if name == UNIT]
    return not units or any(
        path == unit or path.startswith(f"{unit}/")
        for path in paths
        for unit in (unit.rstrip("/") for unit in units)
    )


LabelPatterns = tuple[tuple[str, tuple[str, ...]], ...]
"""For each key the globs, of which one must match."""


@dataclass(frozen=True, slots=True)
class Match:
    """Criteria of `match` and `select`: every criterion that is set must match, each by at least one glob.

    Attributes:
        accounts: Globs for account id or name.
        units: Organizational units, including those below.
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
    """A `--cluster` option; every part is a glob.

    Attributes:
        text: The argument as given.
        account: Glob for account id or name.
    """

    text: str
    name: str
    account: str = "*"
    region: str = "*"

    @property
    def is_exact(self) -> bool:
        """Whether it matches at most one cluster of an account and region."""
        return not is_glob(self.name)

    def may_be_in(self, scope: Scope, account_name: str) -> bool:
        return any_glob((self.account,), scope.account, account_name) and fnmatchcase(
            scope.region, self.region
        )

    def matches(self, ref: ClusterRef, account_name: str) -> bool:
        return self.may_be_in(ref.scope, account_name) and fnmatchcase(ref.name, self.name)


def arn_fault(text: str) -> str:
    """Why an ARN cannot be that of an EKS cluster; empty if it can, or if `text` is not an ARN."""
    if not text.startswith("arn:"):
        return ""
    found = _ARN.fullmatch(text)
    if found is None:
        return "not the ARN of an EKS cluster"
    partition, region = found[1], found[2]
    if not region or is_glob(region) or fnmatchcase(region_partition(region), partition):
        return ""
    return f"{region} is in the partition {region_partition(region)}, not in {partition}"


def read_cluster_pattern(text: str) -> ClusterPattern | None:
    """Parse a name, an ARN, or account/region/name as printed in output; None if `text` is none of them."""
    if arn_fault(text):
        return None
    if found := _ARN.fullmatch(text):
        _, region, account, name = found.groups()
    elif text.count("/") == 2:  # noqa: PLR2004  # account/region/name
        account, region, name = text.split("/")
    else:
        account, region, name = "*", "*", text
    fits = CLUSTER_NAME if not is_glob(name) else _PATTERN
    return ClusterPattern(text, name, account or "*", region or "*") if fits.fullmatch(name) else None


@dataclass(frozen=True, slots=True)
class Selection:
    """Targets selected on the command line; an empty criterion selects everything.

    Attributes:
        accounts: Globs for account id or name.
        labels: Label globs that must all match.
        units: Organizational units, including those below.
    """

    clusters: tuple[ClusterPattern, ...] = ()
    accounts: tuple[str, ...] = ()
    not_accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    labels: Labels = ()
    units: tuple[str, ...] = ()

    def refusal(self, account: Account) -> str:
        """Why an account is excluded by its id, name or unit; empty if it is selected."""
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

"""Which line set each field of one cluster's desired state."""

import os
from datetime import UTC, datetime
from pathlib import Path

from eksaddon.config.explain import Explanation, explain
from eksaddon.config.flags import read_flags
from eksaddon.config.load import find_fleet_file, load_fleet
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.selection import read_cluster_pattern
from eksaddon.domain.target import ClusterRef, Labels, Target


def explain_cluster(cluster: str, config: Path | None, labels: Labels) -> Explanation:
    """Explain without asking AWS: account and region count as far as the cluster's name gives them.

    Args:
        cluster: Name, ARN or account/region/name.

    Raises:
        EksdnsError: There is no fleet file, it will not do, or the name cannot be one.
    """
    path = find_fleet_file(config, os.environ, Path())
    if path is None:
        raise EksdnsError("no fleet file found", hint="set --config", exit_code=ExitCode.USAGE)
    pattern = read_cluster_pattern(cluster)
    if pattern is None or not pattern.is_exact:
        raise EksdnsError(
            f"invalid cluster name {cluster!r}",
            hint="use a name, an ARN, or account/region/name",
            exit_code=ExitCode.USAGE,
        )
    fleet = load_fleet(path)
    account = next((one for one in fleet.accounts if pattern.account in {one.id, one.name}), None)
    ref = ClusterRef(account.id if account else pattern.account, pattern.region, pattern.name)
    known = account.labels if account else ()
    target = Target(ref, account.name if account else "", tuple(sorted({*known, *labels})))
    return explain(fleet, target, read_flags(), datetime.now(UTC).date())

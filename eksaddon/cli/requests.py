"""From options to requests."""

from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.cli.options import DesiredOptions, TargetOptions
from eksaddon.domain.desired import ResolveConflicts


def _listed(values: list[str] | None) -> tuple[str, ...]:
    """Repeated options and comma lists alike, as c7n-org takes them."""
    return tuple(part.strip() for value in values or () for part in value.split(",") if part.strip())


def target_request(options: TargetOptions) -> TargetRequest:
    return TargetRequest(
        clusters=_listed(options.cluster),
        everything=options.all_clusters,
        regions=_listed(options.region),
        accounts=_listed(options.account),
        not_accounts=_listed(options.not_account),
        labels=_listed(options.label),
        units=_listed(options.ou),
        profiles=_listed(options.profile),
        accounts_file=options.accounts_file,
        config=options.config,
        role=options.role,
        threads=options.concurrency,
    )


def desired_request(options: DesiredOptions) -> DesiredRequest:
    conflicts = options.resolve_conflicts
    return DesiredRequest(
        lameduck=options.lameduck,
        replicas=options.replicas,
        pdb_max_unavailable=options.pdb_max_unavailable,
        grace=options.grace,
        pre_stop=options.pre_stop,
        resolve_conflicts=ResolveConflicts(conflicts.value) if conflicts else None,
        strict=options.strict,
        force_conflicts=options.force_conflicts,
    )

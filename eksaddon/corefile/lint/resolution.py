"""Finds standard queries of a cluster that would fail, and the words that cause it.

An error if the text alone determines the failure; a warning if data does, and for reverse lookups.
"""

from collections.abc import Collection, Iterator, Sequence

from eksaddon.corefile.lint.findings import Finding
from eksaddon.corefile.lint.subject import Subject
from eksaddon.corefile.meaning.resolve import is_unseen
from eksaddon.corefile.resolution.outcomes import Answered, Failure
from eksaddon.corefile.resolution.queries import CLUSTER_DOMAIN, Kind, Query, cluster_domain
from eksaddon.corefile.resolution.servers import Resolved, resolve, resolve_other_range, resolve_zones
from eksaddon.domain.diagnostic import Severity


def lint_resolution(subject: Subject) -> Iterator[Finding]:
    """Check a Corefile that CoreDNS accepts."""
    corefile = subject.corefile
    if not corefile.blocks or any(is_unseen(each) for each in corefile.imports):
        return
    resolved = resolve(corefile, subject.version)
    for failed in _failures(resolved):
        yield _failure(subject, failed)
    reported = {id(failure.token) for failed in _failures(resolved) for _, failure, _ in failed}
    yield from _zones(subject, reported)
    if any("kubernetes" in block.groups for block in corefile.blocks):
        yield from _forwarded(subject, resolved)
        yield from _domain(subject)


_Failed = list[tuple[Query, Failure, bool]]
"""Queries that fail for the same reason, and whether the text alone determines it."""


def _failures(resolved: Sequence[Resolved]) -> list[_Failed]:
    """Group failures by rule and position, in the order of queries."""
    found: dict[tuple[str, int, str], _Failed] = {}
    for one in resolved:
        failures = [each for each in one.outcomes if isinstance(each, Failure)]
        fails = len(failures) == len(one.outcomes)
        is_certain = fails and all(each.is_certain for each in failures) and not one.query.is_reverse
        for each in failures:
            if fails or each.is_own:
                key = (each.rule, id(each.token), each.reason)
                found.setdefault(key, []).append((one.query, each, is_certain))
    return list(found.values())


def _failure(subject: Subject, failed: _Failed) -> Finding:
    first, failure, _ = failed[0]
    names = ", ".join(f"`{query}`" for query, _, _ in failed)
    is_certain = any(each for _, _, each in failed)
    verb = "gets" if len(failed) == 1 else "get"
    if not is_certain and not (failure.is_certain and first.is_reverse):
        verb = "may get"
    summary = f"{names} {verb} {failure.answer}: {failure.reason}"
    severity = Severity.ERROR if is_certain else Severity.WARNING
    return subject.at(severity, failure.rule, failure.token, summary, failure.advice)


_OF_ZONES = frozenset({"no-answer", "forward-loop", "forward-unreachable"})


def _zones(subject: Subject, reported: Collection[int]) -> Iterator[Finding]:
    """Zones of which no name is answered; a warning, as only some clients may ask for them.

    Args:
        reported: Identities of the tokens that fail queries of every cluster.
    """
    for failed in _failures(resolve_zones(subject.corefile, subject.version)):
        _, failure, _ = failed[0]
        if failure.rule not in _OF_ZONES or id(failure.token) in reported:
            continue
        zones = ", ".join(f"`{str(query).removeprefix('www.')}`" for query, _, _ in failed)
        verb = "get" if failure.is_certain else "may get"
        summary = f"names in {zones} {verb} {failure.answer}: {failure.reason}"
        yield subject.at(Severity.WARNING, failure.rule, failure.token, summary, failure.advice)


def _forwarded(subject: Subject, resolved: Sequence[Resolved]) -> Iterator[Finding]:
    """Cluster names that are forwarded although there is a `kubernetes` plugin."""
    for one in filter(_leaves, resolved):
        yield _leaving(subject, Severity.WARNING, one, f"`{one.query}` is forwarded")
    if any(_leaves(one) for one in resolved if one.query.kind is Kind.REVERSE):
        return
    for one in filter(_leaves, resolve_other_range(subject.corefile, subject.version)):
        what = f"`{one.query}` is forwarded, also in a cluster with Services in 172.20.0.0/16"
        yield _leaving(subject, Severity.INFO, one, what)


def _leaves(one: Resolved) -> bool:
    answers = [each for each in one.outcomes if isinstance(each, Answered)]
    is_answered = len(answers) == len(one.outcomes)
    return one.query.is_inside and is_answered and all(each.plugin != "kubernetes" for each in answers)


def _leaving(subject: Subject, severity: Severity, one: Resolved, what: str) -> Finding:
    token = next(each.token for each in one.outcomes if isinstance(each, Answered))
    advice = "Let `kubernetes` serve the cluster domain and the reverse zones of the cluster's addresses."
    summary = f"{what}, and no upstream knows the names of a cluster"
    return subject.at(severity, "cluster-names-forwarded", token, summary, advice)


def _domain(subject: Subject) -> Iterator[Finding]:
    domain = cluster_domain(subject.corefile)
    if domain == CLUSTER_DOMAIN:
        return
    groups = (block.groups for block in subject.corefile.blocks)
    token = next(group["kubernetes"][0] for group in groups if "kubernetes" in group)
    summary = f"`kubernetes` serves `{domain}`, but EKS nodes search `{CLUSTER_DOMAIN}` by default"
    yield subject.at(Severity.WARNING, "cluster-domain", token, summary, "Serve `cluster.local` as well.")

"""All rules, in the order of findings."""

from collections.abc import Iterator
from dataclasses import replace

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.rules.autoscaling_bounds import autoscaling_bounds
from eksaddon.rules.corefile_frozen import corefile_frozen
from eksaddon.rules.facts import Facts, Finding, Rule
from eksaddon.rules.node_shutdown import node_shutdown
from eksaddon.rules.pdb_effect import pdb_effect
from eksaddon.rules.pdb_keys import pdb_keys
from eksaddon.rules.pod_fields import pod_fields
from eksaddon.rules.probe_endpoints import probe_endpoints
from eksaddon.rules.propagation import propagation
from eksaddon.rules.reload_deadlock import reload_deadlock
from eksaddon.rules.reload_sleeps import reload_sleeps
from eksaddon.rules.replica_bounds import replica_bounds
from eksaddon.rules.replicas_under_autoscaling import replicas_under_autoscaling
from eksaddon.rules.termination_budget import termination_budget

RULES: tuple[Rule, ...] = (
    termination_budget,
    propagation,
    node_shutdown,
    replica_bounds,
    replicas_under_autoscaling,
    autoscaling_bounds,
    pdb_keys,
    pdb_effect,
    pod_fields,
    probe_endpoints,
    corefile_frozen,
    reload_sleeps,
    reload_deadlock,
)


def check(facts: Facts) -> tuple[Diagnostic, ...]:
    """Findings of all rules; errors about fields that the plan does not change become warnings."""
    return tuple(_weighed(finding, facts) for finding in _findings(facts))


def _findings(facts: Facts) -> Iterator[Finding]:
    for rule in RULES:
        yield from rule(facts)


def _weighed(finding: Finding, facts: Facts) -> Diagnostic:
    diagnostic = finding.diagnostic
    if diagnostic.severity is not Severity.ERROR or not finding.paths:
        return diagnostic
    if any(_concerns(path, touched) for path in finding.paths for touched in facts.touched):
        return diagnostic
    return replace(diagnostic, severity=Severity.WARNING)


def _concerns(path: str, touched: str) -> bool:
    """Whether a changed path is the finding's path, lies below it, or contains it."""
    return path == touched or touched.startswith(f"{path}.") or path.startswith(f"{touched}.")

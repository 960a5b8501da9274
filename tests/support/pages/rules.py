"""Each safety rule with its reason, an example and the remedy; the examples are planned on the simulator.

`python -m tests.support.pages.rules` writes them into docs/rules.md.
"""

import json
import tempfile
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.pages.markers import page, write
from tests.support.walkthrough import shell

PAGE, NAME = page("rules"), "rules"
ACCOUNT = '"111122223333"'
NOW, OLD, FIRST = "v1.12.4-eksbuild.29", "v1.9.3-eksbuild.7", "v1.14.7-eksbuild.10"
BARE = (
    ".:53 {\\n    errors\\n    ready\\n    kubernetes cluster.local\\n    forward . /etc/resolv.conf\\n}\\n"
)


@dataclass(frozen=True, slots=True)
class Example:
    """A rule, and a plan that it has a finding about.

    Attributes:
        reason: Why the rule exists, in one or two sentences.
        severity: In words; it can depend on the plan.
        coredns: The block of the fleet file.
        stored: configurationValues of the cluster, as JSON.
        more: Other keys of the cluster in the scenario.
        remedy: Where the finding has no hint.
    """

    rule: str
    severity: str
    reason: str
    coredns: str
    stored: str = "{}"
    version: str = NOW
    more: str = ""
    remedy: str = ""


EXAMPLES = (
    Example(
        "termination-budget",
        "warning; error if a plan asks for more than the default grace period of a cluster that was not read",
        "`preStop`, the lameducks of all server blocks and 10 s for CoreDNS's own shutdown must fit into "
        "the grace period. "
        "Otherwise SIGKILL cuts off the end, and queries in progress are lost.",
        "lameduck: 30s\npreStop: 5s\nterminationGracePeriod: 30s",
    ),
    Example(
        "propagation",
        "warning",
        "Nodes send queries to a deleted pod until the [propagation](shutdown.md#propagation) is over. A "
        "pod that stops "
        "answering earlier loses lookups.",
        "lameduck: 5s\npreStop: 0s\nterminationGracePeriod: 45s",
    ),
    Example(
        "replica-count",
        "error; warning for one replica",
        "With no replica there is no cluster DNS; with one, every restart interrupts it.",
        "replicaCount: 1",
    ),
    Example(
        "replicas-under-autoscaling",
        "error; warning if the number of running pods is unknown",
        "With autoscaling, an add-on update first sets the replicas to `replicaCount`, and the "
        "autoscaler raises them again "
        "later. Until then, DNS has fewer pods than its load requires.",
        "lameduck: 20s",
        '{"autoScaling":{"enabled":true,"minReplicas":4,"maxReplicas":10},"replicaCount":2}',
    ),
    Example(
        "autoscaling-bounds",
        "error",
        "EKS accepts `minReplicas` above `maxReplicas`, and the autoscaler then does not work.",
        "configuration:\n  autoScaling: {enabled: true, minReplicas: 6, maxReplicas: 4}",
    ),
    Example(
        "pdb-keys",
        "error",
        "Kubernetes accepts only one of `minAvailable` and `maxUnavailable`. EKS accepts both, and the "
        "update fails later.",
        "podDisruptionBudget: {enabled: true, maxUnavailable: 1, minAvailable: 1}",
    ),
    Example(
        "pdb-blocks-evictions",
        "error",
        "A PodDisruptionBudget that allows no eviction makes node drains and node upgrades hang.",
        "replicaCount: 2\npodDisruptionBudget: {enabled: true, maxUnavailable: 0}",
    ),
    Example(
        "pdb-protects-nothing",
        "warning",
        "A PodDisruptionBudget that lets all pods be evicted at the same time protects nothing.",
        "replicaCount: 2\npodDisruptionBudget: {enabled: true, maxUnavailable: 2}",
    ),
    Example(
        "pod-fields",
        "error",
        "Kubernetes checks annotations, labels, resources, tolerations, affinity and spread constraints "
        "of a pod more "
        "strictly than the add-on's schema. A value that it rejects fails the update, or leaves the "
        "add-on degraded.",
        "configuration:\n  resources: {requests: {memory: 256Mi}, limits: {memory: 170Mi}}",
    ),
    Example(
        "probe-endpoints",
        "error",
        "The liveness probe of the add-on queries `health` on port 8080, the readiness probe `ready` "
        "on port 8181. Without "
        "them, pods are restarted or never become ready.",
        f'configuration:\n  corefile: "{BARE}"',
    ),
    Example(
        "corefile-frozen",
        "warning",
        "A stored Corefile replaces EKS's default and no longer follows it when the add-on is upgraded.",
        "lameduck: 20s\nterminationGracePeriod: 45s\npreStop: 5s",
        remedy="Accept it, and run `eksdns upgrade-check` before each upgrade of the add-on.",
    ),
    Example(
        "node-shutdown",
        "info; warning if the time is too short for the propagation",
        "From Kubernetes 1.34 on, AL2023 nodes shut down pods themselves and give CoreDNS 30 s, regardless "
        "of its grace period.",
        "lameduck: 40s\npreStop: 5s\nterminationGracePeriod: 65s",
        version=FIRST,
        more=', kubernetes: "1.34"',
    ),
    Example(
        "reload-deadlock",
        "warning; info if eksdns keeps both 40 s apart",
        "CoreDNS up to 1.12.4 hangs if SIGTERM arrives while it reloads the Corefile (coredns/coredns#7314).",
        "lameduck: 20s\nterminationGracePeriod: 45s\npreStop: 5s",
    ),
    Example(
        "reload-sleeps",
        "warning",
        "CoreDNS up to 1.9.3 waits for the lameduck on every reload, so a changed Corefile takes effect "
        "late.",
        "lameduck: 20s\nterminationGracePeriod: 45s\npreStop: 5s",
        version=OLD,
    ),
    Example(
        "weakens-dns",
        "error; note with `--allow-weaken` or `allowWeaken: true`",
        "A plan must not lower the protection of cluster DNS by accident: fewer replicas, a shorter "
        "lameduck, preStop or grace "
        "period, a looser PodDisruptionBudget, less spread over nodes and zones.",
        "replicaCount: 3",
        '{"replicaCount":40}',
    ),
)


def findings() -> Mapping[str, str]:
    """The first finding of each rule in the plan of its example, as the terminal shows it; all in one plan.

    Raises:
        LookupError: A plan has none.
    """
    with tempfile.TemporaryDirectory() as folder:
        config, scenario = Path(folder) / "fleet.yaml", Path(folder) / "scenario.yaml"
        config.write_text(_fleet(), encoding="utf-8")
        scenario.write_text(_scenario(), encoding="utf-8")
        with shell(config, scenario, width=110) as here:
            _, text = here.type("plan", "--all", "-o", "json", "-q")
    plan = json.loads(text[text.index("{") : text.rindex("}") + 1])
    return {cluster["name"]: _shown(cluster) for cluster in plan["clusters"]}


def _shown(cluster: Mapping[str, Any]) -> str:
    for found in cluster["diagnostics"]:
        if found["rule"] == cluster["name"]:
            hint = f"hint: {found['detail']}\n" if found["detail"] else ""
            return f"{found['severity']}: {found['summary']} [{found['rule']}]\n{hint}"
    raise LookupError(f"{cluster['name']}: {cluster['diagnostics']}")


def fleet_file(example: Example) -> str:
    return f"version: 1\ncoredns:\n{textwrap.indent(example.coredns, '  ')}\n"


def rules() -> str:
    """A section for each rule."""
    found = findings()
    return "\n".join(_section(one, found[one.rule]) for one in EXAMPLES)


def _section(one: Example, finding: str) -> str:
    reason = textwrap.fill(one.reason, 120, break_long_words=False, break_on_hyphens=False)
    remedy = f"\n{one.remedy}\n" if one.remedy else ""
    return (
        f"### `{one.rule}`\n\n{reason}\n\nSeverity: {one.severity}.\n\n"
        f"{_stored(one)}```yaml\n{fleet_file(one)}```\n\n```text\n{finding}```\n{remedy}"
    )


def _stored(one: Example) -> str:
    parts = [f"`{one.version}`"] if one.version != NOW else []
    parts += [f"`{one.stored}` as stored configuration"] if one.stored != "{}" else []
    return f"With {' and '.join(parts)}:\n\n" if parts else ""


def _fleet() -> str:
    """One override for each example; the cluster has the name of the rule."""
    overrides = "".join(
        f"  - match: {{cluster: {one.rule}}}\n    coredns:\n{textwrap.indent(one.coredns, ' ' * 6)}\n"
        for one in EXAMPLES
    )
    return f"version: 1\naccounts: [{{id: {ACCOUNT}, regions: [eu-west-1]}}]\noverrides:\n{overrides}"


def _scenario() -> str:
    documents = "".join(f"  {one.rule}: '{one.stored}'\n" for one in EXAMPLES)
    clusters = "".join(
        f"  - {{name: {one.rule}, account: shop, region: eu-west-1, addon: {one.version}, "
        f"document: {one.rule}{one.more}}}\n"
        for one in EXAMPLES
    )
    return (
        f"version: 1\ndefaultAccount: shop\naccounts: [{{id: {ACCOUNT}, name: shop, regions: [eu-west-1]}}]\n"
        f"documents:\n{documents}clusters:\n{clusters}"
    )


if __name__ == "__main__":
    write(PAGE, NAME, rules())

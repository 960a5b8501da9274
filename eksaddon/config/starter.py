"""The template that `eksdns init --blank` writes."""

_ON_THE_DEPLOYMENT = """\
  # terminationGracePeriod is the time from deletion of a pod to SIGKILL. Within it, preStop delays SIGTERM
  # while nodes stop sending queries to the pod, and lameduck keeps CoreDNS answering after SIGTERM.
  # 5s + 20s last for a propagation of 10s, the upper end of EKS's guidance, and leave 20s of 45s for a clean
  # shutdown. 10s are sufficient; eksdns warns about less.
  # preStop: 5s
  # lameduck: 20s
  # terminationGracePeriod: 45s
"""
_WITHOUT_KUBERNETES = """\
  # lameduck keeps CoreDNS answering after SIGTERM, while nodes stop sending queries to the pod. 20s last for
  # a propagation of 10s, the upper end of EKS's guidance, and leave 10s of 30s for a clean shutdown.
  # lameduck: 20s
  #
  # Not in this file: preStop, terminationGracePeriod and readinessProbe. eksdns sets them on the Deployment,
  # for which it needs access to the Kubernetes API of each cluster; without it, each report would fail.
  # `eksdns doctor --print role` and `--print access-entry` print what gives that access.
"""

STARTER = """\
# yaml-language-server: $schema=eksdns.schema.json
# Write that schema with `eksdns schema --config > eksdns.schema.json`, and editors complete this file.
#
#   eksdns validate      checks this file without AWS
#   eksdns plan --all    shows what would change
#   eksdns apply --all   asks, then applies the changes
version: 1

# Desired state of CoreDNS on every cluster. Only fields listed here are managed; all others stay unchanged.
# Uncomment the ones to manage. First check that no cluster has higher values: `eksdns status --all`.
coredns:
  # replicaCount: 3
  # podDisruptionBudget:
  #   enabled: true
  #   maxUnavailable: 1

  # terminationGracePeriod is the time from deletion of a pod to SIGKILL. Within it, preStop delays SIGTERM
  # while nodes stop sending queries to the pod, and lameduck keeps CoreDNS answering after SIGTERM.
  # 5s + 20s last for a propagation of 10s, the upper end of EKS's guidance, and leave 20s of 45s for a clean
  # shutdown. 10s are sufficient; eksdns warns about less.
  # preStop: 5s
  # lameduck: 20s
  # terminationGracePeriod: 45s

  # How long nodes keep sending queries to a deleted pod, as expected or measured. Default: 10s.
  # propagation: 10s

  # Any other key of the add-on's configuration schema (see `eksdns schema`); null removes a key.
  # configuration:
  #   tolerations:
  #     - {key: dedicated, operator: Equal, value: system, effect: NoSchedule}

  # What EKS does with fields managed by other controllers: none (fail), preserve or overwrite.
  resolveConflicts: none

# Without accounts, eksdns uses the current credentials and their region. In a list, name the regions
# or use `all` for every enabled one. `--accounts-file` reads a c7n-org accounts file instead.
# accounts:
#   - id: "111122223333"
#     name: shop-prod
#     role: eksdns-apply
#     regions: [eu-west-1, us-east-1]
#     labels: {env: prod}
#
# Or use every account of an organization:
# organization:
#   role: eksdns-apply
#   ous: [/Workloads]
#   regions: all

# Different values for some clusters; later overrides win. `eksdns explain CLUSTER` shows where values
# come from.
# overrides:
#   - match: {cluster: "prod-*", labels: {env: prod}}
#     coredns: {replicaCount: 6}

# Fields excluded from management until a date.
# waivers:
#   - match: {cluster: legacy}
#     path: replicaCount
#     owner: team-payments
#     reason: moves to a new cluster, see the migration plan
#     until: 2030-12-31

# How a change is rolled out over the fleet. Without it, all clusters are updated as one wave.
# rollout:
#   waves:
#     - {name: canary, select: {labels: {env: dev}}, limit: 1, soak: 30m}
#     - {name: rest, before: [{type: approval}], maxConcurrency: 25%}
"""


def starter(*, kubernetes: bool) -> str:
    """The template, with the keys of the Deployment or the reason why they are not in it."""
    return STARTER if kubernetes else STARTER.replace(_ON_THE_DEPLOYMENT, _WITHOUT_KUBERNETES)

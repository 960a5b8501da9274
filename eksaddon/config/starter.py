"""The fleet file that `eksdns init` writes."""

STARTER = """\
# yaml-language-server: $schema=eksdns.schema.json
# Write that schema with `eksdns schema --config > eksdns.schema.json`, and editors complete this file.
#
#   eksdns validate      checks this file without AWS
#   eksdns plan --all    shows what would change
#   eksdns apply --all   changes it, after asking
version: 1

# What CoreDNS should look like on every cluster. Only what is named here is managed, the rest stays as it is.
coredns:
  replicaCount: 3
  podDisruptionBudget:
    enabled: true
    maxUnavailable: 1

  # A pod that is deleted has terminationGracePeriod before it is killed, whatever else is set. Inside of it
  # preStop keeps it alive while nodes learn that it goes, and lameduck keeps it answering after SIGTERM:
  # 5s + 20s leave 20s of 45s to close what is open. 10s are enough; less is reported.
  preStop: 5s
  lameduck: 20s
  terminationGracePeriod: 45s

  # Any other key of the add-on's configuration schema, which `eksdns schema` shows; null removes a key.
  # configuration:
  #   tolerations:
  #     - {key: dedicated, operator: Equal, value: system, effect: NoSchedule}

  # What EKS does with fields that somebody else has set: none (stop and say so), preserve or overwrite.
  resolveConflicts: none

# Without accounts, the current credentials and their region are used. Regions are never assumed: list them,
# or write `all` for every enabled one. `--accounts-file` reads a c7n-org accounts file instead.
# accounts:
#   - id: "111122223333"
#     name: shop-prod
#     role: eksdns-apply
#     regions: [eu-west-1, us-east-1]
#     labels: {env: prod}
#
# Or every account of an organization:
# organization:
#   role: eksdns-apply
#   ous: [/Workloads]
#   regions: all

# Other values for some clusters; later overrides win. `eksdns explain CLUSTER` shows which line set what.
# overrides:
#   - match: {cluster: "prod-*", labels: {env: prod}}
#     coredns: {replicaCount: 6}

# Fields that stay as they are until a day.
# waivers:
#   - match: {cluster: legacy}
#     path: replicaCount
#     owner: team-payments
#     reason: moves to a new cluster, see the migration plan
#     until: 2030-12-31

# How a change is spread over the fleet. Without it, clusters are changed side by side.
# rollout:
#   waves:
#     - {name: canary, select: {labels: {env: dev}}, limit: 1, soak: 30m}
#     - {name: rest, before: [{type: approval}], maxConcurrency: 25%}
"""

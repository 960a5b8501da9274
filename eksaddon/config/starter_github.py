"""The workflows that `eksdns init --github` writes; they call the workflows that eksdns publishes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.geography import region_partition
from eksaddon.domain.roles import role_arn

ACCOUNT = re.compile(r"[0-9]{12}")
REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")
COMMIT = re.compile(r"[0-9a-f]{40}")
STATE = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._/-]*)?")
CRON = re.compile(r"[0-9*,/-]+( [0-9A-Za-z*,/-]+){4}")
FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*\.ya?ml")
BRANCH = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*")

PUBLISHED = "eksdns/eksdns/.github/workflows"


@dataclass(frozen=True, slots=True)
class GitHubSettings:
    """Settings of the generated workflows.

    Attributes:
        account: Id of the hub account, where the two roles are.
        region: Its home region.
        state: Location of the run store.
        commit: Full commit hash of the eksdns release whose workflows are called.
        release: Version of that release, for a comment.
        config: Path of the fleet file from the repository's root.

    Raises:
        EksdnsError: A value has an invalid format; it would become part of a workflow.
    """

    account: str
    region: str
    state: str
    commit: str
    release: str
    config: str = "eksdns.yaml"
    branch: str = "main"
    plan_role: str = "eksdns-plan"
    apply_role: str = "eksdns-rollout"
    cron: str = "17 3 * * *"
    shards: int = 1

    def __post_init__(self) -> None:
        for name, value, form, example in (
            ("--hub-account", self.account, ACCOUNT, "111122223333"),
            ("--home-region", self.region, REGION, "eu-west-1"),
            ("--state", self.state, STATE, "s3://bucket/prefix"),
            ("--workflows-commit", self.commit, COMMIT, "40 hexadecimal digits"),
            ("the fleet file", self.config, FILE, "eksdns.yaml"),
            ("--branch", self.branch, BRANCH, "main"),
            ("--cron", self.cron, CRON, "17 3 * * *"),
        ):
            if not form.fullmatch(value):
                raise EksdnsError(
                    f"invalid {name} {value!r}",
                    hint=f"expected: {example}",
                    exit_code=ExitCode.USAGE,
                )

    def arn(self, role: str) -> str:
        return role_arn(role, self.account, region_partition(self.region))


def workflows(settings: GitHubSettings) -> Mapping[str, str]:
    """Contents of the workflows by path from the repository's root."""
    folder = ".github/workflows"
    return {
        f"{folder}/eksdns-plan.yml": _plan(settings),
        f"{folder}/eksdns-rollout.yml": _rollout(settings),
        f"{folder}/eksdns-drift.yml": _drift(settings),
    }


def _uses(name: str, settings: GitHubSettings) -> str:
    return f"{PUBLISHED}/{name}.yml@{settings.commit} # v{settings.release}"


def _plan(settings: GitHubSettings) -> str:
    return f"""\
# Reviews a change to the fleet file: validates it, plans it, and maintains one comment on the pull request.
name: eksdns plan

on:
  pull_request:
    paths: [{settings.config}, .github/workflows/eksdns-plan.yml]

permissions: {{}}

concurrency:
  group: eksdns-plan-${{{{ github.event.pull_request.number }}}}
  cancel-in-progress: true # planning writes nothing

jobs:
  plan:
    name: plan
    permissions:
      contents: read
      id-token: write # for the role in AWS
      pull-requests: write # for the comment
    uses: {_uses("eksdns-plan", settings)}
    with:
      config: {settings.config}
      role: {settings.arn(settings.plan_role)}
      region: {settings.region}
      shards: {settings.shards}
"""


def _rollout(settings: GitHubSettings) -> str:
    return f"""\
# Rolls out a merged change to the fleet file, wave by wave. Waves with an approval wait for the reviewers of
# the environment eksdns-approval, the others run in eksdns-apply. Create both, limited to {settings.branch},
# then enable the workflow: gh variable set EKSDNS_ROLLOUT --body on
name: eksdns rollout

on:
  push:
    branches: [{settings.branch}]
    paths: [{settings.config}]
  workflow_dispatch:

permissions: {{}}

concurrency:
  group: eksdns-rollout
  cancel-in-progress: false # EKS would continue started updates, but nothing would follow them

jobs:
  rollout:
    name: rollout
    if: vars.EKSDNS_ROLLOUT == 'on'
    permissions:
      contents: read
      id-token: write # for the roles in AWS
    uses: {_uses("eksdns-rollout", settings)}
    with:
      config: {settings.config}
      plan-role: {settings.arn(settings.plan_role)}
      apply-role: {settings.arn(settings.apply_role)}
      region: {settings.region}
      state: {settings.state}
      shards: {settings.shards}
"""


def _drift(settings: GitHubSettings) -> str:
    return f"""\
# Checks all clusters for drift every night, and maintains one issue about drifted clusters.
name: eksdns drift

on:
  schedule:
    - cron: "{settings.cron}"
  workflow_dispatch:

permissions: {{}}

concurrency:
  group: eksdns-drift
  cancel-in-progress: false

jobs:
  drift:
    name: drift
    permissions:
      contents: read
      id-token: write # for the role in AWS
      issues: write # for the issue
    uses: {_uses("eksdns-drift", settings)}
    with:
      config: {settings.config}
      role: {settings.arn(settings.plan_role)}
      region: {settings.region}
      shards: {settings.shards}
"""

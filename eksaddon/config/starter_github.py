"""The workflows that `eksdns init --github` writes; they call the workflows that eksdns publishes."""

from collections.abc import Mapping

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.geography import NotARegion, region_name, region_partition
from eksaddon.domain.roles import role_arn
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

ACCOUNT = regex(r"[0-9]{12}")
COMMIT = regex(r"[0-9a-f]{40}")
STATE = regex(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._/-]*)?")
CRON = regex(r"[0-9*,/-]+( [0-9A-Za-z*,/-]+){4}")
FILE = regex(r"[A-Za-z0-9_][A-Za-z0-9_./-]*\.ya?ml")
BRANCH = regex(r"[A-Za-z0-9_][A-Za-z0-9_./-]*")

PUBLISHED = "eksdns/eksdns/.github/workflows"

_NOTIFY = """
      notify-command: ${{ vars.EKSDNS_NOTIFY_COMMAND }}
      notify-url: ${{ vars.EKSDNS_NOTIFY_URL }}
    secrets:
      notify-secret: ${{ secrets.EKSDNS_NOTIFY_SECRET }}"""
"""Without these variables, no notification is sent."""


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
    resume_cron: str = "23 * * * *"
    shards: int = 1

    def __post_init__(self) -> None:
        if isinstance(found := region_name(self.region), NotARegion):
            raise EksdnsError(
                f"invalid --home-region {self.region!r}",
                hint=f"did you mean {found.nearest}?" if found.nearest else "expected: eu-west-1",
                exit_code=ExitCode.USAGE,
            )
        for name, value, form, example in (
            ("--hub-account", self.account, ACCOUNT, "111122223333"),
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
        f"{folder}/eksdns-resume.yml": _resume(settings),
        f"{folder}/eksdns-operate.yml": _operate(settings),
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
  merge_group: # compares the queue's plan with the reviewed one; without a merge queue, nothing happens

permissions: {{}}

concurrency:
  group: eksdns-plan-${{{{ github.event.pull_request.number || github.ref }}}}
  cancel-in-progress: true # planning writes nothing

jobs:
  plan:
    name: plan
    permissions:
      contents: read
      actions: read # for the reviewed report, in a merge queue
      id-token: write # for the role in AWS
      pull-requests: write # for the comment
      security-events: write # for code scanning, with the input `sarif`
    uses: {_uses("eksdns-plan", settings)}
    with:
      config: {settings.config}
      role: {settings.arn(settings.plan_role)}
      region: {settings.region}
      shards: {settings.shards}{_audience(settings)}
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
    inputs:
      on-plan-change:
        description: If the plan is not the one that was reviewed
        type: choice
        options: [stop, continue]

permissions: {{}}

concurrency:
  group: eksdns-rollout-${{{{ github.run_id }}}} # the called workflow has the queue
  cancel-in-progress: false

jobs:
  rollout:
    name: rollout
    if: vars.EKSDNS_ROLLOUT == 'on'
    permissions:
      contents: read
      actions: read # to see who approved a wave, and for the reviewed report
      id-token: write # for the roles in AWS
      pull-requests: write # for the reviewed plan, and the comment on how the rollout ended
    uses: {_uses("eksdns-rollout", settings)}
    with:
      config: {settings.config}
      on-plan-change: ${{{{ inputs.on-plan-change || 'stop' }}}}
      plan-role: {settings.arn(settings.plan_role)}
      apply-role: {settings.arn(settings.apply_role)}
      region: {settings.region}
      state: {settings.state}{_audience(settings)}{_NOTIFY}
"""


def _resume(settings: GitHubSettings) -> str:
    return f"""\
# Continues a rollout that paused for a soak or a window when it is due, without a person.
name: eksdns resume

on:
  schedule:
    - cron: "{settings.resume_cron}"
  workflow_dispatch:

permissions: {{}}

concurrency:
  group: eksdns-resume-caller
  cancel-in-progress: false

jobs:
  resume:
    name: resume
    if: vars.EKSDNS_ROLLOUT == 'on'
    permissions:
      contents: read
      actions: read # to see who approved a wave
      id-token: write # for the role in AWS
      pull-requests: write # for the comment on how the rollout ended
    uses: {_uses("eksdns-resume", settings)}
    with:
      config: {settings.config}
      apply-role: {settings.arn(settings.apply_role)}
      region: {settings.region}
      state: {settings.state}{_audience(settings)}{_NOTIFY}
"""


def _operate(settings: GitHubSettings) -> str:
    return f"""\
# Operates a recorded run: shows what an operation would do, and does it after an approval in the environment
# eksdns-operate. To stop a rollout that waits for an approval: operation abort.
name: eksdns operate

on:
  workflow_dispatch:
    inputs:
      operation:
        description: What to do
        type: choice
        required: true
        options: [history, retry, resume, skip, accept-failures, approve, abort, rollback]
      run:
        description: ID of the run, as in the summary of the rollout
        type: string
        required: true
      wave:
        description: Wave to approve or to roll back
        type: string
      cluster:
        description: Cluster to skip, as ACCOUNT/REGION/NAME
        type: string
      reason:
        description: Recorded with the operation
        type: string

permissions: {{}}

concurrency:
  group: eksdns-operate-caller-${{{{ github.run_id }}}} # an operation never waits for a rollout
  cancel-in-progress: false

jobs:
  operate:
    name: operate
    permissions:
      contents: read
      actions: write # to cancel the workflow run that waits for a run that is aborted
      id-token: write # for the role in AWS
      pull-requests: write # for the comment on how the rollout ended
    uses: {_uses("eksdns-operate", settings)}
    with:
      operation: ${{{{ inputs.operation }}}}
      run: ${{{{ inputs.run }}}}
      wave: ${{{{ inputs.wave }}}}
      cluster: ${{{{ inputs.cluster }}}}
      reason: ${{{{ inputs.reason }}}}
      config: {settings.config}
      apply-role: {settings.arn(settings.apply_role)}
      region: {settings.region}
      state: {settings.state}{_audience(settings)}{_NOTIFY}
"""


def _audience(settings: GitHubSettings) -> str:
    """The audience of China, whose STS does not accept the usual one."""
    is_china = region_partition(settings.region) == "aws-cn"
    return "\n      audience: sts.amazonaws.com.cn" if is_china else ""


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
      security-events: write # for code scanning, with the input `sarif`
    uses: {_uses("eksdns-drift", settings)}
    with:
      config: {settings.config}
      role: {settings.arn(settings.plan_role)}
      region: {settings.region}
      shards: {settings.shards}{_audience(settings)}{_NOTIFY}
"""

"""eksdns init"""

import sys
from enum import StrEnum
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Never

import typer

from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.cli import messages
from eksaddon.cli.first_steps.goal_question import offer_goal
from eksaddon.cli.first_steps.initial import derived
from eksaddon.cli.option_groups import Only, bundled
from eksaddon.cli.options import Quiet
from eksaddon.frozen import dataclass

if TYPE_CHECKING:
    from eksaddon.config.starter_github import GitHubSettings

PANEL = "With --github"
USUAL, GOAL_FILE = Path("eksdns.yaml"), Path("eksdns-goal.yaml")


class GoalChoice(StrEnum):
    """Names of goals; `eksaddon.app.initial.goal.GoalName` without its imports."""

    RECOMMENDED = "recommended"
    LAMEDUCK = "lameduck"


Out = Annotated[
    Path | None,
    typer.Argument(help=f"Fleet file to write. Default: {USUAL}, or with a goal {GOAL_FILE}."),
]
Blank = Annotated[
    bool,
    typer.Option(
        "--blank", envvar="EKSDNS_BLANK", help="Write a commented template instead, without reading AWS."
    ),
]
Goal = Annotated[
    GoalChoice | None,
    typer.Option(
        "--goal",
        envvar="EKSDNS_GOAL",
        help="Raise values instead of keeping them: to those recommended for the propagation, or "
        "only lameduck, as far as it fits the grace period.",
    ),
]
Force = Annotated[bool, typer.Option("--force", envvar="EKSDNS_FORCE", help="Overwrite existing files.")]
GitHub = Annotated[
    bool,
    typer.Option("--github", envvar="EKSDNS_GITHUB", help="Also write workflows for GitHub Actions."),
]
HubAccount = Annotated[
    str | None,
    typer.Option(
        "--hub-account",
        envvar="EKSDNS_HUB_ACCOUNT",
        help="Hub account, whose roles the workflows assume.",
        rich_help_panel=PANEL,
    ),
]
HomeRegion = Annotated[
    str | None,
    typer.Option(
        "--home-region",
        envvar="EKSDNS_HOME_REGION",
        help="Home region of the hub account.",
        rich_help_panel=PANEL,
    ),
]
State = Annotated[
    str | None,
    typer.Option(
        "--state",
        envvar="EKSDNS_STATE",
        help="Where runs are recorded (example: s3://bucket/prefix).",
        rich_help_panel=PANEL,
    ),
]
Branch = Annotated[
    str,
    typer.Option(
        "--branch", envvar="EKSDNS_BRANCH", help="Branch that is rolled out.", rich_help_panel=PANEL
    ),
]
Cron = Annotated[
    str,
    typer.Option(
        "--cron",
        envvar="EKSDNS_CRON",
        help="Schedule of the drift check, as cron in UTC.",
        rich_help_panel=PANEL,
    ),
]
Shards = Annotated[
    int,
    typer.Option(
        "--shards",
        envvar="EKSDNS_SHARDS",
        min=1,
        max=256,
        help="Maximum number of parallel jobs.",
        rich_help_panel=PANEL,
    ),
]
Commit = Annotated[
    str | None,
    typer.Option(
        "--workflows-commit",
        envvar="EKSDNS_WORKFLOWS_COMMIT",
        help="Commit of the eksdns workflows to call. Default: the commit of this release.",
        rich_help_panel=PANEL,
    ),
]
KubernetesAccess = Annotated[
    bool | None,
    typer.Option(
        "--kubernetes-access/--no-kubernetes-access",
        envvar="EKSDNS_KUBERNETES_ACCESS",
        help="Write access entries and Roles for the Kubernetes API. Without them, the template has no keys "
        "that need it. Default: asked at a terminal, else no.",
        rich_help_panel=PANEL,
    ),
]
RepositoryName = Annotated[
    str | None,
    typer.Option(
        "--repository",
        envvar="EKSDNS_REPOSITORY",
        help="Repository whose protection rules are checked. Default: the remote origin of this clone.",
        rich_help_panel=PANEL,
    ),
]


@dataclass(frozen=True, slots=True)
class GitHubOptions:
    """Settings of the generated workflows."""

    hub_account: HubAccount = None
    home_region: HomeRegion = None
    state: State = None
    branch: Branch = "main"
    cron: Cron = "17 3 * * *"
    shards: Shards = 1
    workflows_commit: Commit = None
    kubernetes_access: KubernetesAccess = None
    repository: RepositoryName = None


class Example(StrEnum):
    """Values are file names below `configs/`."""

    SINGLE_CLUSTER = "single-cluster"
    FLEET = "fleet"
    ORGANIZATION = "organization"
    THREE_WAVES = "three-waves"
    SCENARIO_FLEET = "scenarios/fleet"
    SCENARIO_PROD = "scenarios/prod"
    SCENARIO_THREE_WAVES = "scenarios/three-waves"


Print = Annotated[
    Example | None,
    typer.Option(
        "--print",
        envvar="EKSDNS_PRINT",
        help="Print an example instead: a fleet file, or a scenario for `eksdns simulate`.",
    ),
]


@bundled
def init(
    targets: TargetRequest,
    own: Annotated[
        DesiredRequest,
        Only("lameduck", "replicas", "grace", "pre_stop", "pdb_max_unavailable", "propagation"),
    ],
    options: GitHubOptions,
    file: Out = None,
    goal: Goal = None,
    blank: Blank = False,
    github: GitHub = False,
    force: Force = False,
    example: Print = None,
    quiet: Quiet = False,
) -> int:
    """Write a fleet file with the clusters' current values, so that `plan` shows no change; only reads AWS.

    A goal, or values such as --lameduck 20s, writes a second file that only strengthens.
    """
    from eksaddon.app.files.paths import is_present
    from eksaddon.app.files.starter import refuse_existing, write_files
    from eksaddon.app.packaged import packaged
    from eksaddon.cli.first_steps.github_setup import check_protection, github_texts, has_access
    from eksaddon.config.starter import starter

    if example is not None:
        messages.rendered(packaged(f"{example.value}.yaml"))
        return 0
    is_goal = goal is not None or own != DesiredRequest()
    path = file or (GOAL_FILE if is_goal and not blank else USUAL)
    settings = _settings(options, path) if github else None
    with_kubernetes = settings is None or has_access(chosen=options.kubernetes_access)
    texts = {} if settings is None else github_texts(settings, with_kubernetes=with_kubernetes)
    is_kept = github and is_present(path) and not force
    refuse_existing(texts if is_kept else [path, *texts], force=force)
    code = 0
    if blank and not is_kept:
        texts = {path: starter(kubernetes=with_kubernetes), **texts}
    elif not is_kept:
        written, code = derived(targets, own, goal.value if goal else None, quiet=quiet)
        texts = {path: written, **texts}
    write_files(texts, force=force)
    for one in texts:
        messages.line(f"wrote {one}")
    if github:
        check_protection(options.repository)
    if not (is_goal or blank or github or file or quiet):

        def write_goal(name: str) -> int:
            text, ended = derived(targets, own, name, quiet=quiet)
            write_files({GOAL_FILE: text}, force=False)
            messages.line(f"wrote {GOAL_FILE}")
            return ended

        ended = offer_goal(GOAL_FILE, tuple(one.value for one in GoalChoice), write_goal)
        path, is_goal, code = (path, False, code) if ended is None else (GOAL_FILE, True, max(code, ended))
    _next_step(path, is_goal=is_goal, blank=blank)
    return code


def _next_step(path: Path, *, is_goal: bool, blank: bool) -> None:
    config = "" if path == USUAL else f" -c {quote(str(path))}"
    if blank:
        messages.message(f"next: edit it, then `eksdns validate {path}` and `eksdns plan --all{config}`")
    elif is_goal:
        messages.message(f"next: `eksdns plan --all{config}` shows what would be strengthened")
    else:
        messages.message(f"next: `eksdns plan --all{config}` shows no changes; commit the file")
        messages.message("then: `eksdns init --goal recommended` writes a second file that only strengthens")


def _settings(options: GitHubOptions, file: Path) -> "GitHubSettings":
    from eksaddon.app.release import release, released_commit
    from eksaddon.config.findings import region_findings
    from eksaddon.config.starter_github import GitHubSettings

    settings = GitHubSettings(
        account=options.hub_account or _prompt("ID of the AWS account with the two roles", "--hub-account"),
        region=options.home_region or _prompt("Its home region", "--home-region"),
        state=options.state or _prompt("Where runs are recorded (example: s3://bucket/prefix)", "--state"),
        commit=options.workflows_commit or released_commit() or _not_released(),
        release=release(),
        config=file.as_posix(),
        branch=options.branch,
        cron=options.cron,
        shards=options.shards,
    )
    for one in region_findings([settings.region]):
        messages.problem("warning", one.summary, one.detail)
    return settings


def _prompt(question: str, option: str) -> str:
    from eksaddon.cli.terminal import terminal
    from eksaddon.domain.errors import EksdnsError, ExitCode

    if not terminal().interactive:
        raise EksdnsError(
            f"{option} is required when stdin is not a terminal",
            hint=f"give {option}",
            exit_code=ExitCode.USAGE,
        )
    messages.prompt(f"{question}:")
    return sys.stdin.readline().strip()


def _not_released() -> Never:
    from eksaddon.domain.errors import EksdnsError, ExitCode

    raise EksdnsError(
        "this eksdns is not a release, so the commit of its workflows is unknown",
        hint="set --workflows-commit to the full 40-digit commit hash",
        exit_code=ExitCode.USAGE,
    )

"""eksdns init"""

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Never

import typer

from eksaddon.cli import messages
from eksaddon.cli.option_groups import bundled

PANEL = "With --github"

Out = Annotated[Path, typer.Argument(help="Fleet file to write.")]
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
    options: GitHubOptions,
    file: Out = Path("eksdns.yaml"),
    github: GitHub = False,
    force: Force = False,
    example: Print = None,
) -> int:
    """Write a commented starter fleet file and, with --github, the workflows that roll it out."""
    from eksaddon.app.init import write_files
    from eksaddon.app.packaged import packaged
    from eksaddon.config.starter import STARTER

    if example is not None:
        messages.rendered(packaged(f"{example.value}.yaml"))
        return 0
    texts = {file: STARTER}
    if github:
        texts |= _workflows(options, file)
    write_files(texts, force=force)
    for path in texts:
        messages.line(f"wrote {path}")
    messages.message(f"next: edit it, then `eksdns validate {file}` and `eksdns plan --all`")
    return 0


def _workflows(options: GitHubOptions, file: Path) -> dict[Path, str]:
    from eksaddon.app.init import release, released_commit
    from eksaddon.config.starter_github import GitHubSettings, workflows

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
    return {Path(path): text for path, text in workflows(settings).items()}


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

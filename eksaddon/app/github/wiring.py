"""Wiring for GitHub: the only module of this layer that imports its edge."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eksaddon.app.github.doctor import Sides
from eksaddon.app.github.protection import RepositorySide
from eksaddon.app.local.tracing import current_trace
from eksaddon.domain.access.trust import AUDIENCE
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.target import CurrentCredentials
from eksaddon.github import oidc
from eksaddon.github.actions import Runner
from eksaddon.github.repository import Repository
from eksaddon.github.rest import Rest
from eksaddon.regex import regex

ORIGIN = regex(
    r'\[remote "origin"\][^\[]*?\n\s*url\s*=\s*(?:https://|ssh://git@|git@)github\.com[/:]'
    r"([A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+?)(?:\.git)?/?\s*(?:\n|$)"
)


def open_runner() -> Runner:
    """The job of this process, from its environment."""
    return Runner(os.environ)


def open_repository(runner: Runner, name: str | None) -> Repository:
    """Open a repository with the job's token.

    Args:
        name: `owner/name`; None for the job's repository.

    Raises:
        EksdnsError: Repository or token is missing.
    """
    repository_name = name or runner.repository
    if not repository_name:
        raise EksdnsError("no repository given", hint="use --repository owner/name", exit_code=ExitCode.USAGE)
    if not runner.token:
        raise EksdnsError(
            "no GitHub token",
            hint="set GITHUB_TOKEN; in a workflow: `env: {GITHUB_TOKEN: ${{ github.token }}}`",
            exit_code=ExitCode.USAGE,
        )
    return Repository(Rest(runner.api, runner.token, trace=current_trace()), repository_name)


def repository_side(runner: Runner, repository: str) -> RepositorySide:
    """The settings of a repository, read with the job's token if there is one."""
    peer = Repository(Rest(runner.api, runner.token, trace=current_trace()), repository)
    return RepositorySide(peer.ids, peer.environment, peer.workflow_state)


def repository_of_folder(folder: Path) -> str:
    """`owner/name` of the remote `origin` on GitHub of a clone; empty if there is none."""
    try:
        text = (folder / ".git" / "config").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    found = ORIGIN.search(text)
    return found[1] if found else ""


@contextmanager
def open_sides(runner: Runner, repository: str, audience: str = AUDIENCE) -> Iterator[Sides]:
    """Open AWS with the current credentials, and GitHub with the job's token if there is one."""
    from eksaddon.aws.connect import Aws  # noqa: PLC0415  # 200 ms that --help need not pay

    trace = current_trace()
    aws = Aws(lambda _: CurrentCredentials(), trace=trace)
    peer = Repository(Rest(runner.api, runner.token, trace=trace), repository)
    in_job = runner.environ.get("GITHUB_ACTIONS") == "true"
    has_token = oidc.may_have_identity(runner.environ)
    try:
        yield Sides(
            identity=aws.directory.identity,
            trust=aws.trust().read,
            ids=peer.ids,
            environments=peer.environments,
            token_subject=(lambda: oidc.subject(runner.environ, audience)) if in_job and has_token else None,
            is_job_without_token=in_job and not has_token,
        )
    finally:
        aws.close()

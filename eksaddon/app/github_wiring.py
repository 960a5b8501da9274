"""As wiring, for GitHub: the only module of this layer that knows its edge."""

import os

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.github.actions import Runner
from eksaddon.github.repository import Repository
from eksaddon.github.rest import Rest


def open_runner() -> Runner:
    """The job that this process is a step of, as its environment tells."""
    return Runner(os.environ)


def open_repository(runner: Runner, name: str | None) -> Repository:
    """A repository with the job's token.

    Args:
        name: `owner/name`; None for the job's own.

    Raises:
        EksdnsError: No repository or no token is there.
    """
    wanted = name or runner.repository
    if not wanted:
        raise EksdnsError("no repository named", hint="use --repository owner/name", exit_code=ExitCode.USAGE)
    if not runner.token:
        raise EksdnsError(
            "no token for GitHub",
            hint="set GITHUB_TOKEN; in a workflow `env: {GITHUB_TOKEN: ${{ github.token }}}`",
            exit_code=ExitCode.USAGE,
        )
    return Repository(Rest(runner.api, runner.token), wanted)

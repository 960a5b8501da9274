"""Reads the environment, files and event of a GitHub Actions job."""

import json
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

MOST_EVENT_BYTES = 25_000_000
"""Maximum size of an event (source: docs.github.com, "Webhook events and payloads")."""

QUEUED = regex(r"refs/heads/gh-readonly-queue/.+/pr-([0-9]{1,10})-[0-9a-f]{40,64}")


@dataclass(frozen=True, slots=True)
class Runner:
    """The job, as described by its environment.

    Args:
        environ: Usually that of the process.
    """

    environ: Mapping[str, str]

    @property
    def repository(self) -> str:
        return self.environ.get("GITHUB_REPOSITORY", "")

    @property
    def api(self) -> str:
        return self.environ.get("GITHUB_API_URL", "") or "https://api.github.com"

    @property
    def token(self) -> str:
        return self.environ.get("GITHUB_TOKEN", "") or self.environ.get("GH_TOKEN", "")

    @property
    def run_url(self) -> str:
        server, run = self.environ.get("GITHUB_SERVER_URL", ""), self.environ.get("GITHUB_RUN_ID", "")
        return f"{server}/{self.repository}/actions/runs/{run}" if server and run else ""

    @property
    def run_id(self) -> int:
        """Id of the workflow run.

        Raises:
            EksdnsError: Not in a job.
        """
        text = self.environ.get("GITHUB_RUN_ID", "")
        if not text.isdecimal():
            raise EksdnsError(
                "GITHUB_RUN_ID is not set",
                hint="run this command in a GitHub Actions step",
                exit_code=ExitCode.USAGE,
            )
        return int(text)

    @property
    def attempt(self) -> str:
        return self.environ.get("GITHUB_RUN_ATTEMPT", "") or "1"

    @property
    def sha(self) -> str:
        return self.environ.get("GITHUB_SHA", "")

    @property
    def branch(self) -> str:
        return self.environ.get("GITHUB_REF", "").removeprefix("refs/heads/")

    @property
    def queued(self) -> int | None:
        """Number of the last pull request of a merge group; None for another event.

        Only the name of the group's branch has it (source: docs.github.com, "Managing a merge queue").
        """
        named = _member(self.event(), "merge_group").get("head_ref")
        found = QUEUED.fullmatch(named) if isinstance(named, str) else None
        return int(found[1]) if found else None

    @property
    def person(self) -> str:
        """Login of the person who caused this attempt; `GITHUB_ACTOR` is that of the first attempt."""
        named = self.environ.get("GITHUB_TRIGGERING_ACTOR") or self.environ.get("GITHUB_ACTOR")
        return named or "someone"

    @property
    def commit(self) -> str:
        """Head commit of the pull request, if any; GITHUB_SHA is a temporary merge commit there."""
        head = _member(_member(self.event(), "pull_request"), "head").get("sha")
        return head if isinstance(head, str) else self.environ.get("GITHUB_SHA", "")

    def event(self) -> Mapping[str, Any]:
        """Payload of the event; empty outside a job.

        Raises:
            EksdnsError: The file does not contain an event.
        """
        named = self.environ.get("GITHUB_EVENT_PATH", "")
        if not named:
            return {}
        path = Path(named)
        try:
            if path.stat().st_size > MOST_EVENT_BYTES:
                raise EksdnsError(f"{path}: too large for a GitHub event")
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise EksdnsError(
                f"{path}: not a GitHub event: {error}", hint="check GITHUB_EVENT_PATH"
            ) from None
        if not isinstance(found, Mapping):
            raise EksdnsError(
                f"{path}: not a GitHub event: not a JSON object", hint="check GITHUB_EVENT_PATH"
            )
        return found

    def pull_request(self) -> int:
        """Number of the pull request of the event.

        Raises:
            EksdnsError: The event has no pull request.
        """
        event = self.event()
        numbers = (_member(event, "pull_request").get("number"), event.get("number"))
        found = next((number for number in numbers if type(number) is int and number > 0), None)
        if found is None:
            raise EksdnsError(
                "the event does not refer to a pull request",
                hint="set --pull-request",
                exit_code=ExitCode.USAGE,
            )
        return found

    def put_outputs(self, text_of: Callable[[str], str]) -> None:
        """Append to GITHUB_OUTPUT.

        Args:
            text_of: Returns the text for a given random delimiter, which makes injection through values
                impossible.
        """
        self._append("GITHUB_OUTPUT", text_of(f"eksdns-{secrets.token_hex(16)}"))

    def summary_bytes(self) -> int:
        """Current size of the step's summary."""
        path = self._file("GITHUB_STEP_SUMMARY")
        return path.stat().st_size if path.is_file() else 0

    def put_summary(self, text: str) -> None:
        """Append to GITHUB_STEP_SUMMARY."""
        self._append("GITHUB_STEP_SUMMARY", text)

    def _append(self, variable: str, text: str) -> None:
        path = self._file(variable)
        try:
            with path.open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as out:
                out.write(text)
        except OSError as error:
            raise EksdnsError(f"cannot write {path}: {error.strerror}", hint=f"check {variable}") from None

    def _file(self, variable: str) -> Path:
        named = self.environ.get(variable, "")
        if not named:
            raise EksdnsError(
                f"{variable} is not set",
                hint="run this command in a GitHub Actions step",
                exit_code=ExitCode.USAGE,
            )
        return Path(named)


def _member(found: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = found.get(key)
    return value if isinstance(value, Mapping) else {}

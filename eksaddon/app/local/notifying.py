"""Notifies about a result, and says if that did not work; a run never fails because of it."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from eksaddon.frozen import dataclass
from eksaddon.report.documents.event import event, needs_attention
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.states import Kind

if TYPE_CHECKING:
    from eksaddon.notify.webhook import Webhook

COMMAND, URL, SECRET = "EKSDNS_NOTIFY_COMMAND", "EKSDNS_NOTIFY_URL", "EKSDNS_NOTIFY_SECRET"


@dataclass(frozen=True, slots=True)
class Notifier:
    """Attributes: command: Empty for none. webhook: None for none."""

    command: str = ""
    webhook: "Webhook | None" = None

    def notify(self, model: ReportModel, job_url: str, warn: Callable[[str], None]) -> None:
        """Send the event of a run, or of another report that needs attention; of a whole fleet only."""
        if model.shard is not None or not (model.kind is Kind.RUN or needs_attention(model)):
            return
        from eksaddon.notify.command import run_command  # noqa: PLC0415  # only here

        body = json.dumps(event(model, job_url)).encode()
        problems = (
            run_command(self.command, body) if self.command else "",
            self.webhook.send(body) if self.webhook else "",
        )
        for problem in filter(None, problems):
            warn(f"the notification was not delivered: {problem}")


def notifier_of(command: str, url: str, environ: Mapping[str, str]) -> Notifier:
    """The notifier of options, else of the environment.

    Raises:
        EksdnsError: The URL is not encrypted, or the secret is missing.
    """
    command, chosen = command or environ.get(COMMAND, ""), url or environ.get(URL, "")
    if not chosen:
        return Notifier(command)
    from eksaddon.notify.webhook import Webhook  # noqa: PLC0415  # an HTTP client, for those who use it

    return Notifier(command, Webhook(chosen, environ.get(SECRET, "")))


def job_url(environ: Mapping[str, str]) -> str:
    """URL of the job in GitHub Actions, GitLab, Buildkite or CircleCI; empty elsewhere."""
    for name in ("CI_JOB_URL", "BUILDKITE_BUILD_URL", "CIRCLE_BUILD_URL"):
        if environ.get(name):
            return environ[name]
    server, repository, run = (
        environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")
    )
    return f"{server}/{repository}/actions/runs/{run}" if server and repository and run else ""

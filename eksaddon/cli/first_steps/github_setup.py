"""What `init --github` asks, writes and checks apart from the workflows."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from eksaddon.cli import messages

if TYPE_CHECKING:
    from eksaddon.config.starter_github import GitHubSettings

ACCESS_FILE = Path("eksdns-kubernetes.yaml")
QUESTION = "Access to the Kubernetes API, for preStop and terminationGracePeriod? [y/N]"


def has_access(*, chosen: bool | None) -> bool:
    """The option, else the answer at a terminal, else no."""
    from eksaddon.cli.terminal import terminal

    if chosen is not None:
        return chosen
    if not terminal().interactive:
        return False
    messages.prompt(QUESTION)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def github_texts(settings: "GitHubSettings", *, with_kubernetes: bool) -> dict[Path, str]:
    """Workflows, and with access to the Kubernetes API the file with access entries and Roles."""
    from eksaddon.app.initial.kubernetes_access import kubernetes_access
    from eksaddon.app.packaged import packaged
    from eksaddon.config.starter_github import workflows
    from eksaddon.domain.geography import region_partition

    texts = {Path(path): text for path, text in workflows(settings).items()}
    if not with_kubernetes:
        return texts
    role, partition = packaged("access/kubernetes.yaml"), region_partition(settings.region)
    return {**texts, ACCESS_FILE: kubernetes_access(role, partition=partition, file=ACCESS_FILE.name)}


def check_protection(named: str | None) -> None:
    """Print findings about the protection rules, or why they were not checked; never fails."""
    from eksaddon.app.github.protection import Protected, repository_findings
    from eksaddon.app.github.wiring import open_runner, repository_of_folder, repository_side
    from eksaddon.domain.errors import EksdnsError

    runner = open_runner()
    name = named or runner.repository or repository_of_folder(Path())
    if not name or not runner.token:
        missing = "the repository is not known" if not name else "GITHUB_TOKEN is not set"
        messages.message(f"protection rules were not checked: {missing}; later: `eksdns github doctor`")
        return
    try:
        found = repository_findings(repository_side(runner, name), Protected())
    except EksdnsError as error:
        messages.problem("warning", error.message, error.hint)
        return
    for one in found:
        messages.problem(one.severity.value, f"{one.summary} [{one.rule}]", one.detail)

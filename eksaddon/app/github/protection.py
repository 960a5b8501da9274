"""Checks what protects a repository's rollouts: rules of its environments, and schedules that still run."""

from collections.abc import Callable, Iterator

from eksaddon.app.github.gate import PLANS
from eksaddon.domain.access.reviews import EnvironmentRules
from eksaddon.domain.conversation import RepositoryIds
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.errors import EksdnsError
from eksaddon.frozen import dataclass

SCHEDULED = ("eksdns-drift.yml", "eksdns-resume.yml")
ACTIVE, INACTIVE = "active", "disabled_inactivity"
"""States of a workflow (source: REST API, "Get a workflow")."""


@dataclass(frozen=True, slots=True)
class Protected:
    """Environments of the workflows.

    Attributes:
        deploys: Of waves without approval.
        reviewed: Those that need reviewers.
    """

    deploys: str = "eksdns-apply"
    reviewed: tuple[str, ...] = ("eksdns-approval", "eksdns-operate")


@dataclass(frozen=True, slots=True)
class RepositorySide:
    """Access to the repository's settings; each call raises EksdnsError if it is refused.

    Attributes:
        rules: Rules of an environment by its name.
        workflow_state: State of a workflow by its file name; empty if there is none.
    """

    ids: Callable[[], RepositoryIds]
    rules: Callable[[str], EnvironmentRules]
    workflow_state: Callable[[str], str]


def repository_findings(side: RepositorySide, names: Protected) -> tuple[Diagnostic, ...]:
    """Findings about environments and schedules.

    A repository with none of the environments does not roll out, so their absence is not a finding.
    """
    return (*_of_environments(side, names), *_of_schedules(side))


def _of_environments(side: RepositorySide, names: Protected) -> Iterator[Diagnostic]:
    try:
        is_private = side.ids().is_private
        found = [side.rules(name) for name in (names.deploys, *names.reviewed)]
    except EksdnsError as error:
        summary = f"the protection rules of the environments could not be read: {error.message}"
        yield Diagnostic(Severity.INFO, "environment-rules", summary, _readable(error.hint))
        return
    if any(rules.exists for rules in found):
        for rules in found:
            yield from of_rules(rules, needs_reviewers=rules.name in names.reviewed, is_private=is_private)


def of_rules(rules: EnvironmentRules, *, needs_reviewers: bool, is_private: bool) -> Iterator[Diagnostic]:
    """Findings about one environment."""
    if not rules.exists:
        yield Diagnostic(
            Severity.ERROR,
            "environment",
            f"the repository has no environment named {rules.name}",
            "create it in the repository settings, limited to the deployed branch; GitHub creates a missing"
            " one without protection",
        )
        return
    if needs_reviewers and not rules.reviewers:
        detail = "add required reviewers in Settings, Environments"
        yield Diagnostic(
            Severity.ERROR,
            "environment-reviewers",
            f"the environment {rules.name} has no required reviewers, so its jobs start without an approval",
            f"{detail}; {PLANS}" if is_private else detail,
        )
    if needs_reviewers and rules.reviewers and rules.admins_may_bypass:
        yield Diagnostic(
            Severity.WARNING,
            "environment-bypass",
            f"administrators can start jobs of the environment {rules.name} without an approval",
            "disallow it in Settings, Environments; a rollout refuses such a job, but an operation does not",
        )
    if not rules.branches:
        yield Diagnostic(
            Severity.WARNING,
            "environment-branches",
            f"every branch can use the environment {rules.name}, and with it the role that writes",
            "limit its deployment branches to the branch that is rolled out",
        )


def _of_schedules(side: RepositorySide) -> Iterator[Diagnostic]:
    for name in SCHEDULED:
        try:
            state = side.workflow_state(name)
        except EksdnsError as error:
            summary = f"the state of the workflow {name} could not be read: {error.message}"
            yield Diagnostic(Severity.INFO, "workflow-state", summary, _readable(error.hint))
            return
        if state in {"", ACTIVE}:
            continue
        why = " after 60 days without a commit" if state == INACTIVE else ""
        yield Diagnostic(
            Severity.ERROR,
            "workflow-disabled",
            f"GitHub disabled the workflow {name}{why}, so its schedule does not run ({state})",
            f"enable it: gh workflow enable {name}",
        )


def _readable(hint: str) -> str:
    return f"the check needs the permission `actions: read`; {hint}"

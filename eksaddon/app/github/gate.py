"""An approval counts only if GitHub says who gave it."""

from collections import Counter
from collections.abc import Iterable, Sequence

from eksaddon.domain.access.reviews import EnvironmentApproval, EnvironmentRules
from eksaddon.domain.errors import EksdnsError, ExitCode

PLANS = (
    "required reviewers exist in public repositories, and in private ones with GitHub Enterprise;"
    " without them, use the workflow eksdns-operate with the operation approve, then resume"
)


def require_reviewers(rules: EnvironmentRules) -> None:
    """Refuse an environment that starts its jobs without an approval.

    Raises:
        EksdnsError: It does not exist, or has no required reviewers.
    """
    if rules.reviewers:
        return
    problem = "has no required reviewers" if rules.exists else "does not exist"
    raise EksdnsError(
        f"the environment {rules.name} {problem}, so its jobs start without an approval",
        hint=f"add required reviewers in Settings, Environments; {PLANS}",
        exit_code=ExitCode.REFUSED,
    )


def approvers_so_far(approvals: Iterable[EnvironmentApproval], environment: str) -> tuple[int, ...]:
    """Ids of the users who have approved the environment in this workflow run, with repetitions."""
    return tuple(sorted(one.user_id for one in approvals if one.environment == environment))


def approver(
    approvals: Sequence[EnvironmentApproval], rules: EnvironmentRules, before: Iterable[int]
) -> EnvironmentApproval:
    """Find who approved the environment since `before` was read.

    Args:
        before: Ids from `approvers_so_far`, read before the job waited.

    Raises:
        EksdnsError: No reviewer approved: the environment is unprotected, or an administrator bypassed it.
    """
    require_reviewers(rules)
    known, found = Counter(before), []
    for one in approvals:
        if one.environment != rules.name:
            continue
        if known[one.user_id]:
            known[one.user_id] -= 1
        elif one.is_person and _is_reviewer(one, rules):
            found.append(one)
    if found:
        return found[0]
    raise EksdnsError(
        f"GitHub has no approval of the environment {rules.name} for this job",
        hint="an administrator may have started it without one: disallow that in the environment's settings,"
        " then re-run the job",
        exit_code=ExitCode.REFUSED,
    )


def _is_reviewer(approval: EnvironmentApproval, rules: EnvironmentRules) -> bool:
    """Members of teams cannot be read with a workflow's token, so a team admits every user."""
    return any(each.is_team or each.id == approval.user_id for each in rules.reviewers)

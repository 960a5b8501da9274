"""Protection rules of a GitHub environment, and who approved it."""

from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A required reviewer.

    Attributes:
        name: Login of a user, or slug of a team.
    """

    id: int
    name: str
    is_team: bool = False


@dataclass(frozen=True, slots=True)
class EnvironmentRules:
    """Rules of an environment; one that does not exist has none, because GitHub creates it on first use.

    Attributes:
        reviewers: One approval of any of them is enough.
        admins_may_bypass: Administrators can start its jobs without an approval.
        branches: Whether only selected branches can use it.
    """

    name: str
    exists: bool = True
    reviewers: tuple[Reviewer, ...] = ()
    admins_may_bypass: bool = False
    branches: bool = False


@dataclass(frozen=True, slots=True)
class EnvironmentApproval:
    """One entry of a workflow run's approvals.

    GitHub's list has neither time nor job nor attempt (source: REST API, "Get the review history for a
    workflow run"), so entries are compared with those from before the wait.

    Attributes:
        is_person: A user, not an app.
    """

    environment: str
    user_id: int
    login: str
    is_person: bool = True

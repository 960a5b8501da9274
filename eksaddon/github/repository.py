"""Comments and issues of a repository."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from eksaddon.domain.access.reviews import EnvironmentApproval, EnvironmentRules, Reviewer
from eksaddon.domain.conversation import Comment, Issue, RepositoryIds, UnansweredError
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import JsonObject
from eksaddon.frozen import dataclass
from eksaddon.github.errors import GATEWAY, GitHubError
from eksaddon.github.rest import Rest
from eksaddon.regex import regex

NOT_FOUND, CONFLICT = 404, 409
NAME = regex(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository's comments, issues, ids and environments.

    Args:
        name: `owner/name`.

    Raises:
        EksdnsError: `name` has another format.
    """

    rest: Rest
    name: str

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name) or ".." in self.name:
            raise EksdnsError(
                f"invalid repository {self.name!r}, expected owner/name",
                hint="set --repository",
                exit_code=ExitCode.USAGE,
            )

    def comments(self, pull_request: int) -> Iterator[Comment]:
        return map(_comment, self.rest.pages(self._path(f"issues/{pull_request}/comments")))

    def add_comment(self, number: int, body: str) -> Comment:
        return _comment(self._create(f"issues/{number}/comments", {"body": body}))

    def edit_comment(self, comment: int, body: str) -> Comment:
        return _comment(self.rest.patch(self._path(f"issues/comments/{comment}"), {"body": body}))

    def issues(self, label: str) -> Iterator[Issue]:
        items = self.rest.pages(
            self._path("issues"), state="all", labels=label, sort="created", direction="desc"
        )
        return (_issue(each) for each in items if "pull_request" not in _object(each))

    def open_issue(self, title: str, body: str, label: str) -> Issue:
        return _issue(self._create("issues", {"title": title, "body": body, "labels": [label]}))

    def edit_issue(self, number: int, *, title: str, body: str, is_open: bool) -> Issue:
        state = "open" if is_open else "closed"
        reason = "reopened" if is_open else "completed"
        changes = {"title": title, "body": body, "state": state, "state_reason": reason}
        return _issue(self.rest.patch(self._path(f"issues/{number}"), changes))

    def ids(self) -> RepositoryIds:
        found = _object(self.rest.get(self._path("").rstrip("/")))
        owner = _object(found.get("owner"))
        return RepositoryIds(
            _text(owner, "login"),
            _text(found, "name"),
            _number(owner, "id"),
            _number(found, "id"),
            found.get("private") is True,
        )

    def environments(self) -> tuple[str, ...]:
        """Names of the first 100 environments."""
        found = _object(self.rest.get(self._path("environments"), per_page=100))
        return tuple(_text(_object(each), "name") for each in found.get("environments") or ())

    def environment(self, name: str) -> EnvironmentRules:
        """Protection rules of an environment."""
        try:
            found = _object(self.rest.get(self._path(f"environments/{quote(name, safe='')}")))
        except GitHubError as error:
            if error.status == NOT_FOUND:
                return EnvironmentRules(name, exists=False)
            raise
        rules = [_object(each) for each in found.get("protection_rules") or ()]
        reviewers = [
            _reviewer(_object(each))
            for rule in rules
            if rule.get("type") == "required_reviewers"
            for each in rule.get("reviewers") or ()
        ]
        return EnvironmentRules(
            name,
            reviewers=tuple(reviewers),
            admins_may_bypass=found.get("can_admins_bypass") is True,
            branches=found.get("deployment_branch_policy") is not None,
        )

    def approvals(self, run: int) -> tuple[EnvironmentApproval, ...]:
        """Approvals of the environments of a workflow run, over all its attempts."""
        found = self.rest.get(self._path(f"actions/runs/{run}/approvals"))
        if not isinstance(found, list):
            raise GitHubError("invalid response", "expected a JSON array")
        return tuple(
            EnvironmentApproval(
                _text(_object(environment), "name"),
                _number(user, "id"),
                _text(user, "login"),
                _text(user, "type") == "User",
            )
            for each in map(_object, found)
            if each.get("state") == "approved"
            for user in (_object(each.get("user")),)
            for environment in each.get("environments") or ()
        )

    def workflow_state(self, name: str) -> str:
        """State of a workflow by the name of its file, such as `active`; empty if there is none."""
        try:
            return _text(_object(self.rest.get(self._path(f"actions/workflows/{quote(name)}"))), "state")
        except GitHubError as error:
            if error.status == NOT_FOUND:
                return ""
            raise

    def commit_of(self, run: int) -> str:
        """Commit of a workflow run; empty if the run was deleted."""
        try:
            return _text(_object(self.rest.get(self._path(f"actions/runs/{run}"))), "head_sha")
        except GitHubError as error:
            if error.status == NOT_FOUND:
                return ""
            raise

    def last_commit(self, path: str, commit: str) -> str:
        """The newest commit that changed a file, from `commit` back; empty if there is none."""
        query = urlencode({"path": path, "sha": commit, "per_page": 1})
        found = self.rest.get(f"{self._path('commits')}?{query}")
        return next((_text(_object(one), "sha") for one in found or ()), "")

    def merged_pull_requests(self, commit: str, branch: str) -> tuple[int, ...]:
        """Numbers of the pull requests that brought a commit into a branch, newest merge first."""
        found = list(map(_object, self.rest.pages(self._path(f"commits/{quote(commit)}/pulls"))))
        merged = [
            (one["merged_at"], _number(one, "number"))
            for one in found
            if isinstance(one.get("merged_at"), str) and _text(_object(one.get("base")), "ref") == branch
        ]
        return tuple(number for _, number in sorted(merged, reverse=True))

    def cancel(self, run: int) -> bool:
        """Cancel a workflow run; returns False if it is already over."""
        try:
            self.rest.post(self._path(f"actions/runs/{run}/cancel"), {})
        except GitHubError as error:
            if error.status == CONFLICT:
                return False
            raise
        return True

    def _create(self, rest: str, document: JsonObject) -> Any:  # noqa: ANN401  # JSON
        try:
            return self.rest.post(self._path(rest), document)
        except GitHubError as error:
            if error.status == 0 or error.status in GATEWAY:
                raise UnansweredError(error.message, hint=error.hint) from None
            raise

    def _path(self, rest: str) -> str:
        return f"/repos/{self.name}/{rest}"


def _object(found: Any) -> Mapping[str, Any]:  # noqa: ANN401  # JSON
    if not isinstance(found, Mapping):
        raise GitHubError("invalid response", "expected a JSON object")
    return found


def _reviewer(found: Mapping[str, Any]) -> Reviewer:
    one, is_team = _object(found.get("reviewer")), found.get("type") == "Team"
    return Reviewer(_number(one, "id"), _text(one, "slug" if is_team else "login"), is_team)


def _text(found: Mapping[str, Any], key: str) -> str:
    value = found.get(key)
    return value if isinstance(value, str) else ""


def _number(found: Mapping[str, Any], key: str) -> int:
    value = found.get(key)
    if not isinstance(value, int):
        raise GitHubError("invalid response", f"{key} is not a number")
    return value


def _author(found: Mapping[str, Any]) -> str:
    """Login of the author; empty for a deleted account."""
    return _text(_object(found.get("user") or {}), "login")


def _comment(found: Any) -> Comment:  # noqa: ANN401  # JSON
    one = _object(found)
    return Comment(_number(one, "id"), _text(one, "body"), _author(one), _text(one, "html_url"))


def _issue(found: Any) -> Issue:  # noqa: ANN401  # JSON
    one = _object(found)
    return Issue(
        _number(one, "number"),
        _text(one, "title"),
        _text(one, "body"),
        _author(one),
        _text(one, "state") == "open",
        _text(one, "html_url"),
    )

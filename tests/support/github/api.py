"""A small stand-in for GitHub's REST API on the loopback: one repository with comments and issues."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.network.loopback import Answer, Loopback, Reply, Reset, Seen, loopback

BOT = "github-actions[bot]"
TOKEN = "ghs_secret"
MOST_CHARACTERS = 65_536
REPOSITORY = "acme/dns"


@dataclass
class GitHub:
    """What there is, and what was asked.

    Attributes:
        interrupt: Answers instead of us where it returns something; after the deed with `late`.
        carriage_returns: Text comes back as a browser would have sent it.
    """

    environments: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    approvals: list[dict[str, Any]] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    issues: list[dict[str, Any]] = field(default_factory=list)
    changed: dict[str, str] = field(default_factory=dict)
    """Last commit that changed a file, by path."""
    pulls: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """Pull requests by commit."""
    run_commits: dict[int, str] = field(default_factory=dict)
    """Commits of workflow runs."""
    workflows: dict[str, str] = field(default_factory=dict)
    """States of workflows by the names of their files."""
    is_private: bool = False
    writes: bool = True
    interrupt: Callable[[Seen], Answer | None] = lambda _: None
    late: Callable[[Seen], Answer | None] = lambda _: None
    carriage_returns: bool = False
    server: Loopback | None = None
    last_id: int = 100

    @property
    def url(self) -> str:
        assert self.server is not None
        return self.server.url

    def asked(self, method: str) -> list[Seen]:
        assert self.server is not None
        return [seen for seen in self.server.seen if seen.method == method]

    def add_comment(self, number: int, body: str, author: str = BOT) -> dict[str, Any]:
        self.last_id += 1
        url = f"https://github.test/{REPOSITORY}/pull/{number}#issuecomment-{self.last_id}"
        made = {"id": self.last_id, "body": body, "user": {"login": author}, "html_url": url}
        self.comments.setdefault(number, []).append(made)
        return made

    def add_issue(self, title: str, body: str, *, label: str, author: str = BOT, state: str = "open") -> int:
        number = len(self.issues) + 1
        made = {"number": number, "title": title, "body": body, "state": state, "user": {"login": author}}
        self.issues.append({**made, "labels": [{"name": label}], "html_url": f"https://github.test/{number}"})
        return number

    def answer(self, seen: Seen) -> Answer:
        cut = self.interrupt(seen)
        if cut is not None:
            return cut
        if seen.headers.get("authorization") != f"Bearer {TOKEN}":
            return refusal(401, "Bad credentials")
        if not self.writes and seen.method != "GET":
            return refusal(403, "Resource not accessible by integration")
        done = self._carried_out(seen)
        return self.late(seen) or done

    def _carried_out(self, seen: Seen) -> Answer:
        parts = seen.path.removeprefix(f"/repos/{REPOSITORY}").strip("/").split("/")
        query = {key: values[0] for key, values in parse_qs(urlsplit(seen.target).query).items()}
        match seen.method, parts:
            case "GET", [""]:
                owner = {"id": 123, "login": "acme"}
                return found({"id": 456, "name": "dns", "owner": owner, "private": self.is_private})
            case "GET", ["issues", number, "comments"]:
                return found(self._shown(page(self.comments.get(int(number), []), query)))
            case "POST", ["issues", number, "comments"]:
                return self._text(seen, lambda body: self.add_comment(int(number), body["body"]))
            case "PATCH", ["issues", "comments", wanted]:
                every = [one for some in self.comments.values() for one in some]
                one = next((one for one in every if one["id"] == int(wanted)), None)
                return refusal(404, "Not Found") if one is None else self._edit(seen, one)
            case "GET", ["issues"]:
                labelled = [
                    one
                    for one in reversed(self.issues)
                    if query["labels"] in [each["name"] for each in one["labels"]]
                ]
                return found(self._shown(page(labelled, query)))
            case "POST", ["issues"]:
                return self._text(seen, self._opened)
            case "PATCH", ["issues", wanted]:
                return self._edit(seen, self.issues[int(wanted) - 1])
        if (seen.method, parts) == ("GET", ["commits"]):
            commit = self.changed.get(query["path"])
            return found([{"sha": commit}] if commit else [])
        return self._of_actions(seen.method, parts)

    def merge(self, number: int, commit: str, branch: str = "main", at: str = "2026-11-30T12:00:00Z") -> None:
        """Merge a pull request, which becomes a commit of a branch."""
        pull = {"number": number, "merged_at": at, "base": {"ref": branch}}
        self.pulls.setdefault(commit, []).append(pull)

    def _of_actions(self, method: str, parts: list[str]) -> Answer:
        match method, parts:
            case "GET", ["commits", commit, "pulls"]:
                return found(self.pulls.get(commit, []))
            case "GET", ["environments"]:
                return found({"environments": [{"name": "eksdns-apply"}]})
            case "GET", ["environments", name]:
                return self._environment(unquote(name))
            case "GET", ["actions", "workflows", name]:
                state = self.workflows.get(name)
                return found({"state": state}) if state else refusal(404, "Not Found")
            case "GET", ["actions", "runs", run, "approvals"]:
                listed = [one for one in self.approvals if one["run"] == int(run)]
                return found([{key: value for key, value in one.items() if key != "run"} for one in listed])
            case "GET", ["actions", "runs", run]:
                sha = self.run_commits.get(int(run))
                return found({"id": int(run), "head_sha": sha}) if sha else refusal(404, "Not Found")
            case "POST", ["actions", "runs", run, "cancel"]:
                if int(run) in self.cancelled:
                    return refusal(409, "Cannot cancel a workflow run that is completed.")
                self.cancelled.append(int(run))
                return found({}, 202)
        return refusal(404, "Not Found")

    def protect(self, environment: str, *users: str) -> None:
        """Give an environment required reviewers; without any it exists and is open."""
        self.environments[environment] = [
            {"type": "User", "reviewer": {"id": number_of(user), "login": user}} for user in users
        ]

    def approve(self, run: int, environment: str, user: str) -> None:
        """As a reviewer does in the run's page; newest first."""
        self.approvals.insert(
            0,
            {
                "run": run,
                "environments": [{"id": 1, "name": environment}],
                "state": "approved",
                "user": {"login": user, "id": number_of(user), "type": "User"},
                "comment": "",
            },
        )

    def _environment(self, name: str) -> Answer:
        if name not in self.environments:
            return refusal(404, "Not Found")
        reviewers = self.environments[name]
        rules = [{"id": 1, "type": "required_reviewers", "reviewers": reviewers}] if reviewers else []
        return found(
            {
                "name": name,
                "protection_rules": rules,
                "deployment_branch_policy": {"custom_branch_policies": True},
                "can_admins_bypass": False,
            }
        )

    def _opened(self, body: dict[str, Any]) -> dict[str, Any]:
        return self.issues[self.add_issue(body["title"], body["body"], label=body["labels"][0]) - 1]

    def _edit(self, seen: Seen, one: dict[str, Any]) -> Answer:
        def edit(body: dict[str, Any]) -> dict[str, Any]:
            one.update(body)
            return one

        return self._text(seen, edit)

    def _text(self, seen: Seen, deed: Callable[[dict[str, Any]], dict[str, Any]]) -> Answer:
        body = seen.document
        if len(body.get("body", "")) > MOST_CHARACTERS or len(body.get("title", "")) > 256:
            return refusal(422, "Validation Failed: body is too long (maximum is 65536 characters)")
        return found(deed(body), 201 if seen.method == "POST" else 200)

    def _shown(self, listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if not self.carriage_returns:
            return listed
        return [{**one, "body": one["body"].replace("\n", "\r\n")} for one in listed]


def number_of(user: str) -> int:
    return 1000 + sum(user.encode())


def page(listed: list[dict[str, Any]], query: dict[str, str]) -> list[dict[str, Any]]:
    size = int(query.get("per_page", 30))
    start = (int(query.get("page", 1)) - 1) * size
    return listed[start : start + size]


def found(document: object, status: int = 200) -> Reply:
    return Reply(json.dumps(document).encode(), status, {"Content-Type": "application/json"})


def refusal(status: int, message: str, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(json.dumps({"message": message}).encode(), status, named)


def once(answer: Answer, *, method: str = "GET") -> Callable[[Seen], Answer | None]:
    """Answer the first request of a method so, and leave the others alone."""
    left = [answer]
    return lambda seen: left.pop() if left and seen.method == method else None


LOST = Reset()


@contextmanager
def github_api() -> Iterator[GitHub]:
    github = GitHub()
    with loopback(github.answer) as server:
        github.server = server
        yield github

"""Maintains one issue for drift reports: opens, updates and closes it."""

from typing import assert_never

from eksaddon.app.github.comment import has_marker, retrying
from eksaddon.app.github.names import WhenClosed
from eksaddon.domain.conversation import Issue
from eksaddon.frozen import dataclass
from eksaddon.ports.conversations import Conversations

LABEL = "eksdns-drift"
ALL_IN_SYNC = "All clusters are in sync and could be read."


@dataclass(frozen=True, slots=True)
class Wanted:
    """The desired issue.

    Attributes:
        mark: First line of the body, which identifies the issue.
        author: Issues of other logins are ignored.
    """

    title: str
    body: str
    mark: str
    author: str
    is_clean: bool
    when_closed: WhenClosed = WhenClosed.NEW


@dataclass(frozen=True, slots=True)
class Open:
    pass


@dataclass(frozen=True, slots=True)
class Update:
    """Update an open issue, or reopen a closed one."""

    issue: Issue


@dataclass(frozen=True, slots=True)
class Close:
    issue: Issue


@dataclass(frozen=True, slots=True)
class Leave:
    """Leave the issue unchanged.

    Attributes:
        why: Reason for the log.
    """

    why: str


Step = Open | Update | Close | Leave


def next_step(found: Issue | None, wanted: Wanted) -> Step:
    """Decide by our newest issue; open ones precede closed ones."""
    if wanted.is_clean:
        return Close(found) if found is not None and found.is_open else Leave("no drift")
    if found is None:
        return Open()
    if found.is_open:
        is_unchanged = found.title == wanted.title and found.body.replace("\r\n", "\n") == wanted.body
        return Leave("the issue is already up to date") if is_unchanged else Update(found)
    match wanted.when_closed:
        case WhenClosed.NEW:
            return Open()
        case WhenClosed.REOPEN:
            return Update(found)
        case WhenClosed.QUIET:
            return Leave("the issue was closed and is not reopened")
        case _:
            assert_never(wanted.when_closed)


def keep_issue(conversations: Conversations, wanted: Wanted) -> str:
    """Execute the next step, again from the current state after a lost response; returns what was done."""
    return retrying(lambda: _execute(next_step(_found(conversations, wanted), wanted), conversations, wanted))


def _found(conversations: Conversations, wanted: Wanted) -> Issue | None:
    """Find an open issue on any page, else the newest closed one."""
    closed = None
    for issue in conversations.issues(LABEL):
        if issue.author != wanted.author or not has_marker(issue.body, wanted.mark):
            continue
        if issue.is_open:
            return issue
        closed = closed or issue
    return closed


def _execute(step: Step, conversations: Conversations, wanted: Wanted) -> str:
    match step:
        case Open():
            issue = conversations.open_issue(wanted.title, wanted.body, LABEL)
            return f"issue #{issue.number} opened"
        case Update(issue=issue):
            conversations.edit_issue(issue.number, title=wanted.title, body=wanted.body, is_open=True)
            return f"issue #{issue.number} {'updated' if issue.is_open else 'reopened'}"
        case Close(issue=issue):
            conversations.edit_issue(issue.number, title=wanted.title, body=wanted.body, is_open=False)
            conversations.add_comment(issue.number, ALL_IN_SYNC)
            return f"issue #{issue.number} closed"
        case Leave(why=why):
            return f"no issue changed: {why}"
        case _:
            assert_never(step)

"""One issue for what a nightly drift report finds: opened, kept up to date, and closed when all is well."""

from dataclasses import dataclass
from typing import assert_never

from eksaddon.app.github.comment import bears, looking_again
from eksaddon.app.github.names import WhenClosed
from eksaddon.domain.conversation import Issue
from eksaddon.ports.conversations import Conversations

LABEL = "eksdns-drift"
ALL_WELL = "All clusters are in sync and could be read."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the issue is to say.

    Attributes:
        mark: The body's first line, by which it is found.
        author: Only an issue of this login counts.
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
    """An open issue gets another text; a closed one is opened again with it."""

    issue: Issue


@dataclass(frozen=True, slots=True)
class Close:
    issue: Issue


@dataclass(frozen=True, slots=True)
class Leave:
    """Attributes: why: For the log."""

    why: str


Step = Open | Update | Close | Leave


def next_step(found: Issue | None, wanted: Wanted) -> Step:
    """Decide by the newest issue of ours, open ones before closed ones."""
    if wanted.is_clean:
        return Close(found) if found is not None and found.is_open else Leave("no drift")
    if found is None:
        return Open()
    if found.is_open:
        same = found.title == wanted.title and found.body.replace("\r\n", "\n") == wanted.body
        return Leave("the issue is already up to date") if same else Update(found)
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
    """Do the next step, and after a lost answer the next one from where that led; returns what was done."""
    return looking_again(
        lambda: _carry_out(next_step(_found(conversations, wanted), wanted), conversations, wanted)
    )


def _found(conversations: Conversations, wanted: Wanted) -> Issue | None:
    """An open one wherever it stands in the list; to know that there is none takes all pages."""
    closed = None
    for issue in conversations.issues(LABEL):
        if issue.author != wanted.author or not bears(issue.body, wanted.mark):
            continue
        if issue.is_open:
            return issue
        closed = closed or issue
    return closed


def _carry_out(step: Step, conversations: Conversations, wanted: Wanted) -> str:
    match step:
        case Open():
            issue = conversations.open_issue(wanted.title, wanted.body, LABEL)
            return f"issue #{issue.number} opened"
        case Update(issue=issue):
            conversations.edit_issue(issue.number, title=wanted.title, body=wanted.body, is_open=True)
            return f"issue #{issue.number} {'updated' if issue.is_open else 'reopened'}"
        case Close(issue=issue):
            conversations.edit_issue(issue.number, title=wanted.title, body=wanted.body, is_open=False)
            conversations.add_comment(issue.number, ALL_WELL)
            return f"issue #{issue.number} closed"
        case Leave(why=why):
            return f"no issue changed: {why}"
        case _:
            assert_never(step)

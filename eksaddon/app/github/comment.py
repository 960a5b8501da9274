"""Maintains one comment on a pull request."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from eksaddon.domain.conversation import Comment, UnansweredError
from eksaddon.frozen import dataclass
from eksaddon.ports.conversations import Conversations

T = TypeVar("T")

ATTEMPTS = 3


class CommentAction(StrEnum):
    MADE = "made"
    EDITED = "edited"
    LEFT = "left unchanged"


@dataclass(frozen=True, slots=True)
class Posted:
    action: CommentAction
    comment: Comment


def put_comment(conversations: Conversations, pull_request: int, mark: str, body: str, author: str) -> Posted:
    """Edit the comment with the marker, or create it.

    Comments of other authors are ignored even with the marker, because they could edit them later. If
    creation gets no response, the comment is searched again, because it may have been created.
    """
    return retrying(lambda: _put(conversations, pull_request, mark, body, author))


def replace_comment(
    conversations: Conversations, pull_request: int, mark: str, body: str, author: str
) -> Posted | None:
    """Edit the comment with the marker; None if there is none, which is left so."""
    found = _found(conversations, pull_request, mark, author)
    if found is None:
        return None
    if _is_same_text(found.body, body):
        return Posted(CommentAction.LEFT, found)
    return Posted(CommentAction.EDITED, conversations.edit_comment(found.id, body))


def retrying(attempt: Callable[[], T]) -> T:
    """Retry from the current state if a response was lost."""
    for _ in range(ATTEMPTS - 1):
        try:
            return attempt()
        except UnansweredError:
            continue
    return attempt()


def _put(conversations: Conversations, pull_request: int, mark: str, body: str, author: str) -> Posted:
    found = _found(conversations, pull_request, mark, author)
    if found is None:
        return Posted(CommentAction.MADE, conversations.add_comment(pull_request, body))
    if _is_same_text(found.body, body):
        return Posted(CommentAction.LEFT, found)
    return Posted(CommentAction.EDITED, conversations.edit_comment(found.id, body))


def _found(conversations: Conversations, pull_request: int, mark: str, author: str) -> Comment | None:
    own = (one for one in conversations.comments(pull_request) if one.author == author)
    return next((one for one in own if has_marker(one.body, mark)), None)


def has_marker(body: str, mark: str) -> bool:
    """Whether a body starts with the marker; GitHub can add carriage returns to line feeds."""
    return body.split("\n", 1)[0].rstrip("\r") == mark


def _is_same_text(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").rstrip() == other.rstrip()

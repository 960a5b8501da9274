"""One comment on a pull request, made once and edited from then on."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from eksaddon.domain.conversation import Comment, UnansweredError
from eksaddon.ports.conversations import Conversations

T = TypeVar("T")

ATTEMPTS = 3


class Deed(StrEnum):
    MADE = "made"
    EDITED = "edited"
    LEFT = "left unchanged"


@dataclass(frozen=True, slots=True)
class Posted:
    deed: Deed
    comment: Comment


def put_comment(conversations: Conversations, pull_request: int, mark: str, body: str, author: str) -> Posted:
    """Edit the comment with the marker, or make it.

    A comment of somebody else does not count whatever stands in it: its author could change it after us.
    Where making it was not answered it is looked for again, since it may have been made.
    """
    return looking_again(lambda: _put(conversations, pull_request, mark, body, author))


def looking_again(attempt: Callable[[], T]) -> T:
    """Begin anew with what is there now where an answer was lost."""
    for _ in range(ATTEMPTS - 1):
        try:
            return attempt()
        except UnansweredError:
            continue
    return attempt()


def _put(conversations: Conversations, pull_request: int, mark: str, body: str, author: str) -> Posted:
    found = _found(conversations, pull_request, mark, author)
    if found is None:
        return Posted(Deed.MADE, conversations.add_comment(pull_request, body))
    if _same(found.body, body):
        return Posted(Deed.LEFT, found)
    return Posted(Deed.EDITED, conversations.edit_comment(found.id, body))


def _found(conversations: Conversations, pull_request: int, mark: str, author: str) -> Comment | None:
    ours = (one for one in conversations.comments(pull_request) if one.author == author)
    return next((one for one in ours if bears(one.body, mark)), None)


def bears(body: str, mark: str) -> bool:
    """GitHub gives back line feeds as they were sent, and may add a carriage return to each."""
    return body.split("\n", 1)[0].rstrip("\r") == mark


def _same(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").rstrip() == other.rstrip()

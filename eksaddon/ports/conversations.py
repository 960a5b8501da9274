"""Where a repository's pull requests and issues are discussed."""

from collections.abc import Iterator
from typing import Protocol

from eksaddon.domain.conversation import Comment, Issue


class Conversations(Protocol):
    """Pull requests' comments and the issues of one repository on GitHub.

    Every method raises EksdnsError where GitHub refuses or cannot be reached.
    """

    def comments(self, pull_request: int) -> Iterator[Comment]:
        """Oldest first, requested page by page as they are read."""
        ...

    def add_comment(self, number: int, body: str) -> Comment:
        """To a pull request or an issue."""
        ...

    def edit_comment(self, comment: int, body: str) -> Comment: ...

    def issues(self, label: str) -> Iterator[Issue]:
        """Open and closed ones with the label, newest first; pull requests are none."""
        ...

    def open_issue(self, title: str, body: str, label: str) -> Issue: ...

    def edit_issue(self, number: int, *, title: str, body: str, is_open: bool) -> Issue: ...


class History(Conversations, Protocol):
    """Conversations, and how commits came into a branch."""

    def last_commit(self, path: str, commit: str) -> str:
        """The newest commit that changed a file, from `commit` back; empty if there is none."""
        ...

    def merged_pull_requests(self, commit: str, branch: str) -> tuple[int, ...]:
        """Newest merge first."""
        ...

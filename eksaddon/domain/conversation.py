"""What is said about a fleet on GitHub: comments on pull requests, and issues."""

from dataclasses import dataclass

from eksaddon.domain.errors import EksdnsError


class UnansweredError(EksdnsError):
    """Whether the request was carried out is not known."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a pull request.

    Attributes:
        author: The login, as `github-actions[bot]`.
    """

    id: int
    body: str
    author: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    number: int
    title: str
    body: str
    author: str
    is_open: bool
    url: str = ""


@dataclass(frozen=True, slots=True)
class RepositoryIds:
    """A repository by name, and by the numbers that GitHub never gives to another one."""

    owner: str
    name: str
    owner_id: int
    id: int

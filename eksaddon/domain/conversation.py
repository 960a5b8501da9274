"""GitHub pull request comments, issues and repository ids."""

from eksaddon.domain.errors import EksdnsError
from eksaddon.frozen import dataclass


class UnansweredError(EksdnsError):
    """It is unknown whether the request was executed."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a pull request.

    Attributes:
        author: The login, such as `github-actions[bot]`.
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
    """A repository by name and by its numeric ids, which GitHub never reuses."""

    owner: str
    name: str
    owner_id: int
    id: int
    is_private: bool = False

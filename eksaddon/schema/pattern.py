"""How long matching a regular expression may take, so that a schema from outside cannot hang the program."""

from collections.abc import Iterator
from functools import lru_cache
from re import _constants as codes  # type: ignore[attr-defined]  # as below
from re import _parser as parser  # type: ignore[attr-defined]  # the only parser of Python's own syntax
from typing import Any

MOST_STEPS = 50_000_000
"""Of a backtracking match; about a second."""


def is_affordable(pattern: str, length: int) -> bool:
    """Whether Python can match a pattern against a text of this length in bounded time.

    Counted are the ways in which the text can be divided among the pattern's repeats and alternatives, from
    every start: each is tried once at most.

    Raises:
        re.error: It is no regular expression.
    """
    return _ways(pattern, length) * max(1, length) <= MOST_STEPS


@lru_cache(maxsize=1024)
def _ways(pattern: str, length: int) -> int:
    return _of_sequence(parser.parse(pattern), length)


def _of_sequence(parts: Any, length: int) -> int:  # noqa: ANN401  # of a private module
    ways: int = 1
    for code, argument in parts:
        ways = min(MOST_STEPS + 1, ways * _of_part(code, argument, length))
    return ways


def _of_part(code: Any, argument: Any, length: int) -> int:  # noqa: ANN401  # as above
    if code in {codes.MAX_REPEAT, codes.MIN_REPEAT, getattr(codes, "POSSESSIVE_REPEAT", None)}:
        least, most, inner = int(argument[0]), min(int(argument[1]), length), argument[2]
        within = _of_sequence(inner, length)
        if within > 1 and most > 1:
            return MOST_STEPS + 1
        return max(1, most - least + 1) * within
    if code is codes.BRANCH:
        return sum(_of_sequence(each, length) for each in argument[1])
    if code is codes.GROUPREF:
        return max(1, length)
    ways = 1
    for inner in _inside(argument):
        ways *= _of_sequence(inner, length)
    return ways


def _inside(argument: Any) -> Iterator[Any]:  # noqa: ANN401  # as above
    """Patterns within a group or an assertion."""
    if isinstance(argument, parser.SubPattern):
        yield argument
    elif isinstance(argument, tuple):
        for each in argument:
            yield from _inside(each)

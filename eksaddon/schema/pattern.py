"""Limits the time of regular expression matching, so that an external schema cannot hang the program."""

import re
from collections.abc import Iterator
from functools import lru_cache
from re import _constants as codes  # type: ignore[attr-defined]  # as below
from re import _parser as parser  # type: ignore[attr-defined]  # the only parser of Python's own syntax
from typing import Any

MOST_STEPS = 50_000_000
"""Steps of a backtracking match; about one second."""


def is_affordable(pattern: str, length: int) -> bool:
    """Whether Python can match a pattern against a text of this length in bounded time.

    The bound is the number of ways to divide the text among the pattern's repeats and alternatives, from
    every start: backtracking tries each of them at most once.

    Raises:
        re.error: The pattern is not a valid regular expression.
    """
    return _ways(pattern, length) * max(1, length) <= MOST_STEPS


def matches(pattern: str, text: str) -> bool:
    """Whether `re.search` finds the pattern; it backtracks, so the time is bounded first.

    Raises:
        ValueError: The match could exceed the time limit.
    """
    if not is_affordable(pattern, len(text)):
        raise ValueError(f"the pattern {pattern!r:.60} could take forever")
    return re.search(pattern, text) is not None


@lru_cache(maxsize=1024)
def _ways(pattern: str, length: int) -> int:
    return _sequence_ways(parser.parse(pattern), length)


def _sequence_ways(parts: Any, length: int) -> int:  # noqa: ANN401  # types of a private module
    ways: int = 1
    for code, argument in parts:
        ways = min(MOST_STEPS + 1, ways * _part_ways(code, argument, length))
    return ways


def _part_ways(code: Any, argument: Any, length: int) -> int:  # noqa: ANN401  # as above
    if code in {codes.MAX_REPEAT, codes.MIN_REPEAT, getattr(codes, "POSSESSIVE_REPEAT", None)}:
        least, most, inner = int(argument[0]), min(int(argument[1]), length), argument[2]
        inner_ways = _sequence_ways(inner, length)
        if inner_ways > 1 and most > 1:
            return MOST_STEPS + 1
        return max(1, most - least + 1) * inner_ways
    if code is codes.BRANCH:
        return sum(_sequence_ways(each, length) for each in argument[1])
    if code is codes.GROUPREF:
        return max(1, length)
    ways = 1
    for inner in _nested_patterns(argument):
        ways *= _sequence_ways(inner, length)
    return ways


def _nested_patterns(argument: Any) -> Iterator[Any]:  # noqa: ANN401  # as above
    """Yield the patterns inside a group or an assertion."""
    if isinstance(argument, parser.SubPattern):
        yield argument
    elif isinstance(argument, tuple):
        for each in argument:
            yield from _nested_patterns(each)

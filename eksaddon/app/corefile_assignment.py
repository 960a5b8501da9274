"""Parses assignments such as `".:53".forward[2].max_concurrent=1000`."""

import re
from dataclasses import dataclass

from eksaddon.corefile.editing.edits import RemoveProperty, Request, SetArguments, SetProperty
from eksaddon.domain.errors import EksdnsError, ExitCode

EXAMPLES = "lameduck=20s, cache=30, forward.max_concurrent=1000 or '\".:53\".forward[2].policy=random'"

_PLACE = re.compile(
    r"""(?:"(?P<block>[^"]+)"\.)?            # a key of the server block
        (?P<directive>[^\s."\[\]=]+)
        (?:\[(?P<nth>[0-9]{1,6})\])?         # which of several, from 1
        (?:\.(?P<name>[^\s"\[\]=]+))?""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One change of a Corefile.

    Attributes:
        block: A key of the server block, such as `.:53`; None if not given.
    """

    request: Request
    block: str | None


def read_assignment(text: str) -> Assignment:
    """Read `["KEY".]DIRECTIVE[N][.PROPERTY]=WORDS`; a property without words is removed.

    `lameduck` alone stands for `health.lameduck`.

    Raises:
        EksdnsError: Invalid syntax.
    """
    target, equals, value = _split(text)
    found = _PLACE.fullmatch(target)
    if not equals or found is None or found["nth"] == "0":
        raise EksdnsError(f"invalid assignment {text!r}", hint=f"write {EXAMPLES}", exit_code=ExitCode.USAGE)
    nth = None if found["nth"] is None else int(found["nth"])
    return Assignment(_request(found["directive"], nth, found["name"], tuple(value.split())), found["block"])


def _split(text: str) -> tuple[str, str, str]:
    """Split at the first `=` that is not part of a quoted key."""
    start = text.find('"', 1) + 1 if text.startswith('"') else 0
    at = text.find("=", start)
    return (text, "", "") if at < 0 else (text[:at], "=", text[at + 1 :])


def _request(directive: str, nth: int | None, name: str | None, words: tuple[str, ...]) -> Request:
    if directive == "lameduck" and not name:
        directive, name = "health", "lameduck"
        return SetProperty(directive, name, words, nth)
    if not name:
        return SetArguments(directive, words, nth)
    return SetProperty(directive, name, words, nth) if words else RemoveProperty(directive, name, nth)

"""What CoreDNS accepts before an edit, it accepts after it: every edit of every collected Corefile."""

import functools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from eksaddon.corefile import Surroundings, decode, encode, parse
from eksaddon.corefile.editing.edit import edit
from eksaddon.corefile.editing.edits import (
    Edited,
    Reason,
    Refused,
    RemoveDirective,
    SetArguments,
    SetProperty,
)
from eksaddon.corefile.editing.lameduck import set_lameduck
from tests.e2e.collection import Collected, collected
from tests.e2e.coredns_release import CURRENT, OLD, judged

pytestmark = pytest.mark.e2e

EditFile = Callable[[str, str | None, Surroundings], Edited | Refused]


def lameduck(text: str, block: str | None, surroundings: Surroundings) -> Edited | Refused:
    return set_lameduck(text, "17s", block=block, surroundings=surroundings)


def cache(text: str, block: str | None, surroundings: Surroundings) -> Edited | Refused:
    return edit(text, SetArguments("cache", ("41",)), block=block, surroundings=surroundings)


def prefetch(text: str, block: str | None, surroundings: Surroundings) -> Edited | Refused:
    request = SetProperty("cache", "prefetch", ("5", "1m"))
    return edit(text, request, block=block, surroundings=surroundings)


def no_errors(text: str, block: str | None, surroundings: Surroundings) -> Edited | Refused:
    return edit(text, RemoveDirective("errors"), block=block, surroundings=surroundings)


EDITS = (lameduck, cache, prefetch, no_errors)
UNDERSTOOD = {Reason.AMBIGUOUS, Reason.FROM_SNIPPET, Reason.FROM_ENVIRONMENT, Reason.STRUCTURE}
"""Why a Corefile that CoreDNS accepts may still be none to edit."""


@dataclass(frozen=True, slots=True)
class Attempt:
    source: Collected
    block: str | None
    outcome: Edited | Refused

    def __str__(self) -> str:
        return f"{self.source.id} {self.block or 'whole file'}"


@functools.cache
def attempts(edit_file: EditFile) -> tuple[Attempt, ...]:
    """The edit of the whole file, and of each of its server blocks."""
    return tuple(
        Attempt(source, block, edit_file(text, block, surroundings))
        for source in collected("ok")
        for surroundings in [Surroundings(environment=source.case.env)]
        for text in [decode(source.case.corefile)]
        for block in (None, *(f"#{number + 1}" for number in range(len(parse(text, surroundings).blocks))))
    )


@pytest.mark.parametrize("version", [CURRENT, OLD])
@pytest.mark.parametrize("edit_file", EDITS)
def test_coredns_accepts_every_edit_of_what_it_accepted_before(
    edit_file: EditFile, version: str, tmp_path: Path
) -> None:
    sources = collected("ok")
    before = dict(zip(sources, judged([source.case for source in sources], tmp_path, version), strict=True))
    made = [
        (one, replace(one.source.case, corefile=encode(one.outcome.text)))
        for one in attempts(edit_file)
        if isinstance(one.outcome, Edited) and before[one.source].ok
    ]
    after = judged([case for _, case in made], tmp_path, version)
    refused = [
        f"{one}: {verdict.error}" for (one, _), verdict in zip(made, after, strict=True) if not verdict.ok
    ]
    assert refused == []
    assert len(made) > len(sources)


def test_the_unedited_ones_are_all_accepted_by_the_newest_release(tmp_path: Path) -> None:
    sources = collected("ok")
    verdicts = judged([source.case for source in sources], tmp_path)
    assert [source.id for source, verdict in zip(sources, verdicts, strict=True) if not verdict.ok] == []


def test_nearly_every_block_can_be_given_a_lameduck_and_a_refusal_says_why() -> None:
    reasons = Counter(
        one.outcome.reason if isinstance(one.outcome, Refused) else "edited"
        for one in attempts(lameduck)
        if one.block is not None
    )
    print(dict(reasons))  # noqa: T201  # the numbers are worth reading
    assert reasons["edited"] / reasons.total() > 0.95
    assert set(reasons) - {"edited"} <= UNDERSTOOD

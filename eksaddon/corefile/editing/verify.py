"""Verifies that an edit has exactly the intended effect."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from eksaddon.corefile.editing.edits import Edit, apply
from eksaddon.corefile.syntax.dispenser import Occurrence, occurrences
from eksaddon.corefile.syntax.tree import Corefile, ServerBlock
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Reading:
    """An occurrence of a directive as read by its plugin.

    Attributes:
        starts: Positions of its name and of its properties in the Corefile; -1 for imported ones.
    """

    starts: tuple[int, ...]
    name: str
    args: tuple[str, ...]
    properties: tuple[tuple[str, ...], ...] = ()

    def with_property(self, start: int, words: tuple[str, ...] | None) -> "Reading":
        """Replace the words of the property at a position; None removes it."""
        changed = [
            words if at == start else each for at, each in zip(self.starts[1:], self.properties, strict=True)
        ]
        return replace(self, properties=tuple(each for each in changed if each is not None))


Change = Callable[[Reading], Reading | None]
"""The planned reading; None to remove the directive."""


@dataclass(frozen=True, slots=True)
class Intent:
    """The intended effect of an edit on the plugins.

    Attributes:
        directive: The directive that changes; others must be unchanged.
        start: Position of the directive or property to change, or of the first key of the block to add to.
        change: For a new directive it is called with a reading without words.
        is_new: Whether the occurrence is inserted.
    """

    directive: str
    start: int
    change: Change
    is_new: bool = False


def find_problem(before: Corefile, after: Corefile, edits: Sequence[Edit], intent: Intent) -> str:
    """Why the edit cannot be verified; empty if it is verified."""
    if after.fault is not None:
        return f"CoreDNS would reject the result: {after.fault.text}"
    if apply(after.text, _inverse(before.text, edits)) != before.text:
        return "text outside the edited spans would change"
    if [token.text for token in after.tokens] != list(_expected_words(before, edits)):
        return "words other than the planned ones would change"
    if [block.keys for block in after.blocks] != [block.keys for block in before.blocks]:
        return "the server blocks would change"
    for old, new in zip(before.blocks, after.blocks, strict=True):
        expected, found = _expected(old, intent), readings(new)
        if expected != found:
            names = sorted(name for name in {*expected, *found} if expected.get(name) != found.get(name))
            return f"`{names[0]}` would be read differently than planned"
    return ""


def _inverse(before: str, edits: Sequence[Edit]) -> Iterator[Edit]:
    shift = 0
    for edit in edits:
        start = edit.start + shift
        yield Edit(start, start + len(edit.new), before[edit.start : edit.end])
        shift += len(edit.new) - (edit.end - edit.start)


def _expected_words(before: Corefile, edits: Sequence[Edit]) -> Iterator[str]:
    """The old words, with those inside the edited spans replaced."""
    remaining = list(edits)
    for token in before.tokens:
        while remaining and remaining[0].end <= token.start:
            yield from remaining.pop(0).words
        if not (remaining and remaining[0].start <= token.start and token.end <= remaining[0].end):
            yield token.text
    for edit in remaining:
        yield from edit.words


def _reading(occurrence: Occurrence) -> Reading:
    names = (occurrence.name, *(each.name for each in occurrence.properties))
    return Reading(
        tuple(-1 if name.file else name.start for name in names),
        occurrence.name.text,
        tuple(token.text for token in occurrence.args),
        tuple(each.words for each in occurrence.properties),
    )


def _readings(block: ServerBlock) -> dict[str, list[Reading]]:
    return {
        name: [_reading(occurrence) for occurrence in occurrences(tokens)]
        for name, tokens in block.groups.items()
    }


_Meaning = tuple[str, tuple[str, ...], tuple[tuple[str, ...], ...]]


def readings(block: ServerBlock) -> dict[str, list[_Meaning]]:
    """What the plugins of a block read, without positions."""
    return _meanings(_readings(block))


def _meanings(found: Mapping[str, Sequence[Reading]]) -> dict[str, list[_Meaning]]:
    """Without the places, which an edit moves."""
    return {
        name: [(each.name, each.args, each.properties) for each in those] for name, those in found.items()
    }


def _expected(block: ServerBlock, intent: Intent) -> dict[str, list[_Meaning]]:
    found = _readings(block)
    present = found.get(intent.directive, [])
    if intent.is_new and not block.key_tokens[0].file and block.key_tokens[0].start == intent.start:
        present = [*present, Reading((intent.start,), intent.directive, ())]
    changed = [intent.change(each) if intent.start in each.starts else each for each in present]
    found[intent.directive] = [each for each in changed if each is not None]
    if not found[intent.directive]:
        del found[intent.directive]
    return _meanings(found)

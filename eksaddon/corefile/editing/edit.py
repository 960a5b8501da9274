"""Sets, inserts and removes arguments and properties of any directive."""

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from eksaddon.corefile.editing.editor import Editor
from eksaddon.corefile.editing.edits import (
    Edited,
    Reason,
    Refused,
    RefusedError,
    RemoveDirective,
    RemoveProperty,
    Request,
    Require,
    SetArguments,
    SetProperty,
    SetSlot,
)
from eksaddon.corefile.editing.verify import Intent, Reading
from eksaddon.corefile.plugins.values import read_integer
from eksaddon.corefile.syntax.dispenser import Occurrence, Property
from eksaddon.corefile.syntax.surroundings import STOCK, Surroundings
from eksaddon.corefile.syntax.tree import ServerBlock


def edit(
    text: str,
    request: Request,
    *,
    block: str | None = None,
    in_snippet: bool = False,
    surroundings: Surroundings = STOCK,
) -> Edited | Refused:
    """Execute a request, or refuse it with a reason; the text is unchanged if it already matches.

    Args:
        block: A key such as `.:53`, or `#2` for the second; None for the only block with the directive, else
            the one that serves `.` on port 53.
        in_snippet: Allow edits of a snippet that is imported in several places.
    """
    try:
        editor = Editor(text, surroundings, in_snippet=in_snippet)
        return _Request(editor, editor.choose_block(block, request.directive)).carry_out(request)
    except RefusedError as error:
        return error.refused


class _Request:
    def __init__(self, editor: Editor, block: ServerBlock) -> None:
        self._editor = editor
        self._block = block

    def carry_out(self, request: Request) -> Edited:
        found = self._occurrence(request.directive, request.nth)
        match request:
            case SetArguments(args=args):
                return insert(self._editor, self._block, request) if found is None else self._set(found, args)
            case SetSlot():
                return self._set_slot(found, request)
            case SetProperty():
                return (
                    insert(self._editor, self._block, request)
                    if found is None
                    else self._set_property(found, request)
                )
            case Require():
                return self._require(found, request)
            case RemoveProperty():
                return self._editor.unchanged() if found is None else self._remove_property(found, request)
            case RemoveDirective():
                return self._editor.unchanged() if found is None else self._remove_directive(found, request)
            case _:
                assert_never(request)

    def _occurrence(self, directive: str, nth: int | None) -> Occurrence | None:
        found = self._editor.own_occurrences(self._block, directive)
        if nth is not None and not 1 <= nth <= len(found):
            message = (
                f"the server block has {len(found)} `{directive}` directives, so there is no number {nth}"
            )
            hint = "without a number it is added if there is none" if not found else ""
            raise self._editor.refuse(Reason.AMBIGUOUS, message, self._block.key_tokens[0], hint)
        if nth is None and len(found) > 1:
            message = f"the server block has {len(found)} `{directive}` directives"
            hint = f"choose one by its number, such as `{directive}[2]`"
            raise self._editor.refuse(Reason.AMBIGUOUS, message, found[0].name, hint)
        return found[(nth or 1) - 1] if found else None

    def _set(self, found: Occurrence, args: Sequence[str]) -> Edited:
        return self._set_exactly(found, (*args, *_kept(found, args)))

    def _set_exactly(self, found: Occurrence, args: Sequence[str]) -> Edited:
        editor = self._editor
        edits = editor.planner.set_words(found.name, found.args, args)
        if edits:
            editor.require_editable(found.name.text, (found.name, *found.args))
        words = editor.expand(args)
        intent = Intent(found.name.text, found.name.start, lambda reading: replace(reading, args=words))
        return editor.finish(edits, intent)

    def _set_slot(self, found: Occurrence | None, request: SetSlot) -> Edited:
        slot, directive = request.slot, request.directive
        old = () if found is None else tuple(token.text for token in found.args)
        if not request.args and len(old) <= slot.start:
            return self._editor.unchanged()
        if found is None:
            return insert(self._editor, self._block, SetArguments(directive, (*slot.before, *request.args)))
        if not (request.args or slot.is_number or slot.is_rest) and len(old) > slot.start + 1:
            message = (
                f"without `{old[slot.start]}`, `{directive}` would read `{old[slot.start + 1]}` in its place"
            )
            hint = f"set all words of the line, as {directive}='{' '.join(old)}'"
            raise self._editor.refuse(Reason.BAD_VALUE, message, found.name, hint)
        is_there = not slot.is_number or (bool(old) and read_integer(old[0]) is not None)
        end = len(old) if slot.is_rest else slot.start + 1
        head = old[: slot.start] if len(old) >= slot.start else (*old, *slot.before[len(old) :])
        return self._set_exactly(found, (*head, *request.args, *old[end if is_there else 0 :]))

    def _require(self, found: Occurrence | None, request: Require) -> Edited:
        if found is not None and (
            not request.name or self._property(found, request.name, request.number) is not None
        ):
            return self._editor.unchanged()
        if not request.name:
            return insert(self._editor, self._block, SetArguments(request.directive, ()))
        wanted = SetProperty(request.directive, request.name)
        if found is None:
            return insert(self._editor, self._block, wanted)
        return self._set_property(found, wanted)

    def _set_property(self, found: Occurrence, request: SetProperty) -> Edited:
        old = self._property(found, request.name, request.number)
        return set_property(self._editor, found, old, request)

    def _property(self, found: Occurrence, name: str, number: int | None) -> Property | None:
        """The property; None if there is none, and none was chosen by its number."""
        named = [each for each in found.properties if each.name.text == name]
        if number is not None:
            if number <= len(named):
                return named[number - 1]
            message = f"`{found.name.text}` sets `{name}` {len(named)} times, so there is no number {number}"
            raise self._editor.refuse(Reason.AMBIGUOUS, message, found.name)
        if len(named) > 1:
            message = f"`{found.name.text}` sets `{name}` {len(named)} times"
            hint = f"choose one by its number, such as `{found.name.text}.{name}[2]`"
            raise self._editor.refuse(Reason.AMBIGUOUS, message, named[0].name, hint)
        return named[0] if named else None

    def _remove_property(self, found: Occurrence, request: RemoveProperty) -> Edited:
        editor = self._editor
        gone = self._property(found, request.name, request.number)
        if gone is None:
            return editor.unchanged()
        start = gone.name.start
        editor.require_editable(request.directive, (gone.name, *gone.args))
        edits = editor.planner.remove_property(found, gone)
        return editor.finish(
            edits, Intent(request.directive, start, lambda reading: reading.with_property(start, None))
        )

    def _remove_directive(self, found: Occurrence, request: RemoveDirective) -> Edited:
        editor = self._editor
        directive = next(
            each for each in self._block.named(request.directive) if each.tokens[0] is found.name
        )
        if directive.imports:
            message = f"`{request.directive}` contains an import"
            raise editor.refuse(Reason.FROM_SNIPPET, message, directive.imports[0].keyword)
        editor.require_editable(request.directive, directive.tokens)
        edits = editor.planner.remove_directive(directive)
        return editor.finish(edits, Intent(request.directive, found.name.start, lambda _: None))


TTL_THEN_ZONES = frozenset({"cache"})
"""Directives whose line is `[TTL] [ZONES...]` (source: coredns, plugin/cache/setup.go)."""


def _kept(found: Occurrence, args: Sequence[str]) -> tuple[str, ...]:
    """The zones of the line, which are kept if only the TTL is set."""
    old = [token.text for token in found.args]
    if found.name.text not in TTL_THEN_ZONES or len(args) != 1 or read_integer(args[0]) is None:
        return ()
    return tuple(old[1:] if old and read_integer(old[0]) is not None else old)


POSITIONAL = frozenset({
    ("cache", "success"), ("cache", "denial"), ("cache", "prefetch"), ("cache", "serve_stale"),
    ("forward", "health_check"),
})  # fmt: skip
"""Properties whose words each have a meaning by position (source: setup of each plugin)."""


def _rest(request: SetProperty, old: Property) -> tuple[str, ...]:
    """The words after those that are set: `cache.success=5000` keeps the TTL."""
    is_positional = (request.directive, request.name) in POSITIONAL
    return tuple(token.text for token in old.args[len(request.args) :]) if is_positional else ()


def set_property(editor: Editor, found: Occurrence, old: Property | None, request: SetProperty) -> Edited:
    """Change or add a property of an occurrence.

    Args:
        old: The property to change; None to add one.

    Raises:
        RefusedError: Not possible, or the result cannot be verified.
    """
    words = (request.name, *editor.expand(request.args))
    if old is None:
        return _add_property(editor, found, request, words)
    start = old.name.start
    args = (*request.args, *_rest(request, old))
    words = (request.name, *editor.expand(args))
    edits = editor.planner.set_words(old.name, old.args, args)
    if edits:
        editor.require_editable(request.directive, (old.name, *old.args))
    return editor.finish(
        edits, Intent(request.directive, start, lambda reading: reading.with_property(start, words))
    )


def _add_property(editor: Editor, found: Occurrence, request: SetProperty, words: tuple[str, ...]) -> Edited:
    tokens = (found.name, *found.args, *([found.opening] if found.opening else []))
    editor.require_own(tokens, editor.uses(request.directive, found.name))
    edits, at = editor.planner.add_property(found, (request.name, *request.args))

    def change(reading: Reading) -> Reading:
        return replace(reading, properties=(*reading.properties[:at], words, *reading.properties[at:]))

    return editor.finish(edits, Intent(request.directive, found.name.start, change))


def insert(editor: Editor, block: ServerBlock, request: SetArguments | SetProperty) -> Edited:
    """Add a directive that the block does not have.

    Raises:
        RefusedError: Not possible, or the result cannot be verified.
    """
    anchor = editor.insertion_point(block)
    inner = None if isinstance(request, SetArguments) else (request.name, *request.args)
    words = (request.directive, *(request.args if isinstance(request, SetArguments) else ()))
    reading = Reading(
        (-1,),
        request.directive,
        editor.expand(words[1:]),
        () if inner is None else (editor.expand(inner),),
    )
    edits = editor.planner.add_directive(block, anchor, words, inner)
    return editor.finish(
        edits, Intent(request.directive, block.key_tokens[0].start, lambda _: reading, is_new=True)
    )

"""Sets the lameduck of health, which determines how long CoreDNS answers after SIGTERM."""

from eksaddon.corefile.editing.edit import insert, set_property
from eksaddon.corefile.editing.editor import Editor, block_name
from eksaddon.corefile.editing.edits import Edited, Reason, Refused, RefusedError, SetProperty
from eksaddon.corefile.meaning.durations import NotADuration, parse_duration, short_duration
from eksaddon.corefile.meaning.health import LAMEDUCK, NAME, Health
from eksaddon.corefile.meaning.resolve import BlockLameduck, Lameducks, lameducks
from eksaddon.corefile.meaning.serving import main_block
from eksaddon.corefile.syntax.surroundings import STOCK, Surroundings


def set_lameduck(
    text: str,
    duration: str,
    *,
    block: str | None = None,
    in_snippet: bool = False,
    surroundings: Surroundings = STOCK,
) -> Edited | Refused:
    """Set the lameduck, or refuse with a reason.

    Without `block`, the duration applies to the whole process, because its total must fit the pod's grace
    period and the blocks add up. It is set in the block that has a lameduck, else in the main one. If several
    blocks have one, `block` is required.

    Args:
        duration: Go duration, written as given; zero or negative for none.
        block: A key such as `.:53`, or `#2` for the second.
        in_snippet: Allow edits of a snippet that is imported in several places.
    """
    try:
        nanoseconds = _read(duration)
        editor = Editor(text, surroundings, in_snippet=in_snippet)
        found = lameducks(editor.before, surroundings.filename)
        editor.refuse_fault(found.fault)
        if block is None and found.blocks and found.total == nanoseconds:
            return editor.unchanged()
        target = _target(editor, found, block)
        if target.nanoseconds == nanoseconds:
            return editor.unchanged()
        edited = _set(editor, target, duration)
        number = None if block is None else [each is target for each in found.blocks].index(True)
        _prove(editor, edited, number, nanoseconds)
    except RefusedError as error:
        return error.refused
    return edited


def _read(duration: str) -> int:
    nanoseconds = parse_duration(duration)
    if isinstance(nanoseconds, NotADuration):
        is_number = duration.isascii() and duration.isdigit()
        hint = f"use `{duration}s`" if is_number else "examples: `20s`, `1m30s`"
        raise RefusedError(Refused(Reason.BAD_VALUE, nanoseconds.message, hint))
    return max(0, nanoseconds)


def _target(editor: Editor, found: Lameducks, selector: str | None) -> BlockLameduck:
    if selector is not None:
        block = editor.choose_block(selector, NAME)
        return next(each for each in found.blocks if each.block is block)
    waiting = [each for each in found.blocks if each.nanoseconds]
    if len(waiting) > 1:
        raise _add_up(editor, found, waiting)
    if waiting:
        return waiting[0]
    candidates = [each for each in found.blocks if each.has_health] or list(found.blocks)
    if not candidates:
        raise editor.refuse(Reason.NO_SUCH_BLOCK, "the Corefile has no server block")
    main = main_block(editor.before)
    return next((each for each in candidates if each.block is main), candidates[0])


def _add_up(editor: Editor, found: Lameducks, waiting: list[BlockLameduck]) -> RefusedError:
    parts = ", ".join(f"{block_name(each.block)} {short_duration(each.nanoseconds)}" for each in waiting)
    message = f"{len(waiting)} server blocks have a lameduck, {short_duration(found.total)} in total"
    token = waiting[0].block.key_tokens[0]
    hint = "keep a lameduck in one server block; `eksdns corefile set --block KEY` changes a single one"
    return editor.refuse(Reason.AMBIGUOUS, f"{message}: {parts}", token, hint)


def _set(editor: Editor, target: BlockLameduck, duration: str) -> Edited:
    request = SetProperty(NAME, LAMEDUCK, (duration,))
    own = editor.own_occurrences(target.block, NAME)
    if not isinstance(target.health, Health):
        return insert(editor, target.block, request)
    if target.health.value is None:
        return set_property(editor, own[-1], None, request)
    holder, value = target.health.holder, target.health.value
    old = next(each for each in holder.properties if any(arg is value for arg in each.args))
    return set_property(editor, holder, old, request)


def _prove(editor: Editor, edited: Edited, number: int | None, nanoseconds: int) -> None:
    """Check the resulting lameduck.

    Args:
        number: Index of the selected block; None for the whole process.
    """
    after = edited.lameducks_after
    found = after.total if number is None else after.blocks[number].nanoseconds
    if found != nanoseconds:
        what = "the process" if number is None else "the block"
        raise editor.not_proven(f"{what} would wait {short_duration(found)} in total")

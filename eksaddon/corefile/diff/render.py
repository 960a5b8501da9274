"""Renders a difference for the terminal."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import assert_never

from eksaddon.corefile.diff.difference import (
    BlockAdded,
    BlockChange,
    BlockChanged,
    BlockRemoved,
    Comparison,
    Difference,
    DirectiveChange,
    Incomparable,
)
from eksaddon.corefile.diff.statements import Statement, Words
from eksaddon.corefile.lint.render import Piece, Row, Style
from eksaddon.corefile.syntax.tree import Fault
from eksaddon.domain.printable import on_one_line


def render_comparison(found: Comparison) -> tuple[Row, ...]:
    match found:
        case Difference(changes=()):
            return ((Piece("both Corefiles are equivalent to CoreDNS"),),)
        case Difference(changes=changes):
            return tuple(row for change in changes for row in (*_block(change), ()))[:-1]
        case Incomparable(before=before, after=after):
            return (*_refused("first", before), *_refused("second", after))
        case _:
            assert_never(found)


def _refused(which: str, fault: Fault | None) -> Iterator[Row]:
    if fault is not None:
        words = f"CoreDNS cannot parse the {which} Corefile: {on_one_line(fault.text)}"
        yield (Piece("error: ", Style.ERROR), Piece(words))


def _block(change: BlockChange) -> Iterator[Row]:
    name = on_one_line(" ".join(change.keys))
    match change:
        case BlockAdded():
            yield (Piece(f"+ {name}", Style.ADDED), Piece("  server block added"))
        case BlockRemoved():
            yield (Piece(f"- {name}", Style.REMOVED), Piece("  server block removed"))
        case BlockChanged(gained=gained, lost=lost):
            yield (Piece(f"  {name}", Style.HEADING),)
            yield from _keys(lost, "-", Style.REMOVED)
            yield from _keys(gained, "+", Style.ADDED)
        case _:
            assert_never(change)
    for directive in change.directives:
        yield from _directive(directive)


def _keys(keys: Words, sign: str, style: Style) -> Iterator[Row]:
    for key in keys:
        yield (Piece(f"{sign}     zone {on_one_line(key)}", style),)


def _directive(change: DirectiveChange) -> Iterator[Row]:
    """Rows of a directive, without common occurrences unless only their order changed."""
    old, new = _only(change.before, change.after), _only(change.after, change.before)
    if not old and not new:
        yield (Piece(f"      {on_one_line(change.name)}: same values, different order", Style.HEADING),)
        old, new = list(change.before), list(change.after)
    if len(old) == len(new) == 1 and old[0].head.meaning == new[0].head.meaning:
        yield from _properties(old[0], new[0])
        return
    for sign, style, statements in (("-", Style.REMOVED, old), ("+", Style.ADDED, new)):
        for statement in statements:
            yield from ((Piece(f"{sign}     {line}", style),) for line in _lines(statement))


def _only(these: Sequence[Statement], others: Sequence[Statement]) -> list[Statement]:
    """Multiset difference of statements by meaning."""
    left = Counter(each.meaning for each in others)
    found = []
    for each in these:
        if left[each.meaning]:
            left[each.meaning] -= 1
        else:
            found.append(each)
    return found


def _properties(old: Statement, new: Statement) -> Iterator[Row]:
    """Rows of a directive with equal arguments: changed properties, or all if only their order changed."""
    was, now = {each.meaning for each in old.properties}, {each.meaning for each in new.properties}
    both = was & now if was != now else set()
    yield (Piece(f"      {_words(old.head.words)} {{"),)
    for sign, style, clauses in (("-", Style.REMOVED, old.properties), ("+", Style.ADDED, new.properties)):
        for clause in clauses:
            if clause.meaning not in both:
                yield (Piece(f"{sign}         {_words(clause.words)}", style),)
    yield (Piece("      }"),)


def _lines(statement: Statement) -> Iterator[str]:
    if not statement.properties:
        yield _words(statement.head.words)
        return
    yield f"{_words(statement.head.words)} {{"
    for clause in statement.properties:
        yield f"    {_words(clause.words)}"
    yield "}"


def _words(words: Words) -> str:
    return " ".join(_word(word) for word in words)


def _word(word: str) -> str:
    """Quote a word if it would not be read as one."""
    plain = word and not any(letter.isspace() or letter in '#"' for letter in word)
    return on_one_line(word) if plain else f'"{on_one_line(word)}"'

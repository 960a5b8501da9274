"""A difference as a flat list of places, as plans and reports have it: `corefile[".:53"].health.lameduck`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from eksaddon.corefile.compare import BlockAdded, BlockChanged, BlockRemoved, Difference, DirectiveChange
from eksaddon.corefile.statements import Clause, Statement, Words

ROOT = "corefile"


@dataclass(frozen=True, slots=True)
class PathChange:
    """One place that says something else.

    Attributes:
        before: The words there; None where there was nothing.
        after: The words there now; None where there is nothing.
    """

    path: str
    before: str | None
    after: str | None


def path_changes(difference: Difference) -> tuple[PathChange, ...]:
    return tuple(_all(difference))


def _all(difference: Difference) -> Iterator[PathChange]:
    for change in difference.changes:
        place = f'{ROOT}["{" ".join(change.keys)}"]'
        match change:
            case BlockAdded(keys=keys):
                yield PathChange(place, None, " ".join(keys))
            case BlockRemoved(keys=keys):
                yield PathChange(place, " ".join(keys), None)
            case BlockChanged(gained=gained, lost=lost):
                if gained or lost:
                    yield PathChange(f"{place}.keys", " ".join(lost) or None, " ".join(gained) or None)
            case _:
                assert_never(change)
        for directive in change.directives:
            yield from _directive(f"{place}.{directive.name}", directive)


def _directive(place: str, change: DirectiveChange) -> Iterator[PathChange]:
    several = max(len(change.before), len(change.after)) > 1
    for number in range(max(len(change.before), len(change.after))):
        old = change.before[number] if number < len(change.before) else None
        new = change.after[number] if number < len(change.after) else None
        yield from _statement(f"{place}[{number + 1}]" if several else place, old, new)


def _statement(place: str, old: Statement | None, new: Statement | None) -> Iterator[PathChange]:
    if old is None or new is None or old.head.meaning != new.head.meaning:
        yield PathChange(place, _arguments(old), _arguments(new))
    was, now = _by_name(old), _by_name(new)
    changed = [name for name in dict.fromkeys([*was, *now]) if _meanings(was, name) != _meanings(now, name)]
    for name in changed:
        yield PathChange(f"{place}.{name}", _words(was, name), _words(now, name))
    if old is not None and new is not None and not changed and _order(old) != _order(new):
        yield PathChange(f"{place}.{{order}}", _order(old), _order(new))


def _arguments(statement: Statement | None) -> str | None:
    """Empty for a directive without arguments."""
    return None if statement is None else " ".join(statement.head.args)


_Clauses = Mapping[str, Sequence[Clause]]


def _by_name(statement: Statement | None) -> _Clauses:
    found: dict[str, list[Clause]] = {}
    for clause in () if statement is None else statement.properties:
        found.setdefault(clause.name, []).append(clause)
    return found


def _meanings(clauses: _Clauses, name: str) -> list[Words]:
    return [clause.meaning for clause in clauses.get(name, ())]


def _words(clauses: _Clauses, name: str) -> str | None:
    """The arguments of a property; of one that stands more than once, joined by semicolons."""
    return "; ".join(" ".join(clause.args) for clause in clauses[name]) if name in clauses else None


def _order(statement: Statement) -> str:
    """The names of the properties in order, where it means something."""
    return " ".join(clause.name for clause in statement.properties) if statement.is_ordered else ""

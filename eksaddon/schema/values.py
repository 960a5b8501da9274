"""configurationValues: JSON or YAML text, stored and echoed verbatim by EKS, compared here by meaning."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from eksaddon.domain.json import Json, JsonObject

LARGEST = 1_000_000
"""Characters; EKS's own limit is published nowhere, and no Corefile comes near."""

DEEPEST = 64
MOST_NODES = 100_000


class Form(StrEnum):
    JSON = "json"
    YAML = "yaml"


@dataclass(frozen=True, slots=True)
class Values:
    """A document that was understood.

    Attributes:
        text: Verbatim; empty where none was ever set.
    """

    form: Form
    text: str
    tree: JsonObject


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that is neither JSON nor YAML, or no mapping.

    Attributes:
        line: From 1; 0 where unknown, as is the column.
    """

    reason: str
    line: int = 0
    column: int = 0


class _UnreadableError(Exception):
    def __init__(self, reason: str, line: int = 0, column: int = 0) -> None:
        super().__init__(reason)
        self.found = Unreadable(reason, line, column)


def parse_values(text: str | None) -> Values | Unreadable:
    """Parse what DescribeAddon gave; None, blank text, `null` and `{}` all mean nothing is set."""
    if text is None or not text.strip():
        return Values(Form.JSON, text or "", {})
    if len(text) > LARGEST:
        return Unreadable(f"the document has {len(text)} characters, more than {LARGEST}")
    try:
        form, tree = _load(text)
        if tree is None:
            return Values(form, text, {})
        if not isinstance(tree, dict):
            return Unreadable(f"the top level is a {type(tree).__name__}, it must be a mapping")
        _check(tree)
    except _UnreadableError as error:
        return error.found
    except RecursionError:
        return Unreadable("the document is nested too deeply")
    return Values(form, text, tree)


def same_values(one: str | None, other: str | None) -> bool:
    """Whether two texts mean the same; unreadable ones only if they are the same text."""
    if (one or "") == (other or ""):
        return True
    first, second = parse_values(one), parse_values(other)
    if isinstance(first, Values) and isinstance(second, Values):
        return equal(first.tree, second.tree)
    return False


def equal(one: Json, other: Json) -> bool:
    """Equality of JSON: true is not 1, order of keys does not count, order of items does."""
    match one, other:
        case Mapping(), Mapping():
            return one.keys() == other.keys() and all(equal(value, other[key]) for key, value in one.items())
        case (str(), str()) | (None, None):
            return one == other
        case bool(), bool():
            return one is other
        case (bool(), _) | (_, bool()) | (str(), _) | (_, str()):
            return False
        case Sequence(), Sequence():
            return len(one) == len(other) and all(map(equal, one, other))
        case _:
            return one == other


def _load(text: str) -> tuple[Form, Any]:
    try:
        return Form.JSON, json.loads(text, object_pairs_hook=_unique, parse_constant=_constant)
    except json.JSONDecodeError:
        return Form.YAML, _load_yaml(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise _UnreadableError(f"key {twice!r} stands twice in one mapping")
    return found


def _constant(name: str) -> Any:  # noqa: ANN401  # json's hook
    raise _UnreadableError(f"{name} is no JSON number")


def _load_yaml(text: str) -> Any:  # noqa: ANN401  # JSON comes in here
    from ruamel.yaml import YAML  # noqa: PLC0415  # 30 ms that JSON documents need not pay
    from ruamel.yaml.constructor import DuplicateKeyError  # noqa: PLC0415  # as above
    from ruamel.yaml.error import MarkedYAMLError, YAMLError  # noqa: PLC0415  # as above

    try:
        documents = YAML(typ="safe", pure=True)
        documents.allow_duplicate_keys = False
        _limit(YAML(pure=True).compose(text))
        return documents.load(text)
    except DuplicateKeyError as error:
        mark = error.problem_mark
        raise _UnreadableError(str(error.problem), mark.line + 1, mark.column + 1) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        reason = error.problem or error.context or "no YAML"
        raise _UnreadableError(f"neither JSON nor YAML: {reason}", *place) from None
    except (YAMLError, ValueError, AttributeError, TypeError) as error:
        raise _UnreadableError(f"neither JSON nor YAML: {str(error).splitlines()[0]}") from None


def _limit(root: Any) -> None:  # noqa: ANN401  # ruamel's nodes are untyped
    """Refuse documents that aliases would blow up; every use of an alias counts as what it stands for."""
    left = MOST_NODES
    waiting = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        left -= 1
        if left < 0:
            raise _UnreadableError(f"the document has more than {MOST_NODES} nodes")
        if depth > DEEPEST:
            raise _UnreadableError("the document is nested too deeply")
        inner = getattr(node, "value", None)
        if isinstance(inner, list):
            waiting += [(one, depth + 1) for entry in inner for one in _parts(entry)]


def _parts(entry: Any) -> tuple[Any, ...]:  # noqa: ANN401  # as above
    return entry if isinstance(entry, tuple) else (entry,)


def _check(tree: Any) -> None:  # noqa: ANN401  # JSON comes in here
    for path, value in _walk(tree, "", 0):
        if not isinstance(value, dict | list | str | bool | int | float | None):
            raise _UnreadableError(f"{path} is a {type(value).__name__}, which JSON does not have")
        if isinstance(value, dict):
            for key in value:
                if not isinstance(key, str):
                    raise _UnreadableError(f"key {key!r} of {path or 'the document'} is no text; quote it")


def _walk(value: Any, path: str, depth: int) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  # as above
    if depth > DEEPEST:
        raise _UnreadableError("the document is nested too deeply")
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _walk(inner, f"{path}[{number}]", depth + 1)

"""configurationValues: JSON or YAML text, stored and echoed verbatim by EKS, compared here by meaning."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from eksaddon.domain.json import Json, JsonObject, canonical, json_fault
from eksaddon.values.json_nodes import scan
from eksaddon.values.nodes import DEEPEST, TOO_DEEP, Doubt, UnreadableError
from eksaddon.values.scalars import integer, number

LARGEST = 1 << 20
"""Characters. EKS's own limit is published nowhere; the ConfigMap that holds the Corefile takes no more."""

BYTE_ORDER_MARK = "\ufeff"

_BLANKS = " \t\r\n"
_LINE_BREAK = re.compile(r"\r\n|\n|\r")


class Form(StrEnum):
    JSON = "json"
    YAML = "yaml"


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Something that YAML parsers read in different ways, and nobody says which one EKS uses.

    Attributes:
        message: What stands there, and what to do.
        line: From 1, as is the column.
    """

    message: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Values:
    """A document that was understood.

    Attributes:
        text: Verbatim; empty where none was ever set.
        tree: Not to be changed.
    """

    form: Form
    text: str
    tree: JsonObject
    ambiguities: tuple[Ambiguity, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that is neither JSON nor YAML, or no mapping.

    Attributes:
        line: From 1; 0 where unknown, as is the column.
    """

    reason: str
    line: int = 0
    column: int = 0


def parse_values(text: str | None) -> Values | Unreadable:
    """Parse what DescribeAddon gave; None, blank text, `null` and `{}` all mean nothing is set."""
    if text is None or not text.strip(_BLANKS):
        return Values(Form.JSON, text or "", {})
    try:
        return _parse(text)
    except UnreadableError as error:
        place = (0, 0) if error.position is None else _place(text, error.position)
        return Unreadable(error.reason, *place)


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
        case bool(), bool():
            return one is other
        case (bool(), _) | (_, bool()):
            return False
        case (str(), _) | (_, str()):
            return one == other
        case Sequence(), Sequence():
            return len(one) == len(other) and all(map(equal, one, other))
        case _:
            return one == other


def body_of(text: str) -> str:
    """The text without the byte order mark that it may begin with."""
    return text.removeprefix(BYTE_ORDER_MARK)


def _place(text: str, position: int) -> tuple[int, int]:
    before = text[: position + len(text) - len(body_of(text))]
    breaks = [found.end() for found in _LINE_BREAK.finditer(before)]
    return len(breaks) + 1, len(before) - (breaks[-1] if breaks else 0) + 1


def _parse(text: str) -> Values:
    body = body_of(text)
    _limit(body)
    form, tree, doubts = _load(body)
    if "\\u" in body or "\\U" in body:
        _encodable(canonical(tree))
    if tree is None:
        return Values(form, text, {})
    if not isinstance(tree, dict):
        kind = "a list" if isinstance(tree, list) else "a single value"
        raise UnreadableError(f"the top level is {kind}, but must be a mapping")
    in_order = sorted(doubts, key=lambda doubt: doubt.position)
    return Values(form, text, tree, tuple(_ambiguity(text, doubt) for doubt in in_order))


def _load(body: str) -> tuple[Form, Any, tuple[Doubt, ...]]:
    try:
        return Form.JSON, _load_json(body), ()
    except json.JSONDecodeError as error:
        return Form.YAML, *_load_yaml(body, json_fault(error))


def _limit(body: str) -> None:
    if len(body) > LARGEST:
        raise UnreadableError(f"the document has {len(body):,} characters, more than {LARGEST:,}")
    if not body.isascii():
        _encodable(body)


def _encodable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        half = f"\\u{ord(text[error.start]):04x}"
        raise UnreadableError(f"contains an unpaired surrogate ({half}); use the whole character") from None


def _ambiguity(text: str, doubt: Doubt) -> Ambiguity:
    return Ambiguity(doubt.message, *_place(text, doubt.position))


def _load_json(body: str) -> Any:  # noqa: ANN401  # JSON comes in here
    """The fast way: only a document with a mistake, or one to be changed, is scanned in Python."""
    twice = False

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal twice
        found = dict(pairs)
        twice = twice or len(found) < len(pairs)
        return found

    try:
        tree = json.loads(
            body, object_pairs_hook=mapping, parse_int=integer, parse_float=number, parse_constant=_constant
        )
    except RecursionError:
        raise UnreadableError(TOO_DEEP) from None
    if body.count("{") + body.count("[") > DEEPEST:
        _limit_depth(tree)
    if twice:
        scan(body)
    return tree


def _limit_depth(tree: Any) -> None:  # noqa: ANN401  # JSON comes in here
    level = [tree]
    for _ in range(DEEPEST + 1):
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return
    raise UnreadableError(TOO_DEEP)


def _inside(value: Any) -> Sequence[Any]:  # noqa: ANN401  # JSON comes in here
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else ()


def _constant(name: str) -> Any:  # noqa: ANN401  # json's hook
    raise UnreadableError(f"{name} cannot be represented in JSON")


def _load_yaml(body: str, broken: json.JSONDecodeError) -> tuple[Any, tuple[Doubt, ...]]:
    from eksaddon.values.yaml_nodes import compose  # noqa: PLC0415  # 60 ms that JSON need not pay

    try:
        composed = compose(body)
    except UnreadableError:
        if body.lstrip(_BLANKS).startswith('{"'):
            raise UnreadableError(f"not valid JSON: {broken.msg}", broken.pos) from None
        raise
    return None if composed.root is None else composed.root.value, composed.doubts

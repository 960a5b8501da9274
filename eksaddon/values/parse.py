"""Parses configurationValues: JSON or YAML text that EKS stores verbatim; compared by value."""

import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from eksaddon.domain.json import Json, JsonObject, canonical, json_fault
from eksaddon.frozen import dataclass
from eksaddon.regex import regex
from eksaddon.values.json_nodes import scan
from eksaddon.values.nodes import DEEPEST, TOO_DEEP, Doubt, UnreadableError
from eksaddon.values.scalars import integer, number

LARGEST = 1 << 20
"""Characters. EKS's limit is not published; the ConfigMap with the Corefile cannot hold more."""

BYTE_ORDER_MARK = "\ufeff"

_BLANKS = " \t\r\n"
_LINE_BREAK = regex(r"\r\n|\n|\r")


class Form(StrEnum):
    JSON = "json"
    YAML = "yaml"


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Text that YAML parsers read differently; which parser EKS uses is not documented.

    Attributes:
        message: The text at that place and the fix.
        line: From 1, like the column.
    """

    message: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Values:
    """A parsed document.

    Attributes:
        text: Verbatim; empty if never set.
        tree: Must not be modified.
    """

    form: Form
    text: str
    tree: JsonObject
    ambiguities: tuple[Ambiguity, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document that is neither JSON nor YAML, or not a mapping.

    Attributes:
        line: From 1; 0 if unknown, like the column.
    """

    reason: str
    line: int = 0
    column: int = 0


def parse_values(text: str | None) -> Values | Unreadable:
    """Parse configurationValues; None, blank text, `null` and `{}` all mean that nothing is set."""
    if text is None or not text.strip(_BLANKS):
        return Values(Form.JSON, text or "", {})
    try:
        return _parse(text)
    except UnreadableError as error:
        position = (0, 0) if error.position is None else _line_and_column(text, error.position)
        return Unreadable(error.reason, *position)


def same_values(one: str | None, other: str | None) -> bool:
    """Whether two texts have equal values; unreadable texts are equal only if identical."""
    if (one or "") == (other or ""):
        return True
    first, second = parse_values(one), parse_values(other)
    if isinstance(first, Values) and isinstance(second, Values):
        return equal(first.tree, second.tree)
    return False


def equal(one: Json, other: Json) -> bool:
    """JSON equality: true is not 1, the order of keys is ignored, the order of items matters."""
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
    """Remove a leading byte order mark."""
    return text.removeprefix(BYTE_ORDER_MARK)


def _line_and_column(text: str, position: int) -> tuple[int, int]:
    before = text[: position + len(text) - len(body_of(text))]
    breaks = [found.end() for found in _LINE_BREAK.finditer(before)]
    return len(breaks) + 1, len(before) - (breaks[-1] if breaks else 0) + 1


def _parse(text: str) -> Values:
    body = body_of(text)
    _check_size(body)
    form, tree, doubts = _load(body)
    if "\\u" in body or "\\U" in body:
        _check_encodable(canonical(tree))
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


def _check_size(body: str) -> None:
    if len(body) > LARGEST:
        raise UnreadableError(f"the document has {len(body):,} characters, more than {LARGEST:,}")
    if not body.isascii():
        _check_encodable(body)


def _check_encodable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        surrogate = f"\\u{ord(text[error.start]):04x}"
        raise UnreadableError(
            f"contains an unpaired surrogate ({surrogate}); use the whole character"
        ) from None


def _ambiguity(text: str, doubt: Doubt) -> Ambiguity:
    return Ambiguity(doubt.message, *_line_and_column(text, doubt.position))


def _load_json(body: str) -> Any:  # noqa: ANN401  # parsed JSON
    """Parse with the C scanner; a document with duplicate keys is scanned in Python for the position."""
    has_duplicates = False

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal has_duplicates
        found = dict(pairs)
        has_duplicates = has_duplicates or len(found) < len(pairs)
        return found

    try:
        tree = json.loads(
            body,
            object_pairs_hook=mapping,
            parse_int=integer,
            parse_float=number,
            parse_constant=_reject_constant,
        )
    except RecursionError:
        raise UnreadableError(TOO_DEEP) from None
    if body.count("{") + body.count("[") > DEEPEST:
        _limit_depth(tree)
    if has_duplicates:
        scan(body)
    return tree


def _limit_depth(tree: Any) -> None:  # noqa: ANN401  # parsed JSON
    level = [tree]
    for _ in range(DEEPEST + 1):
        level = [inner for value in level for inner in _children(value)]
        if not level:
            return
    raise UnreadableError(TOO_DEEP)


def _children(value: Any) -> Sequence[Any]:  # noqa: ANN401  # parsed JSON
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else ()


def _reject_constant(name: str) -> Any:  # noqa: ANN401  # json's hook
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

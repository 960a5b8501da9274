"""Values of any type of the report model, with a given text in every place for text."""

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from itertools import count
from typing import Any

_TURN = count()
"""Takes the members of a union or an enumeration in turn."""


def filled(hint: Any, texts: Iterator[str], **given: object) -> Any:  # a value of the hint's type
    """A value of this type; its texts are taken from `texts`, and its fields from its types.

    Args:
        given: Fields of the outermost dataclass that are not made up.
    """
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if isinstance(hint, typing.TypeAliasType) if hasattr(typing, "TypeAliasType") else False:
        return filled(hint.__value__, texts)
    if origin is typing.Annotated:
        return filled(args[0], texts)
    if origin is typing.Union or isinstance(hint, types.UnionType):
        return filled(_choice([each for each in args if each is not type(None)]), texts)
    if origin is tuple:
        kinds = args[:1] if args[-1] is Ellipsis else args
        return tuple(filled(each, texts) for each in kinds)
    if origin is frozenset:
        return frozenset({filled(args[0], texts)})
    if origin is not None and issubclass(origin, Mapping):
        return {filled(args[0], texts): filled(args[1], texts)}
    if origin is not None and issubclass(origin, list | typing.Sequence):
        return [filled(args[0], texts)]
    return _plain(hint, texts, given)


def _plain(hint: Any, texts: Iterator[str], given: Mapping[str, object]) -> Any:  # as above
    if is_dataclass(hint) and isinstance(hint, type):
        hints = typing.get_type_hints(hint)
        return hint(
            **{
                each.name: given[each.name] if each.name in given else filled(hints[each.name], texts)
                for each in fields(hint)
                if each.init
            }
        )
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _choice(list(hint))
    if hint is bool:
        return True
    if hint in (int, float):
        return 7
    if hint is type(None):
        return None
    return next(texts)  # str, and Json


def _choice(members: list[Any]) -> Any:  # one of them
    return members[next(_TURN) % len(members)]

"""Reads plain values of options without pydantic, whose import and adapters take 100 ms.

What is not obviously valid is left to Typer: it decides, and words the error.
"""

import os
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

from eksaddon.regex import regex

_DIGITS = regex(r"[0-9]{1,15}")
_NO = object()
"""Typer has to decide."""


class _Reader:
    """Takes the place of what Typer makes to convert the values of one parameter."""

    def __init__(self, parameter: Any) -> None:  # noqa: ANN401  # Typer's parameters have no public type
        self._parameter = parameter
        self._typers = parameter.get_runtime_param

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ANN401  # as Typer's
        found = _plain(value, self._parameter)
        return self._typers().coerce(value, param=param, ctx=ctx) if found is _NO else found


def reading_plainly(parameters: list[Any]) -> list[Any]:
    """Let parameters of Typer read plain values themselves.

    If Typer renames `get_runtime_param`, it reads all values: slow, but right.
    """
    for each in parameters:
        if "get_runtime_param" not in vars(each):
            each.get_runtime_param = partial(_itself, _Reader(each))
    return parameters


def _itself(reader: _Reader) -> _Reader:
    return reader


def _plain(value: Any, parameter: Any) -> Any:  # noqa: ANN401  # a value of the parameter's type, or _NO
    kind, info = parameter.type_descriptor.annotation, parameter.type_descriptor.parameter_info
    if info.parser is not None:
        return _NO
    is_repeated = parameter.multiple or parameter.nargs == -1
    if value is None:
        return () if is_repeated else None
    if is_repeated:
        is_list = kind == list[str] and isinstance(value, (list, tuple))
        return list(value) if is_list and all(map(_is_plain_text, value)) else _NO
    if kind is str:
        return value if _is_plain_text(value) else _NO
    if kind is int or kind is float:
        return _number(value, kind, info)
    if kind is Path:
        return Path(value) if _is_plain_text(value) and _is_any_path(value, info) else _NO
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next((each for each in kind if value is each or value == each.value), _NO)
    return _NO


def _is_plain_text(value: object) -> bool:
    return type(value) is str and value.isascii()


def _number(value: Any, kind: type[float], info: Any) -> Any:  # noqa: ANN401  # as in _plain
    is_digits = isinstance(value, str) and _DIGITS.fullmatch(value)
    if not is_digits and type(value) is not kind:
        return _NO
    number = kind(value)
    is_within = (info.min is None or number >= info.min) and (info.max is None or number <= info.max)
    return number if is_within else _NO


def _is_any_path(value: str, info: Any) -> bool:  # noqa: ANN401  # as above
    """Whether Typer would accept it: by default, a path that exists has to be readable."""
    asks = info.exists or info.writable or info.resolve_path or info.allow_dash or info.path_type is not None
    if asks or not (info.file_okay and info.dir_okay and info.readable):
        return False
    # Not Path.exists, which raises for a name that is too long and for a folder that is not accessible.
    return os.access(value, os.R_OK) or not os.path.exists(value)  # noqa: PTH110

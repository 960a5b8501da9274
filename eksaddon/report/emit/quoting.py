"""Quotes text for HCL and YAML, exactly: the tool's parser gives the same text back."""

import json
from collections.abc import Mapping, Sequence

from eksaddon.domain.json import Json

_INDENT = "  "
_END = "COREFILE"
_LAST_OF_FOUR = 0xFFFF


def hcl(value: Json, depth: int = 0) -> str:
    """An expression of HCL 2, such as an object for `jsonencode`."""
    match value:
        case str():
            return _heredoc(value) if _is_block(value) else hcl_string(value)
        case Mapping() if value:
            inner = _INDENT * (depth + 1)
            lines = (f"{inner}{hcl_string(key)} = {hcl(each, depth + 1)}\n" for key, each in value.items())
            return f"{{\n{''.join(lines)}{_INDENT * depth}}}"
        case Mapping():
            return "{}"
        case None | bool() | int() | float():
            return json.dumps(value)
        case Sequence():
            inner = _INDENT * (depth + 1)
            lines = (f"{inner}{_item(each, depth + 1)},\n" for each in value)
            return f"[\n{''.join(lines)}{_INDENT * depth}]" if value else "[]"


def _item(value: Json, depth: int) -> str:
    """An item of a list: a heredoc would need a line of its own before the comma."""
    return hcl_string(value) if isinstance(value, str) else hcl(value, depth)


def hcl_string(text: str) -> str:
    """A quoted template, with `${` and `%{` doubled."""
    return _without_templates(quoted(text))


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text: str) -> str:
    """In double quotes, with escapes that HCL and YAML share; signs that are not printable are escaped."""
    return '"' + "".join(_ESCAPES.get(sign) or _escaped(sign) for sign in text) + '"'


def _escaped(sign: str) -> str:
    if sign.isprintable():
        return sign
    number = ord(sign)
    return f"\\u{number:04x}" if number <= _LAST_OF_FOUR else f"\\U{number:08x}"


def _without_templates(text: str) -> str:
    return text.replace("${", "$${").replace("%{", "%%{")


def _is_block(text: str) -> bool:
    """Whether a heredoc keeps the text: whole lines, no control characters, not its own end."""
    lines = text.split("\n")
    has_end = any(line.strip() == _END for line in lines)
    return text.endswith("\n") and len(lines) > 2 and _is_plain(text) and not has_end  # noqa: PLR2004  # two lines


def _heredoc(text: str) -> str:
    """Not indented: an indented one would remove blanks that all lines share."""
    return f"<<{_END}\n{_without_templates(text)}{_END}"


def _is_plain(text: str) -> bool:
    return all(sign.isprintable() or sign in "\n\t" for sign in text)


def yaml_text(text: str, depth: int) -> str:
    """A scalar of YAML 1.2: a block, or a quoted string where a block would change the text.

    Args:
        depth: Level of the key.
    """
    lines = text.split("\n")
    is_block = len(text) > 0 and _is_plain(text) and not text[0].isspace() and not text.endswith("\n")
    if not is_block:
        return quoted(text)
    indent = _INDENT * (depth + 1)
    return "|-\n" + "\n".join(f"{indent}{line}" if line else "" for line in lines)

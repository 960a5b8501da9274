"""Addresses in a Corefile, such as `cache.ttl` or `".:53".forward[2].max_concurrent`.

The fleet file, `corefile set` and `--corefile-set` share this grammar:
`["KEY".]DIRECTIVE[[N]][.PROPERTY[[N]]]`. KEY is a key of the server block or `#2`; N counts from 1.
"""

import difflib
import re
from collections.abc import Sequence

from eksaddon.corefile.editing.edits import (
    RefusedError,
    RemoveDirective,
    RemoveProperty,
    Request,
    Require,
    SetArguments,
    SetProperty,
    SetSlot,
)
from eksaddon.corefile.editing.spans import written
from eksaddon.corefile.plugins.slots import SLOTS, Slot
from eksaddon.corefile.plugins.table import PLUGINS
from eksaddon.corefile.plugins.values import read_integer
from eksaddon.corefile.syntax.directives import LIVES
from eksaddon.corefile.syntax.lexer import lex
from eksaddon.corefile.syntax.zones import ZoneError, zone_addresses
from eksaddon.domain.corefile.desired import CorefileSetting, Words
from eksaddon.domain.json import Json, canonical
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

EXAMPLE = '".:53".forward[2].max_concurrent'

_PLACE = regex(
    r"""(?:"(?P<block>[^"]+)"\.)?            # a key of the server block
        (?P<directive>[^\s."\[\]=]+)
        (?:\[(?P<nth>[0-9]{1,6})\])?         # which of several, from 1
        (?:\.(?P<name>[^\s"\[\]=]+?)
           (?:\[(?P<number>[0-9]{1,6})\])?)?""",
    re.VERBOSE,
)
_NO_WORDS = frozenset({"yes", "no"})
_NO_LINES = _NO_WORDS | {"on", "off"}
"""What other tools read as a boolean: no plugin takes such words, only a property `on` and `off`."""
_CAPITAL = regex("(?<=[a-z0-9])([A-Z])")


class AddressError(ValueError):
    """An invalid address or value.

    Attributes:
        hint: How to fix it; can be empty.
    """

    def __init__(self, summary: str, hint: str = "") -> None:
        super().__init__(summary)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Address:
    """A directive or property.

    Attributes:
        block: A key of the server block, `#2` for the second; None if not given.
        nth: Index of the directive in the block, from 1; None if not given.
        name: Property or named argument; empty for the directive.
        number: Index of the property in the directive, from 1; None if not given.
    """

    block: str | None
    directive: str
    nth: int | None
    name: str
    number: int | None

    def __str__(self) -> str:
        block = "" if self.block is None else f'"{self.block}".'
        name = f".{self.name}{_index(self.number)}" if self.name else ""
        return f"{block}{self.directive}{_index(self.nth)}{name}"


def _index(number: int | None) -> str:
    return "" if number is None else f"[{number}]"


def read_address(text: str) -> Address:
    """Read an address as written; `lameduck` alone stands for `health.lameduck`.

    Raises:
        AddressError: Invalid syntax.
    """
    found = _PLACE.fullmatch(text)
    if found is None or "0" in {found["nth"], found["number"]}:
        raise AddressError(f"invalid address {text!r}", f"examples: cache.ttl, {EXAMPLE}")
    nth, number = (None if found[one] is None else int(found[one]) for one in ("nth", "number"))
    directive, name = found["directive"], found["name"] or ""
    if directive == "lameduck" and not name:
        directive, name = "health", "lameduck"
    return Address(found["block"], directive, nth, name, number)


def canonical_address(text: str) -> Address:
    """Read an address; equal places of the same spelling family have equal results.

    `maxConcurrent` becomes `max_concurrent`, and the key `.` becomes `.:53`.

    Raises:
        AddressError: Invalid syntax, or a directive or property that no CoreDNS has.
    """
    found = read_address(text)
    if found.directive not in LIVES:
        raise AddressError(f"unknown directive {found.directive!r}", _nearest(found.directive, tuple(LIVES)))
    name = _known_name(found.directive, found.name) if found.name else ""
    block = None if found.block is None else block_key(found.block)
    return Address(block, found.directive, found.nth, name, found.number)


def _known_name(directive: str, name: str) -> str:
    plugin = PLUGINS.get(directive)
    if plugin is None:
        return name
    snake = _CAPITAL.sub(r"_\1", name).lower()
    for word in (name, snake):
        if (directive, word) in SLOTS or plugin.ever(word):
            return word
    known = [each.name for each in plugin.properties] + [slot for of, slot in SLOTS if of == directive]
    if not known:
        raise AddressError(f"{directive} has no properties", f"set its words: `{directive}`")
    raise AddressError(f"unknown property {name!r} of {directive}", _nearest(snake, sorted(set(known))))


def _nearest(word: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(word, known, 1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known[:20])}"


def block_key(text: str) -> str:
    """The key with its port, if it stands for one zone; `#2` as it is.

    Raises:
        AddressError: CoreDNS refuses the key.
    """
    if text.startswith("#"):
        return text
    try:
        addresses = zone_addresses(text)
    except ZoneError as error:
        raise AddressError(f"invalid server block {text!r}: {error}", "examples: .:53, #2") from None
    if len(addresses) != 1:
        return text
    (one,) = addresses
    scheme = "" if one.scheme == "dns" else f"{one.scheme}://"
    zone = one.zone if one.zone == "." else one.zone.removesuffix(".")
    return f"{scheme}{zone}:{one.port}"


def assignment(text: str) -> tuple[str, Json]:
    """Split `PATH=WORDS` of a command line into a path and a value; `true` and `false` become booleans.

    Raises:
        AddressError: There is no `=`.
    """
    start = text.find('"', 1) + 1 if text.startswith('"') else 0
    at = text.find("=", start)
    if at < 0:
        raise AddressError(f"invalid assignment {text!r}", f"write PATH=WORDS, such as '{EXAMPLE}=1000'")
    value = text[at + 1 :]
    truth = {"true": True, "false": False}.get(
        value.lower()
    )  # no plugin has a word that is spelled like this
    return text[:at], value if truth is None else truth


def checked_words(address: Address, value: Json) -> Words:
    """Convert a value to words.

    Args:
        value: A number, the words as text or as a list, or a boolean.

    Raises:
        AddressError: It cannot be written, or does not fit the address.
    """
    words: tuple[str, ...]
    match value:
        case bool():
            if value and (address.directive, address.name) in SLOTS:
                summary = f"{address.name} is a part of the line of {address.directive}"
                raise AddressError(summary, "give its words")
            return value
        case int() | float():
            words = (str(value),)
        case str() if value.strip().lower() in (_NO_WORDS if address.name else _NO_LINES):
            raise AddressError(f"{value!r} is neither true nor false", "use true or false")
        case str():
            words = _read_words(value)
        case list() if all(isinstance(each, (str, int)) and not isinstance(each, bool) for each in value):
            words = tuple(str(each) for each in value)
        case _:
            raise AddressError(
                f"invalid value {canonical(value)}", "use text, a number, a list, true or false"
            )
    for word in words:
        try:
            written(word)
        except RefusedError as error:
            raise AddressError(error.refused.message, error.refused.hint) from None
    slot = SLOTS.get((address.directive, address.name))
    if slot is not None:
        _check_slot(address, slot, words)
    return words


def _check_slot(address: Address, slot: Slot, words: Sequence[str]) -> None:
    if len(words) > 1 and not slot.is_rest:
        summary = f"{address.directive}.{address.name} is one word, but has {len(words)}"
        raise AddressError(summary, f"set all words of the line with {address.directive!r}")
    if words and slot.is_number and read_integer(words[0]) is None:
        summary = f"{address.directive}.{address.name} must be a whole number, not {words[0]!r}"
        raise AddressError(summary, "CoreDNS reads any other word as the next argument; example: 30")


def _read_words(text: str) -> tuple[str, ...]:
    """Read words as CoreDNS reads a line; quotes group them."""
    tokens, rest = lex(text), text.strip()
    if "\n" in text:
        raise AddressError(f"{text!r} has more than one line", "give the words of one line")
    if rest and (not tokens or text[tokens[-1].end :].strip()):
        raise AddressError(f"{text!r} has a comment", "quote a word that contains `#`")
    if any(token.quoted and not text.endswith('"', token.start + 1, token.end) for token in tokens):
        raise AddressError(f"{text!r} has an unclosed quote", "close it")
    return tuple(token.text for token in tokens)


def desired_setting(path: str, value: Json) -> CorefileSetting:
    """Check a path and its value; the result has the canonical path.

    Raises:
        AddressError: With the fault and a hint.
    """
    address = canonical_address(path)
    words = checked_words(address, value)
    number = address.number if address.name else address.nth
    if number is not None and not words:
        hint = "the other numbers would shift; remove it by hand, or set the whole text with corefile.text"
        raise AddressError(f"{address} cannot be removed by its number", hint)
    return CorefileSetting(str(address), words)


def request_of(setting: CorefileSetting) -> Request:
    """The edit of a setting."""
    return edit_of(read_address(setting.path), setting.words)


def edit_of(address: Address, words: Words) -> Request:
    """The edit of an address; a property without words is removed."""
    directive, nth, name = address.directive, address.nth, address.name
    slot = SLOTS.get((directive, name))
    if words is True:
        return Require(directive, name, nth, address.number)
    if words is False and not name:
        return RemoveDirective(directive, nth)
    words = words or ()
    if slot is not None:
        return SetSlot(directive, slot, words, nth)
    if not name:
        return SetArguments(directive, words, nth)
    if words:
        return SetProperty(directive, name, words, nth, address.number)
    return RemoveProperty(directive, name, nth, address.number)

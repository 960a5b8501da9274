"""Validators for the `corefile` block of the fleet file; each raises WordError."""

from collections.abc import Mapping
from typing import cast

from eksaddon.config.model.scalars import WordError, shown
from eksaddon.corefile.desired.address import AddressError, block_key, canonical_address, desired_setting
from eksaddon.corefile.meaning.marks import NAME
from eksaddon.domain.json import Json

SERVER_NAME = f"^{NAME.pattern}$"
SETTING = r'^("[^"]+"\.)?[^\s."\[\]=]+(\[[0-9]{1,6}\])?(\.[^\s"\[\]=]+(\[[0-9]{1,6}\])?)?$'
"""A path of a setting; the loader also checks the names."""

LONGEST_TTL = 86400


def settings(value: object) -> dict[str, object]:
    """Check paths and values; paths become canonical.

    Raises:
        WordError: At the path.
    """
    found: dict[str, object] = {}
    for path, words in _mapping(value).items():
        try:
            canonical = str(canonical_address(path))
            if words is not None:
                canonical = desired_setting(path, cast("Json", words)).path
        except AddressError as error:
            raise WordError(f"{path}: {error}", error.hint, path) from None
        if canonical in found:
            raise WordError(f"{path} sets the same as another path: {canonical}", "keep one of them", path)
        found[canonical] = words
    return found


def server_settings(value: object) -> dict[str, object]:
    """Like `settings`, for one server block.

    Raises:
        WordError: At the path.
    """
    found = settings(value)
    for path, words in _mapping(value).items():
        if canonical_address(path).block is not None:
            summary = f"{path}: settings of a server apply to its own block"
            raise WordError(summary, "remove the quoted key", path)
        if words is None:
            raise WordError(f"{path} has no value", "remove the path, or give it a value", path)
    return found


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise WordError(f"{shown(value)} is not a mapping", "write one `PATH: WORDS` per line")
    return {str(path): words for path, words in value.items()}


def server_name(value: object) -> str:
    if isinstance(value, str) and NAME.fullmatch(value):
        return value
    raise WordError(
        f"invalid server name {shown(value)}", "use letters, digits, dots and dashes (example: corp)"
    )


def zones(value: object) -> list[str]:
    """Read one zone or several; each gets its port.

    Raises:
        WordError: CoreDNS refuses a zone.
    """
    found = []
    for zone in _words(value, "zones", "corp.example.com"):
        try:
            key = block_key(zone)
        except AddressError as error:
            raise WordError(str(error), "example: corp.example.com or corp.example.com:5353") from None
        if key in found:
            raise WordError(f"duplicate zone {zone!r}", "keep one of them")
        found.append(key)
    return found


def upstreams(value: object) -> list[str]:
    """Read one upstream address or several.

    Raises:
        WordError: None, or one that is not a word of a Corefile.
    """
    return _words(value, "addresses", "10.0.0.10")


def _words(value: object, what: str, example: str) -> list[str]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts:
        raise WordError(f"{shown(value)} is not a list of {what}", f"example: [{example}]")
    for text in texts:
        if (
            not isinstance(text, str)
            or not text
            or any(letter.isspace() or letter in '"#{}' for letter in text)
        ):
            raise WordError(f"{shown(text)} in the list of {what} is not a word", f"example: {example}")
    return texts


def cache(value: object) -> int:
    """Read a TTL in seconds; false and 0 for no cache.

    Raises:
        WordError: Not a number of seconds up to a day.
    """
    if value is False:
        return 0
    if isinstance(value, int) and value is not True and 0 <= value <= LONGEST_TTL:
        return value
    raise WordError(
        f"invalid TTL {shown(value)}", f"use seconds from 1 to {LONGEST_TTL}, or false for no cache"
    )

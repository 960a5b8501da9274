"""Restores account ids that a file has without quotes.

PyYAML, which writes c7n-org's files, follows YAML 1.1: it writes 098765432109 without quotes, because 8 and
9 are not octal digits and so it is a string. YAML 1.2 reads it as a number and drops the leading zero.
"""

from dataclasses import replace

from eksaddon.config.yaml.document import Document
from eksaddon.domain.json import Json

_DIGITS = 12


def with_account_ids(document: Document, key: str) -> Document:
    """Return the document with every twelve-digit `accounts[].<key>` as text."""
    value = document.value
    accounts = value.get("accounts") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(accounts, list):
        return document
    read = [_account(document, entry, index, key) for index, entry in enumerate(accounts)]
    return replace(document, value={**value, "accounts": read})


def _account(document: Document, entry: Json, index: int, key: str) -> Json:
    digits = document.numbers.get(("accounts", index, key), "")
    return {**entry, key: digits} if isinstance(entry, dict) and len(digits) == _DIGITS else entry

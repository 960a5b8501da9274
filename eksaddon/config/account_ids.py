"""Account ids that stand in a file without quotes.

PyYAML, which writes c7n-org's files, follows YAML 1.1: 098765432109 is text there, because 8 and 9 are not
octal digits, and is written without quotes. YAML 1.2 reads the same as a number and drops the zero.
"""

from dataclasses import replace

from eksaddon.config.yaml.document import Document
from eksaddon.domain.json import Json

_DIGITS = 12


def with_account_ids(document: Document, key: str) -> Document:
    """The document with `accounts[].<key>` as text wherever the file has twelve digits there."""
    value = document.value
    accounts = value.get("accounts") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(accounts, list):
        return document
    read = [_account(document, entry, index, key) for index, entry in enumerate(accounts)]
    return replace(document, value={**value, "accounts": read})


def _account(document: Document, entry: Json, index: int, key: str) -> Json:
    digits = document.numbers.get(("accounts", index, key), "")
    return {**entry, key: digits} if isinstance(entry, dict) and len(digits) == _DIGITS else entry

"""Records as checked lines, so that one that a crash cut short is told from one that is damaged."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.json import JsonObject, canonical


@dataclass(frozen=True, slots=True)
class Lines:
    """What a journal's bytes hold.

    Attributes:
        good: Bytes that hold whole records; an unfinished line behind them was never promised.
    """

    records: tuple[JsonObject, ...]
    good: int


def to_lines(records: Sequence[JsonObject]) -> bytes:
    """One line for each: the CRC-32 of the JSON text in hex, a blank, the text."""
    return b"".join(_line(canonical(record).encode("utf-8", "surrogatepass")) for record in records)


def _line(text: bytes) -> bytes:
    return b"%08x %s\n" % (zlib.crc32(text), text)


def from_lines(data: bytes, where: str) -> Lines:
    """Read a journal.

    Raises:
        EksdnsError: A record that is not the last one is damaged.
    """
    records: list[JsonObject] = []
    good = 0
    for number, line in enumerate(data.splitlines(keepends=True), start=1):
        if not line.endswith(b"\n"):
            break
        record = _record(line)
        if record is None:
            raise EksdnsError(
                f"{where}:{number}: the record is damaged",
                hint="restore the journal from a backup; eksdns does not guess what happened in a run",
            )
        records.append(record)
        good += len(line)
    return Lines(tuple(records), good)


def _record(line: bytes) -> JsonObject | None:
    """None for a line that is not as it was written."""
    check, blank, text = line[:8], line[8:9], line[9:-1]
    if blank != b" " or check != b"%08x" % zlib.crc32(text):
        return None
    try:
        document = json.loads(text.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):  # not ours, whatever its check says
        return None
    return document if isinstance(document, dict) else None

"""Encodes records as lines with checksums, to distinguish a line cut by a crash from a damaged one."""

import json
import zlib
from collections.abc import Sequence

from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.json import JsonObject, canonical
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Lines:
    """The records of a journal.

    Attributes:
        good: Number of bytes with complete records; an incomplete line after them was never acknowledged.
    """

    records: tuple[JsonObject, ...]
    good: int


def to_lines(records: Sequence[JsonObject]) -> bytes:
    """Encode each record as a line: CRC-32 of the JSON text as hex, a space, the text."""
    return b"".join(_line(canonical(record).encode("utf-8", "surrogatepass")) for record in records)


def _line(text: bytes) -> bytes:
    return b"%08x %s\n" % (zlib.crc32(text), text)


def from_lines(data: bytes, where: str) -> Lines:
    """Decode a journal.

    Raises:
        EksdnsError: A record other than the last one is damaged.
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
    """The record of a line; None if the checksum does not match."""
    check, blank, text = line[:8], line[8:9], line[9:-1]
    if blank != b" " or check != b"%08x" % zlib.crc32(text):
        return None
    try:
        document = json.loads(text.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):  # not a record of eksdns, although its checksum matches
        return None
    return document if isinstance(document, dict) else None

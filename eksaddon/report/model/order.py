"""The order of clusters in reports: as a reader expects it, `shop-2` before `shop-10`."""

import re
from dataclasses import replace

from eksaddon.report.model.model import Entry, ReportModel

_DIGITS = re.compile(r"([0-9]+)")

Key = tuple[tuple[str, int, str], ...]


def natural_key(text: str) -> Key:
    """Letters and numbers in turn; numbers of any length compare by value."""
    parts = _DIGITS.split(text)
    numbers = (number.lstrip("0") for number in (*parts[1::2], ""))
    return tuple((words, len(number), number) for words, number in zip(parts[::2], numbers, strict=True))


def in_natural_order(report_model: ReportModel) -> ReportModel:
    """The report with its targets by account, region and name."""
    return replace(report_model, entries=tuple(sorted(report_model.entries, key=_key)))


def _key(entry: Entry) -> tuple[str, Key, Key, str]:
    ref = entry.ref
    return (ref.account, natural_key(ref.region), natural_key(ref.name), ref.name)

"""The order of clusters in reports: as a reader expects it, `shop-2` before `shop-10`."""

from dataclasses import replace
from functools import cache

from eksaddon.regex import regex
from eksaddon.report.model.model import Entry, ReportModel

_DIGITS = regex(r"([0-9]+)")

Key = tuple[tuple[str, int, str], ...]


def natural_key(text: str) -> Key:
    """Letters and numbers in turn; numbers of any length compare by value."""
    words, *rest = _DIGITS.split(text)
    key: list[tuple[str, int, str]] = []
    for digits, following in zip(rest[::2], rest[1::2], strict=True):
        number = digits.lstrip("0")
        key.append((words, len(number), number))
        words = following
    return (*key, (words, 0, ""))


_region_key = cache(natural_key)


def in_natural_order(report_model: ReportModel) -> ReportModel:
    """The report with its targets by account, region and name."""
    return replace(report_model, entries=tuple(sorted(report_model.entries, key=_key)))


def _key(entry: Entry) -> tuple[str, Key, Key, str]:
    ref = entry.ref
    return (ref.account, _region_key(ref.region), natural_key(ref.name), ref.name)

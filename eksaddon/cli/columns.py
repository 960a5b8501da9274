"""Aligned columns of plain text."""

from collections.abc import Iterable

from eksaddon.domain.printable import on_one_line

_GAP = "  "


def columns(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Pad every column to its widest text, except the last one."""
    lines = [tuple(head.upper() for head in heads), *(tuple(map(on_one_line, row)) for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(heads) - 1)]
    return "".join(f"{_GAP.join(_padded(line, widths)).rstrip()}\n" for line in lines)


def _padded(line: tuple[str, ...], widths: list[int]) -> Iterable[str]:
    yield from (text.ljust(width) for text, width in zip(line, widths, strict=False))
    yield line[-1]

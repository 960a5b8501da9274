"""Generated parts of pages, between two comments."""

from pathlib import Path

from tests.support.paths import ROOT


def page(name: str) -> Path:
    return ROOT / "docs" / f"{name}.md"


def part(text: str, name: str) -> str:
    """What is between the comments of that name."""
    begin, end = _comments(name)
    assert text.count(begin) == text.count(end) == 1, f"no part {name}"
    return text.partition(begin)[2].partition(end)[0]


def with_part(text: str, name: str, content: str) -> str:
    """The text with this between the comments of that name."""
    begin, end = _comments(name)
    part(text, name)
    before, rest = text.split(begin)
    return f"{before}{begin}{content}{end}{rest.partition(end)[2]}"


def write(path: Path, name: str, content: str) -> None:
    path.write_text(with_part(path.read_text(encoding="utf-8"), name, content), encoding="utf-8")


def cell(text: str) -> str:
    """Text for a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _comments(name: str) -> tuple[str, str]:
    return f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"

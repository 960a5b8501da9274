"""What pages show: commands and configuration, with the place of each."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^\s*(```|~~~)\s*(?P<kind>[\w+-]*)")
_HEREDOC = re.compile(r"^cat >>? (?P<name>\S+) <<'?(?P<end>\w+)'?$")


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code.

    Attributes:
        kind: The word after the fence; empty for an indented one.
        line: Of its first line, from 1.
    """

    kind: str
    text: str
    line: int


def blocks(page: Path) -> Iterator[Block]:
    """Fenced and indented blocks of a page, in order."""
    kind: str | None = None
    kept: list[str] = []
    start, after_blank = 0, True
    for number, line in enumerate([*page.read_text(encoding="utf-8").splitlines(), ""], 1):
        fence = _FENCE.match(line)
        if kind is None and fence:
            kind, kept, start = fence["kind"] or "text", [], number + 1
        elif kind and fence and not fence["kind"]:
            yield Block(kind, "".join(f"{one}\n" for one in kept), start)
            kind, kept = None, []
        elif kind:
            kept.append(line)
        elif line.startswith("    ") and (kept or after_blank):
            start = start if kept else number
            kept.append(line[4:])
        elif kept and line.strip():
            yield Block("", "".join(f"{one}\n" for one in kept).rstrip("\n") + "\n", start)
            kept = []
        elif kept:
            kept.append("")
        after_blank = not line.strip()
    if kept:
        yield Block("", "".join(f"{one}\n" for one in kept).rstrip("\n") + "\n", start)


def commands(page: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Words of each command line of eksdns after `eksdns`, and its line; without redirection and comment."""
    for block in blocks(page):
        lines = block.text.replace("\\\n", "  ").splitlines()
        for offset, line in enumerate(lines):
            typed = re.sub(r"^\$ ", "", line.strip().removeprefix("- "))
            typed = re.sub(r"^(?:[A-Z_]+=(?:\"[^\"]*\"|\S+) )+", "", typed)
            if typed.startswith("eksdns "):
                words = shlex.split(typed, comments=True)
                ends = [at for at, word in enumerate(words) if re.match(r"^(\d?>|<|\||&&)", word)]
                yield block.line + offset, tuple(words[1 : min(ends, default=len(words))])


@dataclass(frozen=True, slots=True)
class Written:
    """A file that a here-document writes, and whether it is appended."""

    name: str
    text: str
    appends: bool


def steps(block: Block) -> Iterator[Written | tuple[str, ...]]:
    """Here-documents and command lines of a block of shell commands, in order."""
    lines = iter(block.text.splitlines())
    for line in lines:
        if found := _HEREDOC.match(line):
            text = []
            for inner in lines:
                if inner == found["end"]:
                    break
                text.append(f"{inner}\n")
            yield Written(found["name"], "".join(text), ">>" in line)
        elif line.strip() and not line.startswith("#"):
            yield tuple(shlex.split(line, comments=True))

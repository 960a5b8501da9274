"""Everything that people read is plain technical English: no phrase of the list below is used again.

Checked are the help of every command, every string, docstring and comment of the program, and the documents.
The list is data: each phrase with what to write instead.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eksaddon.cli.root import program
from tests.support.paths import ROOT

pytestmark = pytest.mark.slow

BANNED = {
    r"fallen ill|fell ill": "became unhealthy",
    r"\bmend(s|ed|ing)?\b": "fix, repair",
    r"\b(take|takes|taken|taking|took) (it |them |that )?back\b": "roll back, revert, undo",
    r"\bg(o|oes|one|oing) on\b(?! with a)": "resume, continue",
    r"\b(leave|leaves|left|leaving) out\b": "exclude, omit, remove",
    r"what others own|of others\b|others own": "fields managed by other controllers",
    r"(?<!there )\bis no (?!longer\b)[a-z]": "is not a ..., invalid ...",
    r"(?<!there )\bare no (?!longer\b|more\b)[a-z]": "are not ...",
    r"\bstands? (twice|where|in)\b": "duplicate ..., is in ...",
    r"\bborne\b|\bthe wave bears\b": "tolerated",
    r"\bsomebody('s)?\b|\bnobody\b|\bwhoever\b": "name the actor, or use the passive",
    r"for a yes\b": "will be accepted",
    r"is no leave to": "does not allow",
    r"whether that is well": "pass/fail",
    r"nothing new starts": "no new updates start",
    r"\bas desired\b(?! state|\")": "in sync",
    r"(?<!`)\bunreached\b": "unreachable",
    r"\banew\b": "again, new",
    r"\bin all\b(?! modes)": "in total",
    r"\bwent wrong\b": "failed",
    r"\bgiv(e|es|en|ing) up\b": "remove, stop",
    r"carried out\b": "applied, run",
    r"\bknows no\b|\bknow no\b": "does not support",
    r"\bis (not )?meant\b": "matches, likely a mistake",
    r"\bthe way back\b|\bway out\b": "undo, fix",
    r"\basks? nobody\b": "makes no API call",
    r"\bat once\b(?! a)": "in parallel, immediately",
    r"\bwhat runs\b": "the live objects, running updates",
    r"\bwas (not )?looked at\b|\blooked at\b": "checked, read",
    r"\bthan was sent\b": "other than the one sent",
    r"\bwithout a word\b": "silently",
    r"\bright now\b": "now",
    r"\bone's own\b|\bof your own\b": "your own ...",
    r"\btells? (which|what|how|apart)\b": "shows, reports, distinguishes",
    r"\bfor the record\b": "kept in the run's history",
    r"\bso many\b": "this many, maximum number of",
    r"\bbeside\b": "next to, in addition to",
    r"\bsays? yes\b|\bsaid yes\b": "approve",
    r"where the Kubernetes API is\b": "the cluster's API endpoint",
    r"\bdeals? out\b|\bdealt out\b": "split, assign",
    r"\bin reach\b": "reachable",
    r"\bits sum\b|\bwith (its|their) sums?\b": "how it is calculated",
    r"\b(null|empty|absent) where\b": "null if",
    r"\ba (stock )?grace of\b": "a grace period of",
    r"\band yet\b": "but",
    r"\bany more\b": "no longer",
    r"\balike\b": "the same way, both",
    r"\bfor ever\b": "forever, permanently",
    r"\btime has come\b": "is due",
    r"\bwhat failed\b": "failed targets",
    r"\bdecides? nothing\b": "does not affect the result",
    r"\bat work\b": "running",
    r"\bvalues that run\b|\bas found\b": "current values, unchanged",
    r"\b(lookups|queries|packets|requests) a second\b": "per second",
    r"\bends? with (exit )?(code )?[0-9]": "exits with",
    r"\bwhatever\b": "regardless of",
    r"\bleft (as it is|alone)\b|\bleaves? (it )?as it is\b": "not changed",
    r"\bin small letters\b": "in lower case",
    r"\bis asked for\b": "is desired, is required",
    r"\b(accounts? (is|are) entered|enters? an account)\b": "access, assume the role",
}
"""A regular expression of each phrase, read without regard to case, and what to write instead."""

PATTERNS = {re.compile(phrase, re.IGNORECASE): better for phrase, better in BANNED.items()}

ORIGINAL = {
    "eksaddon/corefile/syntax",  # CoreDNS's own errors, word for word
    "eksaddon/corefile/meaning",
    "eksaddon/corefile/plugins/go_regexp.py",  # those of Go
    "eksaddon/sim",  # those of AWS and Kubernetes
}
DOCUMENTS = [
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "configs").rglob("*.yaml")),
    *sorted((ROOT / ".github").rglob("*.yml")),
]
MODULES = [
    path
    for path in sorted((ROOT / "eksaddon").rglob("*.py"))
    if not any(path.relative_to(ROOT).as_posix().startswith(kept) for kept in ORIGINAL)
]


def faults(text: str) -> list[str]:
    """Each banned phrase of a text in its context, and what to write instead; line breaks count as spaces."""
    plain = " ".join(text.split())
    return [
        f"{plain[max(0, found.start() - 30) : found.end() + 30]!r}: {better}"
        for phrase, better in PATTERNS.items()
        if (found := phrase.search(plain))
    ]


def messages(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every string with a space that is not a docstring; `…` replaces what is filled in."""
    tree = ast.parse(source)
    silent = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            silent.update(id(inner) for inner in ast.walk(node) if inner is not node)
    for node in ast.walk(tree):
        if id(node) in silent:
            continue
        if isinstance(node, ast.JoinedStr):
            yield (
                node.lineno,
                "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values),
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value


def remarks(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every docstring and comment."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text)), lineno=line):
                yield line, text
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def commands() -> Iterator[tuple[str, list[str]]]:
    """The name of every command, and its help texts."""
    waiting: list[tuple[str, Any]] = [("eksdns", program())]
    while waiting:
        name, command = waiting.pop()
        yield name, [command.help or "", *(getattr(one, "help", None) or "" for one in command.params)]
        waiting.extend((f"{name} {word}", inner) for word, inner in getattr(command, "commands", {}).items())


@pytest.mark.parametrize(("name", "texts"), list(commands()), ids=[name for name, _ in commands()])
def test_help_is_plain_english(name: str, texts: list[str]) -> None:
    assert [fault for text in texts for fault in faults(text)] == [], name


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_messages_are_plain_english(path: Path) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {fault}"
        for line, text in messages(path.read_text(encoding="utf-8"))
        for fault in faults(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "eksaddon").rglob("*.py")),
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_docstrings_and_comments_are_plain_english(path: Path) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {fault}"
        for line, text in remarks(path.read_text(encoding="utf-8"))
        for fault in faults(text)
    ]
    assert found == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_documents_are_plain_english(path: Path) -> None:
    assert faults(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "the add-on has fallen ill since the plan was made",
        "'abc' is no duration",
        "failures that are borne",
        "what was lost, for how long, and whether that is well",
        "fields that\nothers own",
        "where somebody's update runs",
    ],
)
def test_a_banned_phrase_is_found(text: str) -> None:
    assert faults(text)


def test_only_messages_are_read_from_a_module() -> None:
    source = '"""go on"""\nx = f"go {x} on" + "take back this"\ndef f():\n    "leave out"\n'
    assert [text for _, text in messages(source)] == ["go … on", "take back this"]
    assert [text for _, text in remarks(source)] == ["go on", "leave out"]
    assert [text for _, text in remarks("x = 1  # go on\n")] == ["# go on"]


def test_the_glossary_has_a_row_for_each_word_and_is_linked() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = re.findall(r"^\| \*\*([a-z ]+)\*\* \| (\S.*) \|$", page, re.MULTILINE)
    assert len(words) == 26
    assert len({word for word, _ in words}) == 26
    assert "docs/glossary.md" in (ROOT / "README.md").read_text(encoding="utf-8")

"""Likely mistakes that CoreDNS accepts."""

import re
from collections.abc import Iterator

from eksaddon.corefile.editing.edits import Edit
from eksaddon.corefile.lint.findings import Finding, Fix
from eksaddon.corefile.lint.subject import Subject
from eksaddon.corefile.meaning.durations import NotADuration, parse_duration, short_duration
from eksaddon.corefile.meaning.health import NAME as HEALTH
from eksaddon.corefile.meaning.health import Health
from eksaddon.corefile.meaning.resolve import lameducks
from eksaddon.corefile.plugins.values import SECOND, read_integer
from eksaddon.corefile.syntax.dispenser import occurrences
from eksaddon.corefile.syntax.lexer import SPACES
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.tree import Ending, ServerBlock
from eksaddon.corefile.syntax.wording import brief
from eksaddon.domain.diagnostic import Severity
from eksaddon.regex import regex

_COMMENT = regex(rf"\r*(#[^{SPACES}]*)")
_VARIABLE = regex(r"\{\$([^{}$%]+)\}|\{%([^{}$%]+)%\}")
_INJECTED = regex(r"[A-Z0-9_]+_(?:SERVICE_(?:HOST|PORT)|PORT)(?:_[A-Z0-9_]+)?|HOSTNAME|PATH|HOME")
"""Variables set in every pod."""
_PLACEHOLDER = regex(
    r"\{\{[^}]*\}?\}?|__[A-Z][A-Z0-9_]*__|\$\{?[A-Z][A-Z0-9_]*\}?|<[a-zA-Z][\w -]*>|\*\*\*[A-Z]+\*\*\*",
    re.ASCII,
)
_NUMERIC = regex(r"[0-9][0-9.,_]*", re.ASCII)
"""No zone is called that: a last label is never numeric (source: RFC 3696, section 2)."""
_DEFAULT_TTL = "CoreDNS uses the default of 3600 seconds instead."
_TEMPLATING = frozenset({"template", "rewrite", "log", "errors", "view", "dnstap"})
"""Directives whose arguments may contain such characters."""


def lint_suspect(subject: Subject) -> Iterator[Finding]:
    yield from _glued_comments(subject)
    yield from _variables(subject)
    for block in subject.corefile.dropped_blocks:
        yield _dropped(subject, block)
    for block in subject.corefile.blocks:
        yield from _ending(subject, block)
        yield from _placeholders(subject, block)
        yield from _cache(subject, block)
    yield from _lameducks(subject)


def _glued_comments(subject: Subject) -> Iterator[Finding]:
    """Report the first `#` of a line adjacent to a word: such a comment ends at the next space."""
    tokens = subject.corefile.tokens
    reached = -1
    for number, token in enumerate(tokens):
        comment = None if token.quoted else _COMMENT.match(subject.text, token.end)
        if comment is None or token.line == reached:
            continue
        reached = token.line
        following = tokens[number + 1] if number + 1 < len(tokens) else None
        swallowed = following is not None and "\n" not in subject.text[comment.end() : following.start]
        if swallowed or token.text not in {"{", "}"}:
            yield _glued(subject, token, comment.start(1), comment.end(), swallowed=swallowed)


def _glued(subject: Subject, token: Token, start: int, end: int, *, swallowed: bool) -> Finding:
    hidden = brief(subject.text[start:end])
    _, line_end = subject.lines.span(subject.lines.place(start)[0])
    edit = Edit(start, line_end, " " + subject.text[start:line_end])
    fix: Fix | None = Fix("Put a space before the `#`", (edit,), safe=not swallowed)
    if {"{", "}"} & set(subject.text[end:line_end].split()):
        fix = None  # it would comment out the brace
    if swallowed:
        summary = f"only `{hidden}` is a comment: CoreDNS reads the words after it"
        detail = (
            "A `#` inside a word starts a comment that ends at the next space, not at the end of the line."
        )
        return subject.between(Severity.WARNING, "glued-comment", (start, end), summary, detail, fix=fix)
    summary = f"`{hidden}` is a comment, not part of `{brief(token.text)}`"
    detail = "A `#` ends a word. Quote the whole word to include it."
    severity = Severity.WARNING if "://" in token.text else Severity.INFO
    return subject.between(severity, "glued-comment", (start, end), summary, detail, fix=fix)


def _variables(subject: Subject) -> Iterator[Finding]:
    environment = subject.environment
    for token in subject.corefile.tokens:
        if "{" not in token.text:
            continue
        for found in _VARIABLE.finditer(token.text):
            name = found[1] or found[2]
            if name not in environment and not _INJECTED.fullmatch(name):
                summary = (
                    f"the environment variable `{brief(name)}` is not set, so `{brief(found[0])}` is empty"
                )
                detail = "The add-on cannot set environment variables in its pods; use the value itself."
                if ":" in name:
                    detail = "CoreDNS does not support default values after a colon; use the value itself."
                yield subject.at(Severity.WARNING, "unset-variable", token, summary, detail)


def _dropped(subject: Subject, block: ServerBlock) -> Finding:
    summary = "this server block has no zone, so CoreDNS silently ignores it"
    detail = "Put a zone before the brace; `.` matches everything."
    return subject.at(Severity.WARNING, "dropped-block", block.opening, summary, detail)


def _ending(subject: Subject, block: ServerBlock) -> Iterator[Finding]:
    if block.ending is Ending.BORROWED:
        summary = "the server block has no closing `}`; it ends at the end of the file"
        detail = "Anything added below becomes part of it."
        yield subject.at(
            Severity.WARNING, "missing-brace", block.opening, summary, detail, fix=_closing(subject, block)
        )
    last = block.key_tokens[-1]
    if block.ending is Ending.LONE_BRACE and last.via is None:
        _, end = subject.lines.span(subject.lines.place(last.end)[0])
        rest = subject.text[last.end : end]
        if re.search(r"#.*\{[ \t\r]*$", rest):
            summary = "the `{` of this server block is part of a comment"
            detail = "CoreDNS reads a block without braces, which ends at the next separate `}`."
            edit = Edit(last.end, last.end, " { ", ("{",))
            fix = Fix("Put the brace before the comment", (edit,), safe=True)
            yield subject.at(Severity.WARNING, "brace-in-comment", last, summary, detail, fix=fix)


def _closing(subject: Subject, block: ServerBlock) -> Fix | None:
    key = block.key_tokens[0]
    if key.via is not None:
        return None
    end = len(subject.text)
    newline = subject.newline()
    brace = f"{subject.indent(key)}}}"
    closing = f"{brace}{newline}" if subject.text.endswith("\n") else f"{newline}{brace}"
    return Fix("Close it", (Edit(end, end, closing, ("}",)),), safe=True)


def _placeholders(subject: Subject, block: ServerBlock) -> Iterator[Finding]:
    tokens = list(block.key_tokens)
    for name, group in block.groups.items():
        tokens += () if name in _TEMPLATING else group
    for token in tokens:
        found = _PLACEHOLDER.search(token.raw)
        if found is not None and not _VARIABLE.search(token.raw):
            detail = "CoreDNS reads it literally. Environment variables are written as `{$NAME}`."
            summary = f"`{brief(found[0])}` looks like an unreplaced template placeholder"
            yield subject.at(Severity.WARNING, "placeholder", token, summary, detail)


def _cache(subject: Subject, block: ServerBlock) -> Iterator[Finding]:
    for occurrence in occurrences(block.groups.get("cache", ())):
        for number, arg in enumerate(occurrence.args):
            if number and read_integer(arg.text) is not None:
                summary = f"`{arg.text}` is read as a zone: `cache` takes one TTL, as its first argument"
                detail = (
                    "To limit positive and negative answers separately, use `success` and `denial` in "
                    "a block."
                )
                yield subject.at(Severity.WARNING, "cache-zone", arg, summary, detail)
            elif read_integer(arg.text) is None and arg.text[:1].isdigit():
                yield from _cache_duration(subject, arg, is_first=number == 0)


def _cache_duration(subject: Subject, arg: Token, *, is_first: bool) -> Iterator[Finding]:
    length = parse_duration(arg.text)
    if isinstance(length, NotADuration):
        if _NUMERIC.fullmatch(arg.text):
            summary = (
                f"`{brief(arg.text)}` is read as a zone: the TTL of `cache` must be a whole number of seconds"
            )
            yield subject.at(Severity.WARNING, "cache-zone", arg, summary, _DEFAULT_TTL)
        return
    summary = f"`{arg.text}` is read as a zone: the TTL of `cache` must be in seconds without a unit"
    fix = None
    if (
        is_first
        and length >= SECOND
        and length % SECOND == 0
        and arg.via is None
        and not arg.from_environment
    ):
        seconds = str(length // SECOND)
        fix = Fix(f"Write `{seconds}`", (Edit(arg.start, arg.end, seconds, (seconds,)),), safe=False)
    yield subject.at(
        Severity.WARNING,
        "cache-zone",
        arg,
        summary,
        _DEFAULT_TTL,
        fix=fix,
    )


def _lameducks(subject: Subject) -> Iterator[Finding]:
    found = lameducks(subject.corefile)
    waiting = [each for each in found.blocks if each.nanoseconds]
    total = short_duration(found.total)
    for each in found.blocks:
        if not isinstance(each.health, Health):
            continue
        value, several = each.health.value, each.health.occurrences
        if value is not None and not each.nanoseconds:
            summary = f"a lameduck of `{value.text}` disables it: CoreDNS stops answering immediately"
            yield subject.at(Severity.WARNING, "lameduck-off", value, summary, "Use a positive duration.")
        if len(several) > 1 and several[1].name.text == HEALTH:
            summary = (
                "`health` is used more than once in this server block; the last value of each property wins"
            )
            yield subject.at(Severity.WARNING, "repeated-health", several[1].name, summary, "Keep one.")
        if len(waiting) > 1 and each is not waiting[0] and each.nanoseconds and value is not None:
            summary = (
                f"CoreDNS waits for the lameducks of {len(waiting)} server blocks one after another: "
                f"{total} in total"
            )
            yield subject.at(
                Severity.WARNING, "lameduck-sum", value, summary, "Set it in only one server block."
            )

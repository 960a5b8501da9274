"""Reports errors of CoreDNS's lexer and parser."""

import re
from collections.abc import Iterator
from itertools import pairwise

from eksaddon.corefile.editing.edits import Edit
from eksaddon.corefile.lint.findings import Finding, Fix
from eksaddon.corefile.lint.fixes import break_line
from eksaddon.corefile.lint.subject import Subject
from eksaddon.corefile.syntax.dispenser import same_line
from eksaddon.corefile.syntax.lexer import MAX_CHARACTERS, lex
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.tree import Fault, FaultKind
from eksaddon.domain.diagnostic import Severity
from eksaddon.regex import regex

_ODD = regex(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xa0\xad\u1680\u180e\u2000-\u200f\u2018-\u201f\u2028-\u202f"
    "\u205f-\u2064\u2066-\u206f\u3000\ufeff\ufff9-\ufffb]"
)
"""Control characters, invisible white space and joiners, direction marks, curly quotes."""

_ADVICE = (
    ("Unexpected '}' because", "Split a block that is opened and closed on one line."),
    ("Unexpected EOF", "A `{` is not closed, or a trailing comma announces another zone."),
    ("Unexpected token", "A server block is not closed before this word."),
    ("redeclaration", "Rename the second snippet."),
    ("Expected another address", "Remove the comma before the brace."),
    ("maximum snippet import depth", "The snippet imports itself."),
)


def lint_syntax(subject: Subject) -> Iterator[Finding]:
    fault = subject.corefile.fault
    if fault is not None and fault.kind is not FaultKind.KEY:
        yield _fault(subject, fault)
    yield from _open_quote(subject)
    yield from _lone_cr(subject)
    yield from _odd_characters(subject)


def _fault(subject: Subject, fault: Fault) -> Finding:
    """CoreDNS's error at its token."""
    if fault.message.startswith("File to import not found"):
        detail = "The add-on's pods contain only the Corefile; move the content of the file into it."
        return subject.at(
            Severity.ERROR, "import-not-found", fault.token, f"CoreDNS reports: {fault.text}", detail
        )
    detail = next((advice for words, advice in _ADVICE if fault.message.startswith(words)), "")
    fix = _one_line_server_block(subject, fault.token) if fault.message.startswith("Unexpected '}'") else None
    words = fault.text if fault.kind is FaultKind.LIMIT else f"CoreDNS reports: {fault.text}"
    return subject.at(Severity.ERROR, "syntax", fault.token, words, detail, fix=fix)


def _one_line_server_block(subject: Subject, brace: Token | None) -> Fix | None:
    """Fix for `. { errors }`: move the brace to its own line, as all similar ones after it."""
    if brace is None or brace.via is not None:
        return None
    depth, edits = 0, []
    for before, token in pairwise(subject.corefile.tokens):
        depth += (before.text == "{") - (before.text == "}")
        if token.start >= brace.start and token.text == "}" and depth <= 1 and same_line(before, token):
            edits.append(break_line(subject, before, token, subject.indent(token)))
    return Fix("Put the closing brace on its own line", tuple(edits), safe=True) if edits else None


def _open_quote(subject: Subject) -> Iterator[Finding]:
    tokens, text = subject.corefile.tokens, subject.text
    last = tokens[-1] if tokens else None
    if last is None or not last.quoted or last.end != len(text):
        return
    if last.end - last.start >= 2 and text[last.end - 1] == '"' and not _is_escaped(text, last.end - 1):  # noqa: PLR2004
        return
    summary = "this quote is not closed, so the rest of the file is one word"
    detail = "Close it, or remove it."
    yield subject.between(
        Severity.WARNING, "unterminated-quote", (last.start, last.start + 1), summary, detail
    )


def _is_escaped(text: str, at: int) -> bool:
    before = text[:at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _lone_cr(subject: Subject) -> Iterator[Finding]:
    text = subject.text
    found = re.search(r"\r(?!\n)", text)
    if found is None:
        return
    summary = "a carriage return without a line feed does not end the line: it joins the words around it"
    fix = None
    if "\n" not in text and len(text) <= MAX_CHARACTERS:
        fed = text.replace("\r", "\n")
        words = tuple(token.text for token in lex(fed))
        is_refused = subject.corefile.fault is not None
        fix = Fix("Replace carriage returns with line feeds", (Edit(0, len(text), fed, words),), is_refused)
    yield subject.between(Severity.WARNING, "lone-cr", found.span(), summary, "", fix=fix)


def _odd_characters(subject: Subject) -> Iterator[Finding]:
    """Report odd characters in words; comments are ignored."""
    for token in subject.corefile.tokens:
        if token.text.isascii() and token.text.isprintable():
            continue
        found = _ODD.search(subject.text, token.start, token.end)
        if found is not None:
            code = f"U+{ord(found[0]):04X}"
            summary = f"the invisible character {code} is part of this word"
            if found[0].isprintable():
                summary = f"the typographic character {code} is part of this word"
            detail = "Retype the word; it was probably pasted from a document."
            yield subject.at(Severity.WARNING, "odd-character", token, summary, detail)

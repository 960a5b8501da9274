"""Expressions of GitHub Actions, as far as our workflows use them.

(Source: docs.github.com, "Evaluate expressions in workflows and actions".)
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>\d+)|(?P<op>==|!=|&&|\|\||[!()\[\],.])|(?P<name>[\w-]+))"
)
PLACE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)

Functions = Mapping[str, Callable[..., Any]]


def filled(text: str, context: Mapping[str, Any], functions: Functions) -> Any:
    """A value with its expressions; one that is nothing but an expression keeps its type."""
    whole = PLACE.fullmatch(text.strip())
    if whole and PLACE.findall(text) == [whole[1]]:
        return evaluate(whole[1], context, functions)
    return PLACE.sub(lambda hit: shown(evaluate(hit[1], context, functions)), text)


def shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


def evaluate(text: str, context: Mapping[str, Any], functions: Functions) -> Any:
    reader = _Reader(_tokens(text), context, functions)
    value = reader.either()
    assert reader.at == len(reader.tokens), f"{text}: not understood from token {reader.at}"
    return value


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        hit = TOKEN.match(text, at)
        assert hit is not None, f"{text}: not understood at {at}"
        assert hit.lastgroup is not None
        found.append((hit.lastgroup, hit[hit.lastgroup]))
        at = hit.end()
    return found


@dataclass
class _Reader:
    tokens: list[tuple[str, str]]
    context: Mapping[str, Any]
    functions: Functions
    at: int = field(default=0)

    def either(self) -> Any:
        value = self.both()
        while self._take("||"):
            other = self.both()
            value = value or other
        return value

    def both(self) -> Any:
        value = self.compared()
        while self._take("&&"):
            other = self.compared()
            value = value and other
        return value

    def compared(self) -> Any:
        value = self.negated()
        for sign, wanted in (("==", True), ("!=", False)):
            if self._take(sign):
                return _is_equal(value, self.negated()) is wanted
        return value

    def negated(self) -> Any:
        return not self.negated() if self._take("!") else self.reached()

    def reached(self) -> Any:
        value = self.single()
        while True:
            if self._take("."):
                name = self._next()
                value = value.get(name) if isinstance(value, Mapping) else None
            elif self._take("["):
                place = self.either()
                self._need("]")
                value = value[place] if isinstance(value, list) and place < len(value) else None
            else:
                return value

    def single(self) -> Any:
        if self._take("("):
            value = self.either()
            self._need(")")
            return value
        kind, word = self.tokens[self.at]
        self.at += 1
        if kind == "text":
            return word[1:-1].replace("''", "'")
        if kind == "number":
            return int(word)
        if word in {"true", "false", "null"}:
            return json.loads(word)
        return self.functions[word](*self._arguments()) if self._take("(") else self.context[word]

    def _arguments(self) -> list[Any]:
        found: list[Any] = []
        while not self._take(")"):
            found.append(self.either())
            self._take(",")
        return found

    def _take(self, sign: str) -> bool:
        is_there = self.at < len(self.tokens) and self.tokens[self.at] == ("op", sign)
        self.at += is_there
        return is_there

    def _need(self, sign: str) -> None:
        assert self._take(sign), f"{sign} is missing"

    def _next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1][1]


def _is_equal(one: Any, other: Any) -> bool:
    """What is missing equals an empty text: both become the number 0."""
    return (one or "") == (other or "") if one is None or other is None else bool(one == other)

"""Whether Kubernetes reads a label selector, as in `labels` and `namespace_labels` of the kubernetes plugin.

Source: the documentation of Kubernetes label selectors, and k8s.io/apimachinery's ParseToLabelSelector, which
unlike the API server refuses `!=`, `<` and `>`.
"""

from collections.abc import Iterator

from eksaddon.regex import regex

_TOKEN = regex(r"[ \t\r\n]*(==|!=|[(),=!<>]|[^ \t\r\n(),=!<>]+)")
_NAME = regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
_PREFIX = regex(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
_PUNCTUATION = frozenset({"(", ")", ",", "=", "==", "!=", "!", "<", ">", ""})


class _SelectorError(Exception):
    """Ends the reading; becomes the returned text."""


def selector_problem(text: str) -> str:
    """The error in a label selector; empty if it is valid."""
    try:
        _Reader(_tokens(text)).read()
    except _SelectorError as error:
        return str(error)
    return ""


def _tokens(text: str) -> Iterator[str]:
    """The tokens, then empty strings without end."""
    for found in _TOKEN.finditer(text):
        yield found[1]
    while True:
        yield ""


class _Reader:
    def __init__(self, tokens: Iterator[str]) -> None:
        self._tokens = tokens
        self._next = next(tokens)

    def _take(self) -> str:
        token, self._next = self._next, next(self._tokens)
        return token

    def read(self) -> None:
        while self._next:
            self._requirement()
            separator = self._take()
            if not separator:
                return
            if separator != ",":
                raise _SelectorError(f"found `{separator}`, expected `,` or the end")
            if self._next in _PUNCTUATION and self._next != "!":
                raise _SelectorError("expected a label after `,`")

    def _requirement(self) -> None:
        negated = self._next == "!"
        if negated:
            self._take()
        self._key(self._take())
        if negated or self._next in {"", ","}:
            return
        operator = self._take()
        match operator:
            case "=" | "==":
                self._value()
            case "in" | "notin":
                self._values()
            case "!=" | "<" | ">":
                raise _SelectorError(f"`{operator}` is not a label selector operator")
            case _:
                raise _SelectorError(f"found `{operator}`, expected `=`, `==`, `in` or `notin`")

    def _key(self, key: str) -> None:
        prefix, slash, name = key.rpartition("/")
        if key in _PUNCTUATION or not _NAME.fullmatch(name):
            raise _SelectorError(f"`{key}` is not a label name")
        if slash and not _PREFIX.fullmatch(prefix):
            raise _SelectorError(f"`{prefix}` is not a valid label prefix")

    def _value(self) -> None:
        if self._next in {"", ","}:
            return
        self._check_value(self._take())

    def _values(self) -> None:
        opening = self._take()
        if opening != "(":
            raise _SelectorError(f"found `{opening}`, expected `(`")
        while self._next != ")":
            if self._next != ",":
                self._check_value(self._take())
            if self._next == ",":
                self._take()
            elif self._next != ")":
                raise _SelectorError(f"found `{self._next}`, expected `,` or `)`")
        self._take()

    def _check_value(self, value: str) -> None:
        if value in _PUNCTUATION or not _NAME.fullmatch(value):
            raise _SelectorError(f"`{value}` is not a label value")

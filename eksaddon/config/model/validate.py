"""Validates a document against a model, and rewrites pydantic's errors with hints and positions."""

from collections.abc import Iterator
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from eksaddon.config.errors import ConfigError, fault
from eksaddon.config.model.keys import key_hint, keys_at
from eksaddon.config.model.scalars import nearest, shown
from eksaddon.config.model.scope import Model
from eksaddon.config.model.types import OWN
from eksaddon.config.yaml.document import Document, KeyPath
from eksaddon.domain.diagnostic import Diagnostic
from eksaddon.domain.json import path_text

VALUE = "config-value"
KEY = "config-unknown-key"
MISSING = "config-missing-key"

M = TypeVar("M", bound=Model)

_KINDS = {
    "string_type": ("text", "quote it"),
    "int_type": ("a whole number", "use digits without quotes or a decimal point"),
    "bool_type": ("true or false", "use true or false without quotes"),
    "list_type": ("a list", "use [brackets], or one `- item` per line"),
    "dict_type": ("a mapping", "put keys and values below it"),
    "model_type": ("a mapping", "put keys and values below it"),
    "model_attributes_type": ("a mapping", "put keys and values below it"),
}

_MISSING_HINTS = {
    "version": "add `version: 1` at the top of the file",
    "accounts": "a c7n-org accounts file lists AWS accounts under `accounts`",
    "match": "add the clusters that it applies to",
}


def checked(model: type[M], document: Document) -> M:
    """Validate a document and return the model.

    Raises:
        ConfigError: With all errors of the file.
    """
    faults = list(document.faults)
    try:
        found = model.model_validate(document.value)
    except ValidationError as error:
        faults += [
            _Finding(model, document, each).diagnostic()
            for each in error.errors(include_url=False)
            if each["type"] != "none_required"  # the other half of an optional block, whose own errors count
        ]
        raise ConfigError(faults) from None
    if faults:
        raise ConfigError(faults)
    return found


class _Finding:
    def __init__(self, model: type[Model], document: Document, error: ErrorDetails) -> None:
        self._model = model
        self._document = document
        self._error = error
        self._context = error.get("ctx", {})
        self._path = tuple(_document_path(error["loc"], document))
        self._last = str(error["loc"][-1]) if error["loc"] else ""

    def diagnostic(self) -> Diagnostic:
        match self._error["type"]:
            case "extra_forbidden":
                return self._unknown()
            case "missing":
                return self._at_value(MISSING, f"missing key {self._last}", self._missing_hint())
            case "union_tag_not_found":
                return self._at_value(MISSING, "missing key type", "use approval or check")
            case _:
                return self._at_value(VALUE, *self._describe())

    def _unknown(self) -> Diagnostic:
        at = self._document.place(self._path).key
        known = keys_at(self._model, self._error["loc"][:-1])
        parent = path_text(self._path[:-1])
        summary = f"unknown key {self._last!r}" + (f" in {parent}" if parent else "")
        return fault(at, KEY, summary, key_hint(self._last, known))

    def _missing_hint(self) -> str:
        return _MISSING_HINTS.get(self._last, "")

    def _at_value(self, rule: str, summary: str, hint: str) -> Diagnostic:
        below = str(self._context.get("below", ""))
        path = (*self._path, below) if below else self._path
        place = self._document.place(path)
        name = path_text(self._path)
        return fault(
            place.key if below else place.value, rule, f"{name}: {summary}" if name else summary, hint
        )

    def _describe(self) -> tuple[str, str]:
        kind, value = self._error["type"], self._error["input"]
        if kind == OWN:
            return str(self._context["summary"]), str(self._context["hint"])
        if kind in _KINDS:
            return _wrong_kind(kind, value)
        match kind:
            case "literal_error" | "union_tag_invalid":
                return self._unknown_word(value)
            case "greater_than_equal":
                return f"{value} is below {self._context['ge']}", ""
            case "less_than_equal":
                return f"{value} is above {self._context['le']}", "check for a typo"
            case "too_short":
                return "is empty", "remove the key, or add at least one"
            case _:
                return self._error["msg"], ""

    def _unknown_word(self, value: object) -> tuple[str, str]:
        expected = str(self._context.get("expected", self._context.get("expected_tags", "")))
        words = [word.strip(" '") for word in expected.replace(" or ", ",").split(",")]
        if isinstance(value, dict):
            value = value.get("type")
        suggestion = nearest(str(value), words)
        return f"{shown(value)} is not one of {', '.join(words)}", suggestion


def _wrong_kind(kind: str, value: object) -> tuple[str, str]:
    wanted, hint = _KINDS[kind]
    if value is None:
        return "has no value", "remove the key, or give it a value"
    return f"{shown(value)} is not {wanted}", hint


def _document_path(loc: tuple[str | int, ...], document: Document) -> Iterator[str | int]:
    """Drop the names of union members, which pydantic inserts between the keys."""
    path: KeyPath = ()
    for part in loc:
        if (*path, part) in document.places:
            path = (*path, part)
            yield part

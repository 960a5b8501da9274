"""Fixes for remarks of plugin setups."""

from collections.abc import Sequence

from eksaddon.corefile.editing.edits import Edit
from eksaddon.corefile.lint.findings import Fix
from eksaddon.corefile.lint.subject import Subject
from eksaddon.corefile.plugins.setup import Remark
from eksaddon.corefile.plugins.table import PLUGINS
from eksaddon.corefile.syntax.dispenser import Occurrence, Property, occurrences, same_line
from eksaddon.corefile.syntax.tokens import Token


def break_line(subject: Subject, before: Token, token: Token, indent: str) -> Edit:
    """Move a token to its own line, keeping comments before it."""
    gap = subject.text[before.end : token.start]
    kept = gap.rstrip(" \t")
    return Edit(before.end, token.start, f"{kept}{subject.newline()}{indent}")


class Fixer:
    """Creates fixes for all occurrences of a directive in a server block."""

    def __init__(self, subject: Subject, name: str, tokens: Sequence[Token]) -> None:
        self._subject = subject
        self._plugin = PLUGINS[name]
        self._tokens = tokens
        self._places: dict[int, tuple[Occurrence, Property]] | None = None

    def fix(self, remark: Remark) -> Fix | None:
        """The fix of a remark; None without one, or if it would change imported text."""
        if self._tokens[remark.word].via is not None:
            return None
        match remark.rule:
            case "after-brace":
                return self._own_line(remark.word, safe=remark.refused)
            case "one-line-block":
                return self._open_up(remark.word, safe=remark.refused)
            case "ignored-property":
                return self._remove_property(remark.word)
            case "removed-property" if self._did_nothing(remark.word):
                return self._remove_property(remark.word)
            case _:
                return None

    def _own_line(self, word: int, *, safe: bool) -> Fix | None:
        """Move a word after a closing brace to its own line, which makes it a directive."""
        token, before = self._tokens[word], self._tokens[word - 1]
        if token.text not in PLUGINS or before.via is not None:
            return None
        edit = break_line(self._subject, before, token, self._subject.indent(before))
        return Fix(f"Put `{token.text}` on its own line", (edit,), safe)

    def _open_up(self, word: int, *, safe: bool) -> Fix | None:
        """Split a one-line block with one property into three lines."""
        opened = word
        while (
            opened and self._tokens[opened].text != "{" and same_line(*self._tokens[opened - 1 : opened + 1])
        ):
            opened -= 1
        inside = self._tokens[opened + 1 : word]
        imported = any(token.via is not None for token in self._tokens[opened:word])
        if imported or self._tokens[opened].text != "{" or not self._is_one_property(inside):
            return None
        indent = self._subject.indent(self._tokens[opened])
        edits = (
            break_line(self._subject, self._tokens[opened], inside[0], indent + self._subject.unit),
            break_line(self._subject, inside[-1], self._tokens[word], indent),
        )
        return Fix("Split the block over several lines", edits, safe)

    def _is_one_property(self, words: Sequence[Token]) -> bool:
        known = {each.name for each in self._plugin.properties}
        return [word.text in known for word in words] == [True, *[False] * (len(words) - 1)]

    def _did_nothing(self, word: int) -> bool:
        """Whether a removed property had no effect before."""
        history = self._plugin.ever(self._tokens[word].text)
        return history[-1].ignored < history[-1].until

    def _remove_property(self, word: int) -> Fix | None:
        place = self._properties().get(id(self._tokens[word]))
        if place is None:
            return None
        occurrence, found = place
        if any(token.via is not None or token.text == "}" for token in (found.name, *found.args)):
            return None
        edits = self._subject.planner.remove_property(occurrence, found)
        return Fix(f"Remove `{found.name.text}`", tuple(edits), safe=True)  # without effect in every version

    def _properties(self) -> dict[int, tuple[Occurrence, Property]]:
        """Occurrence and property of each name token, by its identity."""
        if self._places is None:
            self._places = {
                id(found.name): (occurrence, found)
                for occurrence in occurrences(self._tokens)
                for found in occurrence.properties
            }
        return self._places

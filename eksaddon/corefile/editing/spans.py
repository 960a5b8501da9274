"""Plans edits as spans of the source, so that everything else is kept byte for byte."""

from collections.abc import Sequence

from eksaddon.corefile.editing.edits import Edit, Reason, refusal
from eksaddon.corefile.editing.layout import Layout
from eksaddon.corefile.syntax.dispenser import Occurrence, Property
from eksaddon.corefile.syntax.lexer import lex
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.tree import Corefile, Directive, ServerBlock

_APART = ("", " ", "\t", "\r", "\n")


def written(word: str, *, quoted: bool = False) -> str:
    """Format a word for a Corefile; quoted only if needed or if the old word was.

    Raises:
        RefusedError: The word cannot be written.
    """
    if word in {"{", "}"}:
        message = f"`{word}` cannot be an argument"
        raise refusal(Reason.BAD_VALUE, message, hint="CoreDNS reads it as a brace, even in quotes")
    in_quotes = '"' + word.replace('"', '\\"') + '"'
    for form in (in_quotes,) if quoted else (word, in_quotes):
        tokens = lex(form)
        is_whole = len(tokens) == 1 and (tokens[0].start, tokens[0].end) == (0, len(form))
        if is_whole and tokens[0].text == word and tokens[0].quoted == (form is in_quotes):
            return form
    message = f"the word {word!r} cannot be written in a Corefile"
    raise refusal(Reason.BAD_VALUE, message, hint="a backslash cannot precede a quote")


class Planner:
    """Plans spans for one Corefile."""

    def __init__(self, corefile: Corefile) -> None:
        self._text = corefile.text
        self._layout = Layout(corefile)

    def set_words(self, anchor: Token, old: Sequence[Token], new: Sequence[str]) -> list[Edit]:
        """Replace the words after `anchor`; equal words keep their notation."""
        edits = [
            Edit(token.start, token.end, written(word, quoted=token.quoted), (word,))
            for token, word in zip(old, new, strict=False)
            if word not in (token.raw, token.text)
        ]
        edits += [Edit(self._gap_before(token), token.end, "") for token in old[len(new) :]]
        if added := tuple(new[len(old) :]):
            last = old[-1] if old else anchor
            edits.append(self._append(last, "".join(f" {written(word)}" for word in added), added))
        return edits

    def add_property(self, occurrence: Occurrence, words: Sequence[str]) -> tuple[list[Edit], int]:
        """Add a line in the braces, or the braces; also returns the number of preceding properties.

        It is inserted below the directive's last own property; imported ones can follow.
        """
        if occurrence.opening is None:
            return self._open_braces(occurrence, words), 0
        own = [at for at, each in enumerate(occurrence.properties, 1) if each.name.via is occurrence.name.via]
        anchor = self._last(occurrence.properties[own[-1] - 1]) if own else occurrence.opening
        indent = self._property_indent([occurrence.properties[at - 1] for at in own], occurrence)
        closing_indent = self._layout.indent(occurrence.name)
        edit = self._insert_below(anchor, [indent + _line(words)], tuple(words), closing_indent)
        return [edit], own[-1] if own else 0

    def add_directive(
        self, block: ServerBlock, anchor: Token, words: Sequence[str], inner: Sequence[str] | None
    ) -> list[Edit]:
        """Add lines below the line of a token of this block; `inner` is a property in braces."""
        indent = self._layout.body_indent(block)
        if inner is None:
            return [self._insert_below(anchor, [indent + _line(words)], tuple(words), indent)]
        lines = [
            f"{indent}{_line(words)} {{",
            indent + self._layout.unit() + _line(inner),
            indent + "}",
        ]
        return [self._insert_below(anchor, lines, (*words, "{", *inner, "}"), indent)]

    def remove_property(self, occurrence: Occurrence, found: Property) -> list[Edit]:
        edit = self._remove(found.name, self._last(found))
        opening, closing = occurrence.opening, occurrence.closing
        if opening and closing and len(occurrence.properties) == 1:
            line_end = self._layout.end_of_line(opening.end)
            before = (occurrence.name, *occurrence.args)[-1]
            holds_nothing_else = (
                line_end < edit.end
                and self._layout.is_blank(before.end, opening.start)
                and self._layout.is_blank(line_end, edit.start)
                and self._layout.is_blank(edit.end, closing.start)
                and self._layout.is_blank(closing.end, self._layout.end_of_line(closing.end))
            )
            if holds_nothing_else:
                return [Edit(before.end, opening.end, ""), Edit(line_end, closing.end, "")]
        return [edit]

    def remove_directive(self, directive: Directive) -> list[Edit]:
        return [self._remove(directive.tokens[0], directive.tokens[-1])]

    def _open_braces(self, occurrence: Occurrence, words: Sequence[str]) -> list[Edit]:
        last = (occurrence.name, *occurrence.args)[-1]
        indent = self._layout.indent(occurrence.name)
        newline = self._layout.newline(last.end)
        inside = f"{newline}{indent}{self._layout.unit()}{_line(words)}{newline}{indent}}}"
        if not self._layout.is_last_on_line(last):
            return [self._append(last, " {" + inside, ("{", *words, "}"))]
        end = self._layout.end_of_line(last.end)
        return [self._append(last, " {", ("{",)), Edit(end, end, inside, (*words, "}"))]

    def _append(self, last: Token, new: str, words: tuple[str, ...]) -> Edit:
        """Append after a token; adjacent text, such as a comment, is separated."""
        is_glued = self._text[last.end : last.end + 1] not in _APART
        return Edit(last.end, last.end, new + (" " if is_glued else ""), words)

    def _insert_below(
        self, anchor: Token, lines: Sequence[str], words: tuple[str, ...], rest_indent: str
    ) -> Edit:
        """Insert lines below a token's line; words after the token move to their own line."""
        newline = self._layout.newline(anchor.end)
        new = "".join(newline + line for line in lines)
        following = self._layout.next_token(anchor)
        if following is None or self._layout.is_last_on_line(anchor):
            end = self._layout.end_of_line(anchor.end)
            return Edit(end, end, new, words)
        blank = self._layout.is_blank(anchor.end, following.start)
        start = anchor.end if blank else following.start
        return Edit(start, following.start, new + newline + rest_indent, words)

    def _remove(self, first: Token, last: Token) -> Edit:
        """Remove words; whole lines if they become empty."""
        layout = self._layout
        if not (layout.is_first_on_line(first) and layout.is_last_on_line(last)):
            return Edit(self._gap_before(first), last.end, "")
        start, end = layout.start_of_line(first.start), layout.start_of_next_line(last.end)
        if not self._text.endswith("\n", start, end):  # the text ends without a line ending, as before
            start = layout.end_of_line(self._text.rfind("\n", 0, start))
        return Edit(start, end, "")

    def _gap_before(self, token: Token) -> int:
        start = token.start
        while start and self._text[start - 1] in " \t":
            start -= 1
        return start

    def _property_indent(self, own: Sequence[Property], occurrence: Occurrence) -> str:
        names = (each.name for each in own)
        first = next((name for name in names if self._layout.is_first_on_line(name)), None)
        if first is None:
            return self._layout.indent(occurrence.name) + self._layout.unit()
        return self._layout.indent(first)

    def _last(self, found: Property) -> Token:
        return (found.name, *found.args)[-1]


def _line(words: Sequence[str]) -> str:
    return " ".join(written(word) for word in words)

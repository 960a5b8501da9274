"""The calls with which a plugin's setup walks over its tokens, one by one.

Source: Dispenser in caddyfile of github.com/coredns/caddy. Where `dispenser.occurrences` reads the loop that
nearly every plugin has, this is for the tables that know each plugin's own.
"""

from collections.abc import Sequence

from eksaddon.corefile.syntax.dispenser import same_line
from eksaddon.corefile.syntax.tokens import Token


class Cursor:
    """A place in the tokens of one directive of one server block, all its occurrences glued together.

    Tokens are named by their index in the sequence.
    """

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = -1
        self._nested = False
        self._ran_out = False

    @property
    def ran_out(self) -> bool:
        """Whether the tokens ended before the block that was read last."""
        return self._ran_out

    @property
    def at(self) -> int:
        return self._at

    @property
    def text(self) -> str:
        return self._tokens[self._at].text

    def next(self) -> bool:
        """Go to the next token, wherever it stands."""
        if self._at + 1 >= len(self._tokens):
            return False
        self._at += 1
        return True

    def next_arg(self) -> bool:
        """Go to the next token if it stands on the same line; a brace is a word like any other."""
        following = self._at + 1
        if following >= len(self._tokens) or not same_line(self._tokens[self._at], self._tokens[following]):
            return False
        self._at = following
        return True

    def remaining_args(self) -> range:
        """Take the tokens to the end of the line or to a `{`, which is left; a `}` is taken."""
        start = self._at + 1
        while self.next_arg():
            if self.text == "{":
                self._at -= 1
                break
        return range(start, self._at + 1)

    def all_args(self) -> range:
        """Take the tokens to the end of the line, braces included."""
        start = self._at + 1
        while self.next_arg():
            pass
        return range(start, self._at + 1)

    def next_block(self) -> bool:
        """Go to the first or next word of a block that opens on this line; False at its end."""
        if self._nested:
            self._ran_out = not self.next()
            self._nested = not self._ran_out and self.text != "}"
            return self._nested
        if not self.next_arg():
            return False
        if self.text != "{":
            self._at -= 1
            return False
        self._nested = self.next() and self.text != "}"
        return self._nested

"""Lines and columns of a text; only LF ends a line, as in CoreDNS."""

from bisect import bisect_right


class Lines:
    """Index of the lines of a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of a character, both from 1."""
        line = bisect_right(self._starts, at)
        return line, at - self._starts[line - 1] + 1

    def span(self, line: int) -> tuple[int, int]:
        """First character of a line, and the end of it without its LF."""
        start = self._starts[line - 1]
        end = self._starts[line] - 1 if line < len(self._starts) else len(self._text)
        return start, end

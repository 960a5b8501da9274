"""How many calls of one account and region run at a time: fewer once AWS throttles, more if it does not."""

from eksaddon.frozen import dataclass


@dataclass(slots=True)
class Window:
    """The limit of a lane; it grows and shrinks as TCP's does (source: RFC 5681).

    Until AWS throttles for the first time, each answer adds one; from then on a full window of answers does.
    Throttling halves it, and is then ignored for a window of answers, because the calls that ran at that time
    are throttled too.

    Attributes:
        limit: At least 1.
    """

    limit: int
    _is_throttled: bool = False
    _ignored: int = 0
    _answers: int = 0

    def answered(self, most: int) -> None:
        """A call ended.

        Args:
            most: The limit does not grow above it.
        """
        self._ignored = max(0, self._ignored - 1)
        self._answers += 1
        if self.limit < most and (not self._is_throttled or self._answers >= self.limit):
            self.limit += 1
            self._answers = 0

    def throttled(self) -> None:
        if not self._ignored:
            self._ignored = self.limit
            self.limit = max(1, self.limit // 2)
            self._answers = 0
        self._is_throttled = True
